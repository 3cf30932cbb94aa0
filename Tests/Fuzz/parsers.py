#!/usr/bin/env python3
"""Runs libFuzzer on the readers of files and texts that come from anybody.

The program is `Tests/Fuzz/Parsers`, built by `make fuzz-parsers`. What goes wrong (a trap, ten seconds for one input, memory
out of proportion, a value that is not read as it was written) stays in results/fuzz-parsers/PARSER/crash-…, and the exit
code is 1. Corpora stay there as well, and a later run goes on with them. Python's standard library is enough.

    python3 Tests/Fuzz/parsers.py --program .build-fuzz/release/parser-fuzz --runs 1000000
    PARSER=npz .build-fuzz/release/parser-fuzz results/fuzz-parsers/npz/crash-…
    PARSER=npz SHOW=1 .build-fuzz/release/parser-fuzz -runs=0 results/fuzz-parsers/npz/seeds
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from parser_seeds import PARSERS, seeds, words  # noqa: E402

# Longer inputs than those of a seed teach nothing, and take long.
LENGTHS = {"npz": 4096, "log": 8192, "baseline": 8192, "manifest": 8192, "reply": 2048, "expression": 300, "rounds": 2048,
           "scenario": 1536, "claims": 1536, "override": 120, "csv": 1024, "leaf": 2048, "image": 256, "cifar": 11, "png": 256, "numbers": 2048,
           "outside": 1024, "initial": 1024, "checkpoint": 128}
LENGTH = 4096
# Documents are words: to follow what their readers compare makes them two to three times as slow for little.
DOCUMENTS = {"scenario", "claims", "override"}
MEMORY = 1024
SECONDS = 10


def prepare(folder, name):
    """Writes the seeds and the dictionary, and makes the folder of the corpus."""
    for part in ("seeds", "corpus"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    for number, data in enumerate(seeds(name)):
        with open(os.path.join(folder, "seeds", str(number)), "wb") as file:
            file.write(data)
    with open(os.path.join(folder, "words"), "w", encoding="ascii") as file:
        for word in words(name):
            file.write('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n')


def fuzz(options, name):
    """Runs one parser; returns what is to be said about it, and whether something is wrong."""
    folder = os.path.join(options.output, name)
    prepare(folder, name)
    command = [
        options.program, f"-runs={options.runs}", f"-max_len={LENGTHS.get(name, LENGTH)}", f"-timeout={SECONDS}",
        f"-rss_limit_mb={MEMORY}", f"-max_total_time={options.seconds}", f"-artifact_prefix={folder}/",
        f"-dict={folder}/words", f"-seed={options.seed}", "-print_final_stats=1", f"-use_value_profile={int(name not in DOCUMENTS)}",
        f"{folder}/corpus", f"{folder}/seeds",
    ]
    start = time.monotonic()
    log = os.path.join(folder, "log")
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with open(log, "wb") as file, tempfile.TemporaryDirectory(prefix="parser-fuzz-", dir=memory) as scratch:
        # Swift's own handler of traps would be there first, and the input would not be kept.
        environment = dict(os.environ, PARSER=name, SCRATCH=scratch, SWIFT_BACKTRACE="enable=no")
        code = subprocess.run(command, env=environment, stdout=file, stderr=file, stdin=subprocess.DEVNULL).returncode
    seconds = time.monotonic() - start
    with open(log, "rb") as file:
        text = file.read().decode("utf-8", "replace")

    def figure(name):
        found = re.findall(name + r":? +(\d+)", text)
        return int(found[-1]) if found else 0

    line = (f"{name:12} {figure('number_of_executed_units'):>10,} inputs in {seconds:6.0f} s, {figure('cov'):>6,} edges, "
            f"{figure('peak_rss_mb'):>4} MiB, slowest {figure('slowest_unit_time_sec')} s")
    if code == 0:
        return line, False
    kept = re.findall(r"Test unit written to (\S+)", text)
    reason = re.findall(r".*Fatal error.*|.*ERROR: libFuzzer.*", text)
    return f"{line}\n    exit code {code}: {(reason or ['see ' + log])[0][:300]} {' '.join(kept)}", True


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--parsers", default=" ".join(PARSERS), help="which ones, separated by spaces")
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs for each")
    parser.add_argument("--seconds", type=int, default=0, help="the most time for each; 0 is no limit")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", default="results/fuzz-parsers")
    options = parser.parse_args()
    names = options.parsers.split()
    unknown = sorted(set(names) - set(PARSERS))
    if unknown or not names:
        parser.error(f"no parser {', '.join(unknown)}; there are {' '.join(PARSERS)}")
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(fuzz, options, name) for name in names]):
            line, is_wrong = done.result()
            print(line, flush=True)
            wrong += is_wrong
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
