# numpy 2.4.6, safetensors 0.8.0
"""Writes recorded rounds as somebody's own training would, and what a replay has to find in them.

usage: python3 Tests/Reference/replay.py

Three rounds of nine clients, the same rows in three forms: a .npz with an array per tensor (deflated,
float64, one of them in Fortran order), a .npy in float64 and Fortran order, and a .safetensors. All
values are multiples of 1/8, which float32 holds exactly. Client 4 of round 2 sends a NaN.

The answers follow the definitions, not our code: mean, Krum with n - f - 2 neighbors, and
coordinate-wise median; deviation and kappa as in Allouah et al. (AISTATS 2023); a weight share of 1 is
proportional; AUC of Krum's scores by counting pairs.
"""
import json
import pathlib

import numpy as np
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).parents[1] / "CommandLineTests/Fixtures/replay"
random = np.random.default_rng(12)
n, malicious = 9, [1, 4]
shapes = {"dense.weight": (3, 2), "dense.bias": (2,)}
d = 8


def eighths(*shape, scale):
    return np.round(random.standard_normal(shape) * scale * 8) / 8


def krum(rows, f):
    squares = ((rows[:, None] - rows[None]) ** 2).sum(2)
    return np.array(
        [np.sort(np.delete(squares[i], i))[:len(rows) - f - 2].sum() for i in range(len(rows))])


def figures(rows, aggregate, weights, scores):
    """`rows` are (values, is malicious) of the clients that were not dropped."""
    values, bad = rows
    honest = values[~bad]
    mean = honest.mean(0)
    square = ((aggregate - mean) ** 2).sum()
    result = {
        "influence.deviation": np.sqrt(square / (mean ** 2).sum()),
        "influence.kappa": square / ((honest - mean) ** 2).sum(1).mean(),
    }
    if scores is not None:
        pairs = scores[bad][:, None] - scores[~bad][None]
        result["detection.auc"] = ((pairs > 0) + (pairs == 0) / 2).mean()
    return result


answers = {rule: [] for rule in ["mean", "krum:f=2", "median"]}
for number in range(3):
    rows = eighths(n, d, scale=1) + 2
    rows[malicious] -= 6
    if number == 2:
        rows[4, 3] = np.nan
    tensors = {
        "dense.weight": rows[:, :6].reshape(n, 3, 2),
        "dense.bias": rows[:, 6:],
    }
    name = f"round-{number}"
    for form in ["npz", "npy", "safetensors"]:
        (folder / form / name).mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "npz" / name / "updates.npz",
        **{"dense.weight": np.asfortranarray(tensors["dense.weight"]),
           "dense.bias": tensors["dense.bias"]})
    np.save(folder / "npy" / name / "u.npy", np.asfortranarray(rows))
    save_file(
        {key: np.ascontiguousarray(value, dtype="<f4") for key, value in tensors.items()},
        folder / "safetensors" / name / "updates.safetensors")
    (folder / "npz" / name / "meta.json").write_text(
        json.dumps({"malicious": malicious, "round": number}) + "\n")
    (folder / "npy" / name / "meta.json").write_text(
        json.dumps({"malicious": [i in malicious for i in range(n)]}) + "\n")
    # The library sorts by name: the bias would come first.
    (folder / "safetensors" / name / "meta.json").write_text(json.dumps({
        "malicious": malicious, "round": number,
        "layers": [{"name": key, "shape": list(shape)} for key, shape in shapes.items()]}) + "\n")

    kept = np.isfinite(rows).all(1)
    values = rows[kept]
    bad = np.isin(np.arange(n), malicious)[kept]
    scores = krum(values, 2)
    order = np.sort(scores)
    assert order[1] - order[0] > 1e-3, "rounding would decide"
    chosen = np.argmin(scores)
    one = np.eye(len(values))[chosen]
    answers["mean"].append(
        figures((values, bad), values.mean(0), np.full(len(values), 1 / len(values)), None))
    answers["krum:f=2"].append(figures((values, bad), values[chosen], one, scores))
    answers["median"].append(figures((values, bad), np.median(values, axis=0), None, None))

(folder / "answers.json").write_text(json.dumps({
    "script": "Tests/Reference/replay.py",
    "rounds": {rule: [{k: float(v) for k, v in entry.items()} for entry in found]
               for rule, found in answers.items()},
}, indent=1) + "\n")
