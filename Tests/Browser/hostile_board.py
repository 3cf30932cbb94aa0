#!/usr/bin/env python3
"""Makes a leaderboard whose entries want to be more than text: hostile_board.py PROGRAM SOURCE ENTRIES SITE."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from hostile import NAMES
from renamed import write

# What an entry may hold: rules refuse what has several lines, is longer than a name or cannot be seen.
SHORT = [name for name in NAMES if len(name.encode()) <= 60 and "\n" not in name and "\0" not in name]
FIELDS = ["name", "submitter", "paper", "licence", "version"]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_results(source, target):
    """Results with hostile ids of attacks and defenses, parameters, data set and partition."""
    trials = [json.loads(line) for line in open(source / "trials.jsonl", encoding="utf-8")]
    attacks = sorted({trial["attack"] for trial in trials} - {"none"})
    defenses = sorted({trial["defense"] for trial in trials} - {"mean"})
    write(source, target, {id: [name] for id, name in zip(attacks, NAMES)}, {id: [name] for id, name in zip(defenses, SHORT)})
    manifest = json.loads((target / "run.json").read_text(encoding="utf-8"))
    for resolved in manifest["scenario"]["resolved"]:
        for index, entry in enumerate(resolved["defenses"]):
            name = NAMES[index % len(NAMES)]
            entry["use"]["rule"]["parameters"] = {"note": name, name: name}
            entry["use"]["stages"] = [{"id": name, "parameters": {name: [name]}}]
        resolved["task"]["dataset"]["id"] = NAMES[0]
        resolved["clients"]["partition"] = {"id": NAMES[1], "parameters": {NAMES[2]: NAMES[13]}}
        resolved["threat"]["knowledge"] = NAMES[3]
    (target / "run.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def rewrite(path, **values):
    """Other texts in an entry.yaml; JSON's quotation marks are YAML's, too."""
    text = path.read_text(encoding="utf-8")
    for key, value in values.items():
        text = re.sub(rf"^{key}: .*$", lambda _: f"{key}: {json.dumps(value)}", text, flags=re.M)
    path.write_text(text, encoding="utf-8")


def main():
    program, source, entries, site = sys.argv[1], *map(Path, sys.argv[2:5])
    results = entries.with_name(entries.name + "-results")
    shutil.rmtree(results, ignore_errors=True)
    make_results(source, results)
    pack = [program, "submit", "pack", results, "--all", "--who", "x", "--licence", "x", "--note", "x", "--paper", "x y", "-o", entries]
    outcome = subprocess.run(pack, capture_output=True, text=True)
    if outcome.returncode not in (0, 2):
        raise SystemExit(f"submit pack ends with {outcome.returncode}: {outcome.stderr[:1000]}")
    folders = sorted(path.parent for path in entries.glob("*/entry.yaml"))
    for index, folder in enumerate(folders):
        texts = {key: SHORT[(index + place) % len(SHORT)] for place, key in enumerate(FIELDS)}
        rewrite(folder / "entry.yaml", **texts, note=(NAMES[index % len(NAMES)] + " ") * 3 if len(NAMES[index % len(NAMES)]) < 600 else "x" * 1_990)
    # Those that the rules refuse are told on the page.
    for index, (name, text) in enumerate([("long", "<script>" + "x" * 10_000), ("<img src=x onerror=window.__owned=1 class=injected>", "two\nlines")]):
        shutil.copytree(folders[index], entries / name)
        rewrite(entries / name / "entry.yaml", name=text)
    shared = next(path.parent for path in entries.glob("*/trials.jsonl"))
    files = [folders[0] / "entry.yaml", shared / "run.json", shared / "trials.jsonl"]
    lines = "".join(f"{digest(path)}  {path.name}\n" for path in files)
    record = {"entry": folders[0].name, "sha256": hashlib.sha256(lines.encode()).hexdigest(), "trials-sha256": digest(shared / "trials.jsonl"),
              "date": SHORT[0], "tool": SHORT[1], "engine": json.loads((shared / "run.json").read_text(encoding="utf-8"))["engine"], "sampled": 1, "of": 1, "agreed": 0, "seed": 1}
    (entries / "verified.yaml").write_text("schema: gauntlet/verified/1\nrecords:\n  - " + json.dumps(record) + "\n", encoding="utf-8")
    build = [program, "leaderboard", "build", entries, "-o", site, "--title", NAMES[3]]
    outcome = subprocess.run(build, capture_output=True, text=True)
    if outcome.returncode != 5:
        raise SystemExit(f"leaderboard build ends with {outcome.returncode}, not 5: {outcome.stderr[:2000]}")
    page = (site / "index.html").read_text(encoding="utf-8")
    rows = len(re.findall(r"<details id=\"entry-", page))
    if rows < len(folders) - 2 or "disputed" not in page:
        raise SystemExit(f"{rows} of {len(folders)} hostile entries are on the page: {outcome.stderr[:2000]}")
    print(f"{site}: {rows} hostile entries")


main()
