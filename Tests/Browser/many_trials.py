#!/usr/bin/env python3
"""Makes a folder with at least so many trials out of one with fewer, by copying attacks and defenses under other names:
many_trials.py SOURCE TARGET [COUNT]. The attack-free reference stays one."""

import json
import math
import sys
from pathlib import Path

from renamed import write


def main():
    source, target = map(Path, sys.argv[1:3])
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    with open(source / "trials.jsonl", encoding="utf-8") as lines:
        trials = [json.loads(line) for line in lines]
    attacks = sorted({trial["attack"] for trial in trials} - {"none"})
    defenses = sorted({trial["defense"] for trial in trials})
    clean = sum(trial["attack"] == "none" for trial in trials)

    def total(by):
        return (by[0] * (len(trials) - clean) + clean) * by[1]

    # About as many times the attacks as the defenses, and no more than is needed.
    most = 2 * math.isqrt(wanted // len(trials)) + 2
    choices = [(a, d) for a in range(1, most) for d in range(a, most) if total((a, d)) >= wanted]
    copies_of_attacks, copies_of_defenses = min(choices, key=total)

    def copied(ids, count):
        return {id: [id] + [f"{id}-{number}" for number in range(2, count + 1)] for id in ids} if count > 1 else {}

    count = write(source, target, copied(attacks, copies_of_attacks), copied(defenses, copies_of_defenses))
    print(f"{target}: {count} trials, {len(attacks) * copies_of_attacks + 1} attacks, {len(defenses) * copies_of_defenses} defenses")


main()
