"""Times merge, baseline and gate on studies that nobody ran, and says what they take per trial:
measure.py PROGRAM RESULTS FOLDER TRIALS … [--full]

RESULTS are real results of Scenarios/core.yaml. Ends with 1 if time or memory grow faster than the trials do."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

GENERATE = Path(__file__).with_name("generate.py")
# Of ten times as many: what is sorted takes a little more.
ALLOWED = 1.5


def measured(command):
    """Seconds, those of the processor, and bytes at the peak of a command."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}: {said}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("results")
    parser.add_argument("folder", type=Path)
    parser.add_argument("trials", type=int, nargs="+")
    parser.add_argument("--full", action="store_true", help="with all metrics, as a run writes them")
    options = parser.parse_args()

    print(f"{'trials':>9}  {'step':<14} {'seconds':>8} {'processor':>10} {'MiB':>7} {'µs a trial':>11} {'bytes a trial':>14}")
    before = {}
    failed = False
    for wanted in options.trials:
        folder = options.folder / f"{wanted}"
        shutil.rmtree(folder, ignore_errors=True)
        generate = [sys.executable, str(GENERATE), options.results, str(folder / "shards"), str(wanted)]
        said = subprocess.run(generate + ([] if options.full else ["--lean"]), check=True, capture_output=True, text=True).stdout
        trials = int(said)
        shards = sorted(map(str, (folder / "shards").iterdir()))
        merged, baseline = str(folder / "merged"), str(folder / "baseline.json")
        metrics = [] if options.full else ["--metrics", "accuracy.final,accuracy.stop,asr.final,asr.stop"]
        steps = {
            "merge": ["merge", *shards, "--output", merged, "--quiet"],
            "baseline make": ["baseline", "make", merged, "--output", baseline, "--quiet", *metrics],
            "gate": ["gate", merged, "--baseline", baseline, "--quiet"],
        }
        for name, arguments in steps.items():
            elapsed, seconds, size = measured([options.program, *arguments])
            print(f"{trials:>9}  {name:<14} {elapsed:>8.2f} {seconds:>10.2f} {size / 2**20:>7.0f} {seconds / trials * 1e6:>11.1f} {size / trials:>14.0f}", flush=True)
            if name in before:
                then, was, held = before[name]
                factor = trials / then * ALLOWED
                # By the processor's time, which others on the machine do not stretch; a second may be noise.
                if seconds > max(was, 1) * factor or size > held * factor:
                    print(f"           {name} grew faster than the trials", flush=True)
                    failed = True
            before[name] = (trials, seconds, size)
        shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
