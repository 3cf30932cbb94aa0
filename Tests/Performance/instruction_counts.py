"""Gates the number of instructions of a few fixed runs: instruction_counts.py [options].

Seconds of a busy machine say little; the number of instructions of the same run is the same to a
thousandth, so that a loss of 2 in 100 is seen without a quiet hour. callgrind counts them, on a
stripped copy of the program, on one thread and with hashing that is the same in each process.

It sees more work, not slower memory or less work side by side: those are for the benchmarks, which
need a quiet machine.

    python3 Tests/Performance/instruction_counts.py --program .build/release/gauntlet
    … --record --reason 'faster tiles'     writes what is counted now as the baseline
    … --self-test                          plants more rounds and demands to see them

Exit codes: 0 within the tolerance, 2 beyond it, 1 where nothing can be counted or compared.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from typing import Dict, List

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Baselines" / "Performance"
BASELINE = FOLDER / "instructions.json"
SCENARIOS = FOLDER / "instructions"

# More than two counts of one build differ by, and less than what has to be seen.
TOLERANCE = 0.01
PLANTED = "training", 30, 31


class Trouble(Exception):
    """Nothing can be counted or compared."""


def line(words: List[str]) -> str:
    """The first line that a program prints."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Trouble(f"{words[0]} cannot be run: {error}") from error
    return done.stdout.splitlines()[0].strip()


def tools() -> Dict[str, str]:
    """What the counts depend on beside the sources."""
    return {
        "swift": re.sub(r"\s*\(.*", "", line(["swift", "--version"])),
        "valgrind": line(["valgrind", "--version"]),
        "libc": line(["getconf", "GNU_LIBC_VERSION"]),
    }


def count(program: pathlib.Path, words: List[str], folder: pathlib.Path) -> int:
    """The instructions of one process."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(program), *words],
        cwd=folder, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "SWIFT_DETERMINISTIC_HASHING": "1"})
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        raise Trouble(f"gauntlet {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    return int(found[1])


def counted_run(
    program: pathlib.Path, name: str, folder: pathlib.Path, extra: List[str] = []
) -> int:
    """The instructions of `run` on one of the scenarios."""
    words = ["run", str(SCENARIOS / f"{name}.yaml"), "--output", name, "--fresh", "--jobs", "1"]
    return count(program, words + ["--progress", "none", "--quiet", *extra], folder)


def counts(program: pathlib.Path, folder: pathlib.Path) -> Dict[str, int]:
    """The instructions of each run, by its name."""
    found = {}
    for path in sorted(SCENARIOS.glob("*.yaml")):
        found[path.stem] = counted_run(program, path.stem, folder)
    words = ["report", path.stem, "--output", "report"]
    found["report"] = count(program, words, folder)
    return found


def self_test(program: pathlib.Path, folder: pathlib.Path) -> int:
    """Plants one round more, 2 in 100 of the instructions, and demands that the gate sees it alone."""
    name, before, after = PLANTED
    first, again, planted = (
        counted_run(program, name, folder, ["--set", f"rounds={rounds}"])
        for rounds in (before, before, after))
    noise, change = again / first - 1, planted / first - 1
    print(f"the same once more: {noise:+.3%}; {after} rounds for {before}: {change:+.3%}")
    if abs(noise) <= TOLERANCE < change:
        return 0
    print("the gate would not tell one from the other", file=sys.stderr)
    return 2


def compare(found: Dict[str, int], baseline: Dict[str, int]) -> int:
    """Prints a table; 2 where a run needs more than the tolerance allows."""
    code = 0
    print(f"{'run':<12} {'instructions':>15} {'baseline':>15} {'change':>8}")
    for name in sorted(found.keys() | baseline.keys()):
        if name not in found or name not in baseline:
            raise Trouble(f"{name} is only in {'the baseline' if name in baseline else 'the runs'}")
        change = found[name] / baseline[name] - 1
        verdict = ""
        if change > TOLERANCE:
            code, verdict = 2, "  MORE"
        elif change < -TOLERANCE:
            verdict = "  less: record it, so that it stays"
        print(f"{name:<12} {found[name]:>15,} {baseline[name]:>15,} {change:>+8.2%}{verdict}")
    return code


def gate(options: argparse.Namespace, folder: pathlib.Path) -> int:
    """Counts, then compares or records."""
    program = folder / "gauntlet"
    shutil.copy(options.program, program)
    line(["strip", "--version"])
    subprocess.run(["strip", str(program)], check=True)
    if options.self_test:
        return self_test(program, folder)
    used = tools()
    if options.record:
        kept = {"reason": options.reason, "tools": used, "instructions": counts(program, folder)}
        temporary = BASELINE.with_suffix(".new")
        temporary.write_text(json.dumps(kept, indent=2) + "\n")
        temporary.replace(BASELINE)
        print(json.dumps(kept["instructions"], indent=2))
        return 0
    baseline = json.loads(BASELINE.read_text())
    if baseline["tools"] != used:
        raise Trouble(f"counted with {baseline['tools']}; here is {used}: record it anew")
    return compare(counts(program, folder), baseline["instructions"])


def main() -> int:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--reason")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.record and not options.reason:
        parser.error("--record needs a --reason")
    with tempfile.TemporaryDirectory() as folder:
        try:
            return gate(options, pathlib.Path(folder))
        except (Trouble, OSError, KeyError, json.JSONDecodeError) as trouble:
            print(f"instruction counts: {trouble}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
