#!/usr/bin/env python3
"""Runs what Examples/cluster/ has on this machine, and compares what comes of it with a single run, trial for trial and bit for
bit: cluster.py PROGRAM. GNU parallel and submitit run as they are; of the workflow and the Kubernetes jobs the commands are
run, as GitHub and Kubernetes would. What is not installed is told and left out, unless GAUNTLET_REQUIRE_CLUSTER=1. Ends with 1 at
the first thing that is wrong."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "Examples" / "cluster"
SAME = ROOT / "Tests" / "Slurm" / "same.py"


def require(condition, text):
    if not condition:
        sys.exit(f"cluster examples: {text}")


def skip(text):
    print(f"cluster examples: SKIPPED {text}", file=sys.stderr)
    require(os.environ.get("GAUNTLET_REQUIRE_CLUSTER") != "1", "all of them were asked for")


class Repository:
    """A user's repository in a temporary folder, with the program on the PATH."""

    def __init__(self, folder, program):
        self.folder = folder
        tools = folder / "tools"
        tools.mkdir()
        (tools / "gauntlet").symlink_to(program)
        self.environment = dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}")
        self.run("gauntlet", "init", "-q")
        self.run("gauntlet", "run", "gauntlet/scenario.yaml", "-o", "whole", "-q")

    def run(self, *command, **variables):
        done = subprocess.run(
            command, cwd=self.folder, env=dict(self.environment, **variables), capture_output=True, text=True
        )
        require(done.returncode == 0, f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def compare(self, name, merged):
        said = self.run(sys.executable, SAME, "whole", merged)
        print(f"{name}: {said.splitlines()[0]}")


def parallel(repository):
    if shutil.which("parallel") is None:
        return skip("parallel.sh: there is no GNU parallel")
    # Its notice about citations waits for nobody without a terminal.
    repository.run("bash", EXAMPLES / "parallel.sh", "gauntlet/scenario.yaml", "with parallel", "4")
    repository.compare("parallel.sh", "with parallel/merged")
    again = repository.run("bash", EXAMPLES / "parallel.sh", "gauntlet/scenario.yaml", "with parallel", "4")
    require(again.count("nothing to do") in (0, 4), again)


def submitit(repository):
    if importlib.util.find_spec("submitit") is None:
        return skip("submitit_shards.py: there is no submitit")
    script = EXAMPLES / "submitit_shards.py"
    repository.run(sys.executable, script, "gauntlet/scenario.yaml", "with-submitit", "3", "--cluster", "local")
    repository.compare("submitit_shards.py", "with-submitit/merged")


def github(repository, yaml):
    workflow = yaml.safe_load((EXAMPLES / "github-matrix.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    shards = jobs["shard"]["strategy"]["matrix"]["shard"]
    count = workflow["env"]["SHARDS"]
    require(shards == list(range(1, count + 1)), "github-matrix.yml: the matrix is not 1 to SHARDS")
    require(jobs["merge"]["needs"] == "shard", "github-matrix.yml: the merge waits for nothing")
    variables = {name: str(value) for name, value in workflow["env"].items()}
    variables["GITHUB_STEP_SUMMARY"] = str(repository.folder / "summary.md")

    def steps(job, shard):
        for step in jobs[job]["steps"]:
            if "run" in step:
                line = step["run"].replace("${{ matrix.shard }}", str(shard))
                require("${{" not in line, f"github-matrix.yml: unknown expression in {line}")
                repository.run("bash", "-e", "-o", "pipefail", "-c", line, **variables)

    for shard in shards:
        steps("shard", shard)
        uploaded = [step["with"]["path"] for step in jobs["shard"]["steps"] if "upload-artifact" in step.get("uses", "")]
        # Artifacts come as folders with the names that they were given.
        require(uploaded == ["shards/${{ matrix.shard }}"], "github-matrix.yml: the results are not uploaded")
        (repository.folder / f"shards/{shard}").rename(repository.folder / f"shards/shard-{shard}")
    steps("merge", None)
    repository.compare("github-matrix.yml", "results")


def kubernetes(repository, yaml):
    shards, merge = yaml.safe_load_all((EXAMPLES / "kubernetes.yaml").read_text(encoding="utf-8"))
    spec = shards["spec"]
    count = spec["completions"]
    require(spec["completionMode"] == "Indexed", "kubernetes.yaml: the job has no indices")
    data = repository.folder / "data"
    data.mkdir()
    shutil.copy(repository.folder / "gauntlet/scenario.yaml", data / "scenario.yaml")

    def start(job, index=None):
        (container,) = job["spec"]["template"]["spec"]["containers"]
        words = container["command"] + container.get("args", [])
        words = [str(word).replace("/data", str(data)).replace("$(JOB_COMPLETION_INDEX)", str(index)) for word in words]
        variables = {} if index is None else {"JOB_COMPLETION_INDEX": str(index)}
        repository.run(*words, **variables)

    (container,) = spec["template"]["spec"]["containers"]
    require(f"auto/{count}" in container["command"], "kubernetes.yaml: completions and --shard differ")
    for index in range(count):
        start(shards, index)
    start(merge)
    repository.compare("kubernetes.yaml", "data/merged")


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository(Path(folder), program)
        parallel(repository)
        submitit(repository)
        if importlib.util.find_spec("yaml") is None:
            skip("github-matrix.yml and kubernetes.yaml: there is no PyYAML")
        else:
            import yaml

            github(repository, yaml)
            kubernetes(repository, yaml)


if __name__ == "__main__":
    main()
