"""A trainer for Gauntlet with PyTorch: LeNet-5 (61,706 parameters) on MNIST or Fashion-MNIST.

    task:
      exec: [python3, torch_lenet.py]
      params: {folder: mnist}
      workers: 1
      local: {epochs: 1, lr: 0.05, batch: 32, momentum: 0.9}

The folder has the four IDX files, gzipped or not; a relative one is looked for here and in the folder
that GAUNTLET_DATA names. It trains on CUDA where there is a device, else on the CPU: many clients in one
call (torch.func.vmap) or one after the other, whichever `clients` says, or else what is faster on that
kind of device. Algorithms are deterministic: the same call on the same machine gives the same bits.

It needs gauntlet_worker.py beside it, or the package gauntlet-fl; torchvision is not needed.
"""

import gzip
import json
import math
import os
from pathlib import Path

# Before CUDA is touched: cuBLAS is deterministic only with a workspace of a fixed size.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import numpy as np
import torch
import torch.nn.functional as F

try:
    from gauntlet_worker import run, trainer
except ImportError:
    from gauntlet_fl import serve as run, trainer

LAYERS = [
    ("conv1.weight", (6, 1, 5, 5)), ("conv1.bias", (6,)),
    ("conv2.weight", (16, 6, 5, 5)), ("conv2.bias", (16,)),
    ("fc1.weight", (120, 400)), ("fc1.bias", (120,)),
    ("fc2.weight", (84, 120)), ("fc2.bias", (84,)),
    ("fc3.weight", (10, 84)), ("fc3.bias", (10,)),
]
SIZES = [math.prod(shape) for _, shape in LAYERS]
CLASSES = 10


def scores(parameters, x, convolve):
    """The class scores of pictures (batch, 1, 28, 28) for one flat vector of parameters."""
    parts = torch.split(parameters, SIZES)
    w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = (
        part.view(shape) for part, (_, shape) in zip(parts, LAYERS))
    x = F.relu(pool(convolve(x, w1, b1, 2)))
    x = F.relu(pool(convolve(x, w2, b2, 0)))
    x = F.relu(F.linear(x.flatten(1), w3, b3))
    x = F.relu(F.linear(x, w4, b4))
    return F.linear(x, w5, b5)


