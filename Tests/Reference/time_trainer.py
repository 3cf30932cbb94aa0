"""Times a trainer worker by the worker protocol, without Gauntlet: seconds a round, and what the protocol adds.

    python3 Tests/Reference/time_trainer.py --device cuda --data /path/with/mnist
    python3 Tests/Reference/time_trainer.py --device cuda --data … --how together 'one by one' --convolution direct unfolded --repeat

For each way to train (`--how`) it starts Python/examples/torch_lenet.py, plays rounds of federated averaging on MNIST with
10 clients of 50 that flip labels, and evaluates with a backdoor. The worker says in its log how long it computed; what is left
of a call, and what it takes to fill and read the matrices, is the protocol's share. Not part of CI.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

# Runs the worker with its calls timed: one line a call in the log.
WRAPPER = """
import importlib.util, sys, time
sys.path[:0] = sys.argv[2].split(':')
spec = importlib.util.spec_from_file_location('trainer_under_test', sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
kind = module.LeNet
for name in ('initialize', 'train', 'evaluate'):
    def timed(self, *args, own=getattr(kind, name), name=name):
        start = time.perf_counter()
        result = own(self, *args)
        print(f'TIME {name} {time.perf_counter() - start:.6f}', file=sys.stderr, flush=True)
        return result
    setattr(kind, name, timed)
module.run()
"""


class Worker:
    """One worker process, spoken to with mapped matrices."""

    def __init__(self, script, clients, participants, params, data, threads):
        self.folder = tempfile.TemporaryDirectory(
            dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.files = {
            name: os.path.join(self.folder.name, f"{name}.npy")
            for name in ("global", "updates", "result")}
        environment = {**os.environ, "GAUNTLET_WORKER": "1", "GAUNTLET_DATA": data}
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment.setdefault(name, str(threads))
        self.log = tempfile.TemporaryFile("w+")
        paths = [str(ROOT / "Python/src/gauntlet_fl"), str(ROOT / "Python/src"), str(ROOT / "Python/examples")]
        self.shim = tempfile.TemporaryDirectory()
        source = ROOT / "Python/src/gauntlet_fl/worker.py"
        if source.exists():
            Path(self.shim.name, "gauntlet_worker.py").write_text(source.read_text())
        paths.insert(0, self.shim.name)
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRAPPER, script, ":".join(paths)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log, env=environment)
        self.calls = 0
        self.bytes = 0
        self.clients, self.participants = clients, participants
        for name, rows in (("global", 1), ("updates", participants), ("result", 1)):
            make_file(self.files[name], rows * 61706)
        hello = {
            "type": "hello", "protocol": 1, "kind": "trainer", "transport": "mapped",
            "files": self.files, "dimension": None, "layers": None, "clients": clients,
            "participants": participants, "rounds": 100, "params": params, "seed": 7,
            "threads": threads}
        self.facts = self.ask(hello, "ready")
        self.maps = {name: np.memmap(path, "<f4", "r+", 128) for name, path in self.files.items()}

    def ask(self, message, kind):
        if message["type"] != "hello":
            self.calls += 1
            message["call"] = self.calls
        line = json.dumps(message).encode() + b"\n"
        self.process.stdin.write(line)
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        self.bytes += len(line) + len(answer)
        reply = json.loads(answer) if answer else {"type": "nothing"}
        if reply["type"] != kind:
            self.log.seek(0)
            sys.exit(f"{message['type']} got {reply}\n{self.log.read()[-3000:]}")
        return reply

    def computed(self):
        """Seconds of each call, as the worker says."""
        self.log.seek(0)
        rows = [line.split() for line in self.log if line.startswith("TIME ")]
        return {name: [float(row[2]) for row in rows if row[1] == name]
                for name in ("initialize", "train", "evaluate")}

    def end(self):
        self.process.stdin.write(b'{"type":"bye"}\n')
        self.process.stdin.close()
        self.process.wait(10)


def make_file(path, count):
    """A .npy file whose values start at byte 128."""
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count},), }}"
    header = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"
    with open(path, "wb") as file:
        file.write(header)
        file.truncate(128 + 4 * count)


def play(how, convolution, options):
    """Rounds with one way to train; returns the parameters after them."""
    params = {"folder": "mnist", "device": options.device, "clients": how, "convolution": convolution}
    if options.train_limit:
        params["train_limit"] = options.train_limit
    start = time.perf_counter()
    worker = Worker(
        str(ROOT / "Python/examples/torch_lenet.py"), 100, options.clients, params, options.data,
        options.threads)
    facts, maps = worker.facts, worker.maps
    print(f"\n{facts['device']}; {convolution or 'usual'} convolution; "
          f"{facts['dimension']} parameters; ready after {time.perf_counter() - start:.1f} s")
    d = facts["dimension"]
    worker.ask({"type": "initialize", "seed": 11}, "initialized")
    model = maps["result"][:d].copy()
    rng = np.random.default_rng(3)
    backdoor = {
        "target": 0, "source": None, "positions": [783 - 28 * a - b for a in range(3) for b in range(3)],
        "values": [1.0] * 9, "blend": 1.0}
    backdoor["positions"].sort()
    trains, evaluations, moved, accuracy = [], [], [], 0.0
    for step in range(options.rounds):
        clients = rng.permutation(100)[:options.clients]
        began = time.perf_counter()
        maps["global"][:d] = model
        reply = worker.ask({
            "type": "train", "round": step, "clients": clients.tolist(),
            "seeds": rng.integers(0, 2**63, options.clients).tolist(),
            "poison": [
                {"kind": "label-flip", "rule": "reverse", "pairs": [], "seed": 1} if c < 20 else None
                for c in clients],
            "schedule": {
                "epochs": 1, "steps": None, "batch_size": 32, "learning_rate": 0.05,
                "momentum": 0.9, "weight_decay": 0.0, "proximal_mu": 0.0},
            "arrays": {"global": [d]}}, "trained")
        updates = np.array(maps["updates"][:options.clients * d]).reshape(options.clients, d)
        trains.append(time.perf_counter() - began)
        model = model + updates.mean(axis=0)
        began = time.perf_counter()
        maps["global"][:d] = model
        scores = worker.ask({
            "type": "evaluate", "round": step, "backdoors": [backdoor],
            "arrays": {"global": [d]}}, "evaluated")
        evaluations.append(time.perf_counter() - began)
        accuracy = sum(c[0] for c in scores["classes"]) / sum(c[1] for c in scores["classes"])
        hit = scores["backdoors"][0]
        print(f"  round {step}: train {trains[-1]:.3f} s, evaluate {evaluations[-1]:.3f} s, "
              f"{sum(reply['examples'])} gradients, accuracy {accuracy:.4f}, "
              f"ASR {hit['hits'] / hit['examples']:.4f}", flush=True)
    own = worker.computed()
    worker.end()
    # The first round warms up.
    outside = [a - b for a, b in zip(trains, own["train"])]
    also = [a - b for a, b in zip(evaluations, own["evaluate"])]
    total = [a + b for a, b in zip(trains, evaluations)]
    added = [a + b for a, b in zip(outside, also)]
    keep = slice(1, None) if options.rounds > 1 else slice(None)
    whole, extra = statistics.median(total[keep]), statistics.median(added[keep])
    print(f"  median round {whole:.3f} s (training {statistics.median(own['train'][keep]):.3f}, "
          f"evaluation {statistics.median(own['evaluate'][keep]):.3f}), protocol {1000 * extra:.2f} ms = "
          f"{100 * extra / whole:.2f} % of it; matrices {4 * d * (options.clients + 2) / 1e6:.1f} MB, "
          f"lines {worker.bytes / max(options.rounds, 1) / 1e3:.1f} kB a round; accuracy {accuracy:.4f}")
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--data", default=os.environ.get("GAUNTLET_DATA", "."))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--train-limit", type=int)
    parser.add_argument("--convolution", nargs="+", default=[None], choices=["direct", "unfolded"])
    parser.add_argument("--how", nargs="+", default=["one by one", "together"])
    parser.add_argument("--repeat", action="store_true", help="each way twice, which has to give the same bits")
    options = parser.parse_args()
    for how in options.how:
        for convolution in options.convolution:
            first = play(how, convolution, options)
            if options.repeat:
                second = play(how, convolution, options)
                same = np.array_equal(first.view(np.int32), second.view(np.int32))
                print(f"  twice the same bits: {same}", flush=True)


if __name__ == "__main__":
    main()
