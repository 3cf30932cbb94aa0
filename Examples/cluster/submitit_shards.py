"""Runs a scenario in shards with submitit, on Slurm or on this machine, and joins them.

    python submitit_shards.py SCENARIO FOLDER SHARDS [--cluster local]

Needs submitit (pip install submitit) and gauntlet on the PATH.
"""

import argparse
import subprocess
from pathlib import Path

import submitit


class Shard:
    """One shard. When its time is over it stops with whole files, and goes on where it was."""

    def __init__(self, scenario, folder, number, count):
        self.command = ["gauntlet", "run", scenario, "--shard", f"{number}/{count}"]
        self.command += ["--output", f"{folder}/shards/{number}", "--jobs", "1", "--quiet"]
        self.process = None

    def __call__(self):
        self.process = subprocess.Popen(self.command)
        code = self.process.wait()
        if code != 0:
            raise RuntimeError(f"exit code {code}: {' '.join(self.command)}")

    def checkpoint(self):
        """Called by submitit before the time limit, or when the job is to make room for another."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None
        return submitit.helpers.DelayedSubmission(self)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario")
    parser.add_argument("folder")
    parser.add_argument("shards", type=int)
    parser.add_argument("--cluster", help="slurm, or local for this machine; found out by itself")
    parser.add_argument("--minutes", type=int, default=240, help="the time limit of a job")
    parser.add_argument("--at-once", type=int, default=16, help="how many run at once")
    options = parser.parse_args()

    executor = submitit.AutoExecutor(folder=f"{options.folder}/logs", cluster=options.cluster)
    executor.update_parameters(timeout_min=options.minutes, cpus_per_task=1, name="gauntlet")
    if executor.cluster == "slurm":
        executor.update_parameters(slurm_array_parallelism=options.at_once)
    shards = [
        Shard(options.scenario, options.folder, number, options.shards)
        for number in range(1, options.shards + 1)
    ]
    for job in executor.submit_array(shards):
        job.result()

    folders = [f"{options.folder}/shards/{number}" for number in range(1, options.shards + 1)]
    merged = str(Path(options.folder) / "merged")
    subprocess.run(["gauntlet", "merge", *folders, "--output", merged, "--fresh"], check=True)


if __name__ == "__main__":
    main()
