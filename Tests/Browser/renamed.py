"""Folders of results with other names: copies of a real one, consistent with themselves."""

import copy
import csv
import hashlib
import json
import re
import sys
from pathlib import Path

csv.field_size_limit(sys.maxsize)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def short_key(key):
    """As rounds.csv has it: up to a letter that no number has, so that no program takes it for one."""
    for index, character in enumerate(key):
        if index >= 11 and not set("abcdf").isdisjoint(key[: index + 1]):
            return key[: index + 1]
    return key


def new_key(key, attack, defense, renamed):
    return hashlib.sha256("\n".join([key, attack, defense]).encode()).hexdigest() if renamed else key


def write(source, target, attacks, defenses):
    """Copies results of a scenario without axes; `attacks` and `defenses` have, for an id, the list of ids to copy it to. Others stay. Says how many
    trials there are then."""
    source, target = Path(source), Path(target)
    target.mkdir(parents=True)
    pairs = lambda attack, defense: [(a, d) for a in attacks.get(attack, [attack]) for d in defenses.get(defense, [defense])]
    is_renamed = lambda attack, defense: attack in attacks or defense in defenses
    keys = {}
    count = 0
    with open(source / "trials.jsonl", encoding="utf-8") as old, open(target / "trials.jsonl", "w", encoding="utf-8") as new:
        for line in old:
            trial = json.loads(line)
            attack, defense, key = trial["attack"], trial["defense"], trial["key"]
            for a, d in pairs(attack, defense):
                trial.update(attack=a, defense=d, cell=f"{a}/{d}", key=new_key(key, a, d, is_renamed(attack, defense)))
                keys[short_key(key), attack, defense, a, d] = trial["key"]
                new.write(json.dumps(trial, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n")
                count += 1
    rewrite(source / "trials.csv", target / "trials.csv", pairs, lambda row, old, a, d: row.update(
        attack=a, defense=d, cell=f"{a}/{d}", key=new_key(row["key"], a, d, is_renamed(*old))))
    if (source / "rounds.csv").exists():
        rewrite(source / "rounds.csv", target / "rounds.csv", pairs, lambda row, old, a, d: row.update(
            attack=a, defense=d, key=short_key(keys[row["key"], *old, a, d])))
    manifest = json.loads((source / "run.json").read_text(encoding="utf-8"))
    for resolved in manifest["scenario"]["resolved"]:
        for name, ids in [("attacks", attacks), ("defenses", defenses)]:
            resolved[name] = [{**copy.deepcopy(entry), "id": new} for entry in resolved[name] for new in ids.get(entry["id"], [entry["id"]])]
    manifest["counts"] = {"ok": count} if list(manifest["counts"]) == ["ok"] else manifest["counts"]
    manifest["files"] = {name: digest(target / name) for name in manifest["files"] if (target / name).exists()}
    (target / "run.json").write_text(json.dumps(manifest, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
    return count


def rewrite(source, target, pairs, change):
    with open(source, encoding="utf-8", newline="") as old, open(target, "w", encoding="utf-8", newline="") as new:
        reader = csv.DictReader(old)
        writer = csv.DictWriter(new, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        for row in reader:
            names = row["attack"], row["defense"]
            original = dict(row)
            for a, d in pairs(*names):
                row = dict(original)
                change(row, names, a, d)
                writer.writerow(row)
