"""Times whole rounds of peers beside ours, on MNIST: rounds.py PEER --program gauntlet --data FOLDER.

    rounds.py byzfl                     needs byzfl 0.0.11 and torch
    rounds.py flpoison-fedsgd --checkout FLPoison     its own program, as it is published
    rounds.py flpoison-fedavg --checkout FLPoison
    rounds.py pfl-mlp, pfl-lenet        needs pfl 0.6.0, Python below 3.13

Peer and ours run in turn, each in a process of its own, with few rounds and with more; the difference
is what rounds take, without loading anything. Ours has its metrics in it, and is the mean over the
cells of a scenario. What each does is in Baselines/Performance/rounds: the
same clients, batch, attack and defense, and tests as often as the peer's. FOLDER has the folder
`mnist` with the four IDX files, gzip. Seconds mean little on a machine that does something else.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any, Dict, List, Tuple

HERE = pathlib.Path(__file__).resolve()
SCENARIOS = HERE.parents[1] / "rounds"

# Rounds of the short and of the long run: enough for a second of ours, not for an hour of theirs.
ROUNDS = {
    "byzfl": ((5, 25), (20, 120)),
    "flpoison-fedsgd": ((1, 3), (5, 25)),
    "flpoison-fedavg": ((1, 2), (5, 15)),
    "pfl-mlp": ((5, 25), (100, 500)),
    "pfl-lenet": ((3, 8), (20, 60)),
}
# The attack and defense that are timed.
CELLS = {
    "byzfl": ("ipm-3", "clipping-nnm-trimmed-mean"),
    "flpoison-fedsgd": ("alie", "median"),
    "flpoison-fedavg": ("alie", "median"),
}


def mnist(folder: pathlib.Path) -> List[Any]:
    """Training images and labels, test images and labels, images as floats that are normalized."""
    import torch

    arrays = []
    for part in ("train", "t10k"):
        for kind, header in (("images-idx3", 16), ("labels-idx1", 8)):
            data = gzip.open(folder / "mnist" / f"{part}-{kind}-ubyte.gz").read()[header:]
            values = torch.frombuffer(bytearray(data), dtype=torch.uint8)
            if header == 16:
                values = (values.reshape(-1, 1, 28, 28) / 255.0 - 0.1307) / 0.3081
            arrays.append(values if header == 16 else values.long())
    return arrays


def byzfl_steps(rounds: int, folder: pathlib.Path) -> Tuple[float, Dict[str, Any]]:
    """Steps of ByzFL's classes, as its documentation puts them together."""
    import byzfl
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(1)
    images, labels, test_images, test_labels = mnist(folder)
    data = TensorDataset(images, labels)
    data.targets = labels
    honest, f = 10, 2
    parts = byzfl.DataDistributor({
        "data_distribution_name": "iid", "distribution_parameter": 0.0, "nb_honest": honest,
        "data_loader": DataLoader(data, batch_size=25, shuffle=True), "batch_size": 25,
    }).split_data()
    clients = [byzfl.Client({
        "model_name": "cnn_mnist", "device": "cpu", "loss_name": "NLLLoss", "nb_labels": 10,
        "LabelFlipping": False, "momentum": 0.9, "training_dataloader": part,
        "store_per_client_metrics": False,
    }) for part in parts]
    server = byzfl.Server({
        "device": "cpu", "model_name": "cnn_mnist", "optimizer_name": "SGD", "learning_rate": 0.1,
        "weight_decay": 0.0001, "milestones": [], "learning_rate_decay": 1.0,
        "test_loader": DataLoader(TensorDataset(test_images, test_labels), batch_size=500),
        "aggregator_info": {"name": "TrMean", "parameters": {"f": f}},
        "pre_agg_list": [{"name": "Clipping", "parameters": {"c": 2.0}},
                         {"name": "NNM", "parameters": {"f": f}}],
    })
    attacker = byzfl.ByzantineClient(
        {"name": "InnerProductManipulation", "f": f, "parameters": {"tau": 3.0}})
    for client in clients:
        client.set_parameters(server.get_flat_parameters())
    began = time.perf_counter()
    for _ in range(rounds):
        for client in clients:
            client.compute_gradients()
        gradients = [client.get_flat_gradients_with_momentum() for client in clients]
        server.update_model_with_gradients(gradients + attacker.apply_attack(gradients))
        for client in clients:
            client.set_parameters(server.get_flat_parameters())
    return time.perf_counter() - began, {"accuracy": server.compute_test_accuracy()}


