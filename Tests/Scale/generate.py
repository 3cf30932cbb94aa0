"""Writes shards of a study that nobody ran, to measure merge and gate with: generate.py RESULTS FOLDER TRIALS [--shards 64] [--lean]

RESULTS is a folder of real results, whose trials are written again and again with other axes and seeds, without rounds. --lean
leaves a dozen metrics, and no reasons and curves: a sixth of the length. Prints how many there are: TRIALS, rounded up to
whole combinations."""

import argparse
import hashlib
import json
from pathlib import Path

KEPT = {
    "accuracy.final", "accuracy.stop", "accuracy.drop", "asr.final", "asr.stop", "asr.excess", "asr.control", "asr.peak",
    "defense.cost", "cost.seconds", "cost.bytes",
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("trials", type=int)
    parser.add_argument("--shards", type=int, default=64)
    parser.add_argument("--lean", action="store_true")
    options = parser.parse_args()

    manifest = json.loads((options.results / "run.json").read_text(encoding="utf-8"))
    lines = (options.results / "trials.jsonl").read_text(encoding="utf-8").splitlines()
    templates = [json.loads(line) for line in lines]
    (combination,) = manifest["scenario"]["resolved"]
    manifest["files"] = {}
    # As many combinations of the matrix as are needed, each with all cells and seeds of the template.
    count = -(-options.trials // len(templates))
    options.trials = count * len(templates)
    resolved = [
        dict(combination, axes={"threat.malicious": f"{number}"}) for number in range(count)
    ]
    bounds = [options.trials * shard // options.shards for shard in range(options.shards + 1)]
    for shard in range(options.shards):
        first, end = bounds[shard], bounds[shard + 1]
        folder = options.folder / f"{shard + 1}"
        folder.mkdir(parents=True)
        manifest["shard"] = {
            "number": shard + 1, "count": options.shards, "first": first, "trials": end - first, "planned": options.trials,
        }
        manifest["counts"] = {"ok": end - first}
        with open(folder / "trials.jsonl", "w", encoding="utf-8") as log:
            for place in range(first, end):
                trial = dict(templates[place % len(templates)])
                number = place // len(templates)
                trial["axes"] = {"threat.malicious": f"{number}"}
                trial["cell"] += f" threat.malicious={number}"
                trial["key"] = hashlib.sha256(f"{place}".encode()).hexdigest()
                trial["rounds"] = 0
                if options.lean:
                    trial["metrics"] = {k: v for k, v in trial["metrics"].items() if k in KEPT and v is not None}
                    trial["absent"] = {k: v for k, v in trial["absent"].items() if k in trial["metrics"]}
                    trial.pop("roc", None)
                log.write(json.dumps(trial, sort_keys=True, separators=(",", ":")) + "\n")
        # As a run writes it: the combinations of its own trials.
        own = resolved[first // len(templates) : (end - 1) // len(templates) + 1]
        manifest["scenario"]["resolved"] = own
        (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    print(options.trials)


if __name__ == "__main__":
    main()
