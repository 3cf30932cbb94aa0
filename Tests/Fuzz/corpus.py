"""What mutations start from: scenarios, and what the program itself makes of one of them."""

import json
import os
import random

import binaries

TINY = {
    "schema": "gauntlet/scenario/1", "name": "tiny", "seeds": {"from": 1, "count": 3}, "rounds": 4,
    "task": {"dataset": {"use": "gaussian-classes", "features": 4, "classes": 3, "train": 60, "test": 30},
             "model": {"kind": "mlp", "hidden": [4]}, "local": {"epochs": 1, "batch": 8, "lr": 0.1}},
    "clients": {"count": 7, "partition": {"kind": "iid"}},
    "threat": {"malicious": {"count": 2}, "window": {"start": 1, "stop": 3},
               "backdoor": {"trigger": "square", "size": 2, "corner": "bottom-right", "value": 1.0, "target": 0}},
    "attacks": ["none", "sign-flip", {"id": "lf", "use": "label-flip", "mode": "inverse"}],
    "defenses": ["mean", "krum"],
}


def scenario(**changes):
    """The tiny scenario with other sections."""
    base = json.loads(json.dumps(TINY))
    for name, value in changes.items():
        name = name.replace("_", "-")
        if isinstance(value, dict) and isinstance(base.get(name), dict):
            base[name].update(value)
        else:
            base[name] = value
    return base


SCENARIOS = [
    TINY,
    scenario(seeds=[4, 9], server={"algorithm": "fedsgd", "worker-momentum": 0.9, "lr": 0.5},
             task={"local": {"batch": 8, "lr": 1.0}}, defenses=["mean", {"id": "nnm-tm", "use": "trimmed-mean",
                                                                       "stages": ["nnm"]}]),
    scenario(clients={"count": 9, "participation": 0.6, "partition": {"kind": "dirichlet", "alpha": 0.5}},
             server={"algorithm": "fedavg", "weighting": "samples", "lr": 0.9, "momentum": 0.5},
             evaluation={"every": 2}),
    scenario(matrix={"clients.partition.alpha": [0.1, 1.0], "threat.malicious": [0.1, 0.3],
                     "exclude": [{"defense": "krum", "clients.partition.alpha": 0.1}]},
             clients={"count": 7, "partition": {"kind": "dirichlet", "alpha": 0.5}}, seeds={"from": 1, "count": 1}),
    scenario(**{"defense-knows": {"malicious": "exact", "root-samples": 10}},
             defenses=["fltrust", {"id": "smooth", "use": "mean", "finishers": [{"use": "crfl", "samples": 3}]},
                       {"id": "clip", "use": "median", "stages": [{"use": "clipping", "bound": 1}]}]),
    scenario(attacks=["none", {"id": "qd", "use": "dba", "with": [{"use": "gradient-mask", "keep": 0.95},
                                                                  {"use": "norm-ball", "radius": 2}, "boost"]},
                      "neurotoxin", {"id": "mr", "use": "model-replacement", "ratio": 0.5, "gamma": "auto"}, "edge-case"],
             threat={"auxiliary": {"class": 1, "train": 6, "test": 4}, "schedule": {"kind": "every", "k": 2},
                     "outside": "absent"}),
    scenario(threat={"auxiliary": {"class": 1, "train": 6, "test": 4, "kind": "low-density", "neighbors": 3}},
             attacks=["none", "edge-case"]),
    scenario(threat={"auxiliary": {"class": 1, "train": 3, "test": 2, "kind": "folder", "folder": "data"}},
             attacks=["none", "edge-case"]),
    scenario(task={"dataset": {"use": "idx", "folder": "data", "classes": 3, "train-limit": 40}, "init": "start.npz",
                   "model": {"kind": "mlp", "hidden": [4]},
                   "local": {"steps": 3, "batch": 4, "lr": 0.1, "momentum": 0.5, "weight-decay": 0.01,
                             "schedule": {"kind": "cosine", "end": 0.1}}},
             defenses=["mean", "bulyan", "fldetector", "norm-clipping"], **{"fixed-seeds": {"data": 7, "init": 8}}),
    scenario(threat={"schedule": {"kind": "in-turn", "k": 1, "repeat": True}, "knowledge": "own"},
             attacks=["none", "ipm", "opt-ipm", "gaussian-noise", {"id": "s", "use": "sign-flip", "with": ["alie-clamp"]}],
             clients={"count": 8, "partition": {"kind": "shards", "per-client": 2}},
             defenses=["geometric-median", "mean-around-median", "multi-krum"]),
]

CLAIMS = {
    "schema": "gauntlet/claims/1",
    "claims": [
        {"id": "learns", "where": {"attack": "sign-*", "defense": "krum"}, "expect": {"accuracy.final": {"min": 0.01}},
         "source": "us"},
        {"id": "holds", "where": {"attack": ["lf", "none"], "defense": "*"}, "expect": {"asr.stop": {"max": 0.9, "min": 0.0}},
         "over": "worst", "confidence": 0.95, "source": "our paper, table 3"},
        {"id": "fails", "where": {"defense": "mean"}, "expect": {"accuracy.stop": {"min": 0.99}}, "over": "mean",
         "holds": False, "source": "them"},
    ],
}


class Corpus:
    """Scenarios, and the results and the baseline that the program under test makes."""

    def __init__(self, stand):
        rng = random.Random(7)
        self.data = {"data/" + n: c for n, c in binaries.idx_folder(rng).items()}
        self.data["start.npz"] = binaries.npz(rng)
        self.scenarios = SCENARIOS
        from cases import Case
        from documents import to_yaml
        tiny = to_yaml(TINY).encode()
        stand.lay_out(Case([], {"tiny.yaml": tiny}))
        self.call(stand, "run", "tiny.yaml", "-o", "a", "--progress", "none")
        self.call(stand, "run", "tiny.yaml", "-o", "b", "--progress", "none", "--set", "task.local.lr=0.05")
        self.call(stand, "run", "tiny.yaml", "-o", "c", "--progress", "none", "--seeds", "4..6")
        self.call(stand, "baseline", "make", "a", "-o", "a.json")
        self.results = {n: read_folder(os.path.join(stand.folder, n), n) for n in "abc"}
        with open(os.path.join(stand.folder, "a.json"), "rb") as file:
            self.baseline = file.read()
        self.tiny = tiny
        self.components = {k: self.list(stand, k) for k in
                           ["attacks", "defenses", "stages", "finishers", "modifiers", "metrics", "partitions",
                            "models", "datasets", "schedules", "triggers", "flags"]}
        self.rates = [m["id"] for m in self.components["metrics"] if m.get("range") == "0...1"
                      and m.get("unit") == "fraction"]

    @staticmethod
    def call(stand, *argv):
        outcome = stand.execute(list(argv))
        if outcome.code != 0:
            raise SystemExit(f"fuzz: the program cannot do '{' '.join(argv)}': {outcome.err.decode('utf-8', 'replace')}")
        return outcome.out

    @classmethod
    def list(cls, stand, kind):
        try:
            return json.loads(cls.call(stand, "list", kind, "--format", "json"))
        except SystemExit:
            return []


def read_folder(folder, name):
    found = {}
    for entry in sorted(os.listdir(folder)):
        with open(os.path.join(folder, entry), "rb") as file:
            found[f"{name}/{entry}"] = file.read()
    return found