def pfl_rounds(kind: str, rounds: int, folder: pathlib.Path) -> Tuple[float, Dict[str, Any]]:
    """Rounds of pfl's simulation, without an evaluation."""
    import numpy as np
    import torch
    from pfl.aggregate.simulate import SimulatedBackend
    from pfl.algorithm.base import NNAlgorithmParams
    from pfl.algorithm.federated_averaging import FederatedAveraging
    from pfl.data import FederatedDataset
    from pfl.data.dataset import Dataset
    from pfl.data.sampling import get_user_sampler
    from pfl.hyperparam import NNTrainHyperParams
    from pfl.model.pytorch import PyTorchModel
    from torch import nn

    torch.manual_seed(1)
    np.random.seed(1)
    images, labels, test_images, test_labels = mnist(folder)
    order = torch.randperm(50_000)

    class Net(nn.Module):
        """What pfl asks of a model."""

        def __init__(self) -> None:
            super().__init__()
            self.body = nn.Sequential(
                nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)
            ) if kind == "mlp" else nn.Sequential(
                nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5),
                nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(),
                nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))

        def forward(self, inputs: Any) -> Any:
            return self.body(inputs)

        def loss(self, inputs: Any, targets: Any, is_eval: bool = False) -> Any:
            return nn.functional.cross_entropy(self(inputs), targets)

        def metrics(self, inputs: Any, targets: Any, is_eval: bool = True) -> Dict[str, Any]:
            return {}

    def user(number: int) -> Any:
        rows = order[number * 50:(number + 1) * 50]
        return Dataset(raw_data=[images[rows], labels[rows]], user_id=str(number))

    users = FederatedDataset(user, get_user_sampler("random", list(range(1000))))
    net = Net()
    model = PyTorchModel(net, local_optimizer_create=torch.optim.SGD,
                         central_optimizer=torch.optim.SGD(net.parameters(), 1.0))
    began = time.perf_counter()
    FederatedAveraging().run(
        algorithm_params=NNAlgorithmParams(
            central_num_iterations=rounds, evaluation_frequency=10**9, train_cohort_size=50,
            val_cohort_size=0),
        backend=SimulatedBackend(training_data=users, val_data=None),
        model=model,
        model_train_params=NNTrainHyperParams(
            local_learning_rate=0.1, local_num_epochs=1, local_batch_size=10),
        callbacks=[], send_metrics_to_platform=False)
    took = time.perf_counter() - began
    with torch.no_grad():
        right = (net(test_images).argmax(1) == test_labels).float().mean().item()
    return took, {"accuracy": right}


def flpoison_rounds(
    options: argparse.Namespace, rounds: int, folder: pathlib.Path
) -> Tuple[float, Dict[str, Any]]:
    """FLPoison's own program, whole; the caller takes the difference of two runs."""
    raw = options.checkout / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for path in (folder / "mnist").glob("*.gz"):
        target = raw / path.name[:-3]
        if not target.exists():
            target.write_bytes(gzip.open(path).read())
    algorithm = "FedSGD" if options.peer.endswith("fedsgd") else "FedAvg"
    words = [sys.executable, "main.py", "-config", "configs/FedSGD_MNIST_config.yaml",
             "-e", str(rounds), "-alg", algorithm, "-num_adv", "0.2", "-att", "ALIE",
             "-def", "Median"]
    if algorithm == "FedAvg":
        words += ["-le", "5"]
    began = time.perf_counter()
    done = subprocess.run(words, cwd=options.checkout, capture_output=True, text=True)
    took = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"FLPoison ended with {done.returncode}: {done.stderr[-2000:]}")
    return took, {}