def pool(x):
    """The largest of 2 x 2; max_pool2d has no deterministic gradient on CUDA."""
    batch, channels, height, width = x.shape
    return x.reshape(batch, channels, height // 2, 2, width // 2, 2).amax((3, 5))


def convolved(x, weight, bias, padding):
    """A convolution as PyTorch does it."""
    return F.conv2d(x, weight, bias, padding=padding)


def unfolded(x, weight, bias, padding):
    """A convolution as one product of matrices, which vmap makes a batched one."""
    batch, _, height, width = x.shape
    side = weight.shape[-1]
    columns = F.unfold(x, side, padding=padding)
    y = weight.flatten(1) @ columns + bias[:, None]
    return y.view(batch, -1, height + 2 * padding - side + 1, width + 2 * padding - side + 1)


def loss(parameters, x, targets, mask, convolve):
    """The mean cross-entropy of the examples that the mask has."""
    each = -(targets * F.log_softmax(scores(parameters, x, convolve), 1)).sum(1)
    return (each * mask).sum() / mask.sum().clamp(min=1)


@trainer(
    name="lenet-torch", version="1",
    params={
        "folder": "mnist", "device": None, "clients": None, "convolution": None, "alpha": None,
        "train_limit": None, "test_limit": None, "group": 50,
    })
class LeNet:
    """All pictures are on the device; parameters are flat vectors."""

    def __init__(self):
        self.loaded = None

    def hello(self, ctx):
        """Loads the data, once, and deals them."""
        params = ctx.params
        torch.use_deterministic_algorithms(True)
        torch.backends.cudnn.allow_tf32 = False
        torch.set_num_threads(max(1, ctx.threads))
        name = params["device"] or ("cuda" if torch.cuda.is_available() else "cpu")
        self.device = torch.device(name)
        kind = self.device.type
        how = params["clients"] or ("together" if kind == "cuda" else "one by one")
        if how not in ("together", "one by one"):
            raise ValueError(f"clients is 'together' or 'one by one', not {how!r}")
        self.together, self.group = how == "together", int(params["group"])
        convolution = params["convolution"] or "direct"
        self.convolve = {"direct": convolved, "unfolded": unfolded}[convolution]
        if self.loaded != params["folder"]:
            folder = located(params["folder"])
            self.files = [picture_data(folder, "train"), picture_data(folder, "t10k")]
            self.loaded = params["folder"]
        (x, y), (test_x, test_y) = self.files
        x, y = x[:params["train_limit"]], y[:params["train_limit"]]
        self.x = torch.from_numpy(x).to(self.device)
        self.labels = y
        self.test_x = torch.from_numpy(test_x[:params["test_limit"]]).to(self.device)
        self.test_labels = test_y[:params["test_limit"]]
        self.shards = dealt(
            y, ctx.clients or 10, params["alpha"], np.random.default_rng(ctx.seed))
        self.poisoned = {}
        words = "cpu" if kind == "cpu" else f"{self.device} {torch.cuda.get_device_name(self.device)}"
        return {
            "layers": LAYERS, "clients": len(self.shards), "classes": CLASSES,
            "examples": [len(shard) for shard in self.shards],
            "test_examples": len(self.test_labels), "shape": [1, 28, 28],
            "poisons": ["label-flip", "backdoor"], "device": f"{words}, clients {how}",
        }

    def initialize(self, seed):
        """Weights and biases as PyTorch's own layers draw them: uniform in 1/sqrt(inputs)."""
        rng = np.random.default_rng(seed)
        parts, bound = [], 0.0
        for (_, shape), size in zip(LAYERS, SIZES):
            if len(shape) > 1:
                bound = 1 / math.sqrt(math.prod(shape[1:]))
            parts.append(rng.uniform(-bound, bound, size))
        return np.concatenate(parts)

    # Training

    def train(self, parameters, clients, updates, ctx):
        """Trains some clients from the same parameters."""
        start = torch.from_numpy(parameters.copy()).to(self.device)
        counts = []
        size = self.group if self.together else 1
        for first in range(0, len(clients), size):
            rows = range(first, min(first + size, len(clients)))
            data = [self.data(clients[row], ctx.poison[row]) for row in rows]
            plans = [
                plan(len(x[1]), ctx.schedule, np.random.default_rng(ctx.seeds[row]))
                for row, x in zip(rows, data)]
            counts += [int(sum(len(batch) for batch in batches)) for batches in plans]
            descend = self.descend_together if self.together else self.descend
            local = descend(start, data, plans, ctx.schedule)
            updates[rows.start:rows.stop] = (local - start).cpu().numpy()
        return counts

    def data(self, client, poison):
        """The pictures and labels of a client, poisoned or not."""
        rows = self.shards[client]
        key = client, json.dumps(poison, sort_keys=True)
        if poison is None:
            return self.x[rows], torch.from_numpy(self.labels[rows])
        if key not in self.poisoned:
            x, labels = poisoned(self.x[rows], self.labels[rows], poison)
            self.poisoned[key] = x, torch.from_numpy(labels)
        return self.poisoned[key]

    def descend(self, start, data, plans, schedule):
        """Trains one client; returns one row of parameters."""
        (x, labels), (batches,) = data[0], plans
        targets = F.one_hot(labels, CLASSES).float().to(self.device)
        local = start.clone().requires_grad_(True)
        velocity = torch.zeros_like(start)
        for batch in batches:
            rows = torch.from_numpy(batch).to(self.device)
            mask = torch.ones(len(batch), device=self.device)
            value = loss(local, x[rows], targets[rows], mask, self.convolve)
            gradient, = torch.autograd.grad(value, local)
            with torch.no_grad():
                self.step(local, gradient, velocity, schedule)
        return local.detach()[None]

    def descend_together(self, start, data, plans, schedule):
        """Trains several clients at once; returns a row of parameters for each.

        Those with fewer steps, or smaller batches, than others have masks.
        """
        count = len(data)
        longest = max(len(x) for x, _ in data)
        x = torch.zeros((count, longest, 1, 28, 28), device=self.device)
        labels = torch.zeros((count, longest), dtype=torch.long)
        for row, (pictures, own) in enumerate(data):
            x[row, :len(pictures)] = pictures
            labels[row, :len(own)] = own
        targets = F.one_hot(labels, CLASSES).float().to(self.device)
        steps = max(len(batches) for batches in plans)
        width = max((len(batch) for batches in plans for batch in batches), default=0)
        index = np.zeros((steps, count, width), np.int64)
        present = np.zeros((steps, count, width), np.float32)
        for row, batches in enumerate(plans):
            for step, batch in enumerate(batches):
                index[step, row, :len(batch)] = batch
                present[step, row, :len(batch)] = 1
        active = present.any(2)
        index, present = (torch.from_numpy(a).to(self.device) for a in (index, present))
        gradients = torch.func.vmap(torch.func.grad(loss), (0, 0, 0, 0, None))
        everyone = torch.arange(count, device=self.device)[:, None]
        local = start.repeat(count, 1)
        velocity = torch.zeros_like(local)
        for step in range(steps):
            rows = index[step]
            gradient = gradients(
                local, x[everyone, rows], targets[everyone, rows], present[step], self.convolve)
            if active[step].all():
                self.step(local, gradient, velocity, schedule)
            else:
                going = torch.from_numpy(np.flatnonzero(active[step])).to(self.device)
                some, speed = local[going], velocity[going]
                self.step(some, gradient[going], speed, schedule)
                local[going], velocity[going] = some, speed
        return local

    @staticmethod
    def step(local, gradient, velocity, schedule):
        """One step of gradient descent, in place."""
        if schedule.weight_decay:
            gradient = gradient + schedule.weight_decay * local
        if schedule.momentum:
            velocity.mul_(schedule.momentum).add_(gradient)
            gradient = velocity
        local.sub_(gradient, alpha=schedule.learning_rate)

    # Evaluation

    @torch.no_grad()
    def evaluate(self, parameters, backdoors):
        """Scores parameters on the test data, and on those with triggers."""
        local = torch.from_numpy(parameters.copy()).to(self.device)
        labels = self.test_labels
        right = self.predict(local, self.test_x) == labels
        answer = []
        for backdoor in backdoors:
            counts = labels != backdoor["target"]
            if backdoor["source"] is not None:
                counts &= labels == backdoor["source"]
            rows = torch.from_numpy(np.flatnonzero(counts)).to(self.device)
            marked = self.predict(local, mark(self.test_x[rows], backdoor))
            hits, known = marked == backdoor["target"], right[counts]
            answer.append({
                "hits": hits.sum(), "examples": counts.sum(),
                "robust": (marked == labels[counts]).sum(),
                "correct": known.sum(), "correct_hits": (hits & known).sum(),
            })
        classes = [(right[labels == c].sum(), (labels == c).sum()) for c in range(CLASSES)]
        return {"classes": np.array(classes), "backdoors": answer}

    def predict(self, local, x):
        """The class of each picture; -1 where a score is not finite."""
        parts = []
        for start in range(0, len(x), 2000):
            values = scores(local, x[start:start + 2000], convolved)
            best = values.argmax(1)
            parts.append(torch.where(values.isfinite().all(1), best, -1))
        return torch.cat(parts).cpu().numpy() if parts else np.empty(0, np.int64)


def plan(count, schedule, rng):
    """The rows of each step: passes over the data, or so many steps, each pass in a new order."""
    size = min(schedule.batch_size, count)
    if not count:
        return []
    per_pass = -(-count // size)
    steps = schedule.epochs * per_pass if schedule.steps is None else schedule.steps
    batches = []
    while len(batches) < steps:
        order = rng.permutation(count)
        batches += [order[start:start + size] for start in range(0, count, size)]
    return batches[:steps]


def dealt(labels, clients, alpha, rng):
    """The rows of each client: equal random parts, or parts of each class by Dirichlet draws."""
    if alpha is None:
        return [np.sort(part) for part in np.array_split(rng.permutation(len(labels)), clients)]
    parts = [[] for _ in range(clients)]
    for c in range(CLASSES):
        rows = rng.permutation(np.flatnonzero(labels == c))
        shares = rng.dirichlet(np.full(clients, float(alpha)))
        cuts = np.rint(np.cumsum(shares)[:-1] * len(rows)).astype(int)
        for part, own in zip(parts, np.split(rows, cuts)):
            part.append(own)
    return [np.sort(np.concatenate(part)) for part in parts]


def poisoned(x, labels, poison):
    """Copies of a client's examples with what a poison asks for."""
    x, labels = x.clone(), labels.copy()
    if poison["kind"] == "label-flip":
        if poison["rule"] == "reverse":
            return x, CLASSES - 1 - labels
        if poison["rule"] == "next":
            return x, (labels + 1) % CLASSES
        before = labels.copy()
        for old, new in poison["pairs"]:
            labels[before == old] = new
        return x, labels
    rows = np.arange(len(labels))
    if poison["source"] is not None:
        rows = rows[labels == poison["source"]]
    rng = np.random.default_rng(poison["seed"])
    rows = rng.permutation(rows)[:int(poison["ratio"] * len(rows) + 1e-9)]
    x[rows] = mark(x[rows], poison)
    labels[rows] = poison["target"]
    return x, labels


def mark(x, trigger):
    """Copies of pictures with a trigger in them."""
    flat = x.flatten(1).clone()
    places = torch.tensor(trigger["positions"], device=x.device)
    values = torch.tensor(trigger["values"], device=x.device, dtype=x.dtype)
    blend = trigger["blend"]
    flat[:, places] = (1 - blend) * flat[:, places] + blend * values
    return flat.view(x.shape)


# Files

def located(folder):
    """The folder here, or below the one that GAUNTLET_DATA names."""
    places = [Path(folder), Path(os.environ.get("GAUNTLET_DATA", ".")) / folder]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no folder {folder!r} here or in GAUNTLET_DATA")


def picture_data(folder, part):
    """Pictures with values in 0...1, and their labels."""
    pictures = idx(folder, f"{part}-images-idx3-ubyte").astype(np.float32) / 255
    labels = idx(folder, f"{part}-labels-idx1-ubyte").astype(np.int64)
    if pictures.shape[1:] != (28, 28) or len(labels) != len(pictures):
        raise ValueError(f"{folder}: pictures of 28 x 28 and as many labels are expected")
    if labels.max(initial=0) >= CLASSES:
        raise ValueError(f"{folder}: a label is {labels.max()}; the model has {CLASSES} classes")
    return pictures[:, None], labels


def idx(folder, name):
    """The values of an IDX file of bytes."""
    path = folder / name
    if path.exists():
        data = path.read_bytes()
    else:
        with gzip.open(folder / (name + ".gz")) as file:
            data = file.read()
    if data[:3] != b"\0\0\x08":
        raise ValueError(f"{path} is no IDX file of bytes")
    shape = np.frombuffer(data, ">i4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


if __name__ == "__main__":
    run()
