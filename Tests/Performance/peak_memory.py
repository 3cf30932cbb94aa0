"""Runs a scenario, and is red where its peak memory is not what `plan` said: peak_memory.py --program gauntlet SCENARIO [options].

    python3 Tests/Performance/peak_memory.py --program .build/release/gauntlet Scenarios/core.yaml -o results/core --fresh

All options but --program and --within go to `gauntlet run`, and those that `plan` has to `plan`, too.
Memory is a count: other work on the machine does not change it by much.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
from typing import List

UNITS = {"MiB": 1.0, "GiB": 1024.0, "TiB": 1024.0 ** 2}
# Options of `run` alone, and whether a value follows.
RUN_ONLY = {"-o": True, "--output": True, "--fresh": False, "-q": False, "--quiet": False,
            "--progress": True, "--jobs": True, "-j": True}


def without_those_of_run(words: List[str]) -> List[str]:
    """What `plan` is asked."""
    kept, index = [], 0
    while index < len(words):
        if words[index] in RUN_ONLY:
            index += 2 if RUN_ONLY[words[index]] else 1
            continue
        kept.append(words[index])
        index += 1
    return kept


def planned(program: str, words: List[str]) -> float:
    """MiB, as `plan` says."""
    text = subprocess.run([program, "plan", *without_those_of_run(words)], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    found = re.search(r"^about ([\d.]+) (MiB|GiB|TiB) of memory", text, re.MULTILINE)
    if not found:
        sys.exit(f"peak memory: plan says nothing about memory:\n{text}")
    return float(found[1]) * UNITS[found[2]]


def main() -> None:
    """Prints a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--within", type=float, default=0.2, help="the share that may be missing or too much")
    options, words = parser.parse_known_args()
    said = planned(options.program, words)
    # Of all children the system tells the largest alone, and planning takes less than running.
    subprocess.run([options.program, "run", *words], check=True)
    measured = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"planned_MiB": round(said, 1), "measured_MiB": round(measured, 1),
                      "ratio": round(said / measured, 3)}))
    if not 1 - options.within <= said / measured <= 1 + options.within:
        sys.exit(f"peak memory: {measured:.0f} MiB, where plan said about {said:.0f} MiB")


if __name__ == "__main__":
    main()