def peer(options: argparse.Namespace, rounds: int) -> Tuple[float, Dict[str, Any]]:
    """In this process."""
    if options.peer == "byzfl":
        return byzfl_steps(rounds, options.data)
    if options.peer.startswith("pfl"):
        return pfl_rounds(options.peer[4:], rounds, options.data)
    return flpoison_rounds(options, rounds, options.data)


def measured(options: argparse.Namespace, threads: int, rounds: int) -> Dict[str, Any]:
    """The peer in a process of its own, with so many threads."""
    words = [sys.executable, str(HERE), options.peer, "--data", str(options.data), "--one",
             str(rounds)]
    if options.checkout:
        words += ["--checkout", str(options.checkout)]
    done = subprocess.run(
        words, capture_output=True, text=True,
        env={**os.environ, "OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)})
    if done.returncode != 0:
        raise SystemExit(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])


def ours(options: argparse.Namespace, rounds: int) -> Dict[str, Any]:
    """Our program, whole, on the scenario of the same name.

    A scenario with an attack has four trials, with and without it, under the defense and under the
    mean; they share the cores, and `seconds` is that of one of them at full use of the machine.
    """
    cell = CELLS.get(options.peer, ("none", "mean"))
    with tempfile.TemporaryDirectory() as folder:
        words = [str(options.program), "run", str(SCENARIOS / f"{options.peer}.yaml"), "--output",
                 folder + "/out", "--set", f"rounds={rounds}", "--quiet", "--progress", "none"]
        began = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "GAUNTLET_DATA": str(options.data)})
        took = time.perf_counter() - began
        with open(folder + "/out/trials.csv", newline="") as file:
            rows = list(csv.DictReader(file))
    row = next(row for row in rows if (row["attack"], row["defense"]) == cell)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": took / len(rows), "accuracy": float(row["accuracy.final"]),
            "MiB": round(memory)}


def main() -> None:
    """Prints a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer", choices=sorted(ROUNDS))
    parser.add_argument("--program", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--checkout", type=pathlib.Path, help="FLPoison's repository")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        seconds, found = peer(options, options.one)
        usage = max(resource.getrusage(who).ru_maxrss for who in (
            resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(json.dumps({"seconds": seconds, "MiB": round(usage / 1024), **found}))
        return
    if not options.program:
        parser.error("--program is what is timed beside the peer")
    (few, many), (own_few, own_many) = ROUNDS[options.peer]
    # Ours first: the most memory of all children is what the system tells.
    ours(options, own_few)
    pairs = []
    for _ in range(options.pairs):
        own = [ours(options, rounds) for rounds in (own_few, own_many)]
        theirs = {}
        for threads in (1, 2):
            both = [measured(options, threads, rounds) for rounds in (few, many)]
            theirs[threads] = (both[1]["seconds"] - both[0]["seconds"]) / (many - few), both[1]
        pairs.append(((own[1]["seconds"] - own[0]["seconds"]) / (own_many - own_few),
                      min(theirs.values(), key=lambda it: it[0]), own[1]))
    result = {
        "rounds": options.peer,
        "ours_s": statistics.median(pair[0] for pair in pairs),
        "peer_s": statistics.median(pair[1][0] for pair in pairs),
        "times": statistics.median(pair[1][0] / pair[0] for pair in pairs),
        "ours_MiB": min(pair[2]["MiB"] for pair in pairs),
        "peer_MiB": pairs[0][1][1]["MiB"],
        # After so many rounds; more of ours, so the two say nothing of one another.
        "ours_rounds": own_many, "peer_rounds": many,
        "ours_accuracy": pairs[0][2]["accuracy"], "peer_accuracy": pairs[0][1][1].get("accuracy"),
    }
    print(json.dumps({name: round(value, 4) if isinstance(value, float) else value
                      for name, value in result.items()}))


if __name__ == "__main__":
    main()
