"""A trainer for Gauntlet with NumPy alone: softmax regression on drawn pictures.

    task:
      exec: [python3, numpy_trainer.py]
      params: {side: 6, classes: 5}
      local: {epochs: 1, lr: 0.2, batch: 10}

Each class is a picture of its own, drawn once per seed, and an example is that picture with noise.
It needs gauntlet_worker.py beside it, or the package gauntlet-fl.
"""

import json

import numpy as np

try:
    from gauntlet_worker import run, trainer
except ImportError:
    from gauntlet_fl import serve as run, trainer


@trainer(
    name="softmax-numpy", version="1",
    params={"side": 6, "classes": 5, "per_client": 40, "test": 500, "noise": 1.0, "skew": None})
class Softmax:
    """Models are one matrix of weights and one vector of biases."""

    def hello(self, ctx):
        """Draws the data of a seed and deals them."""
        params = ctx.params
        self.classes, side = int(params["classes"]), int(params["side"])
        self.pixels = side * side
        rng = np.random.default_rng(ctx.seed)
        self.pictures = rng.uniform(0, 1, (self.classes, self.pixels))
        self.noise = float(params["noise"])
        clients, size = ctx.clients or 10, int(params["per_client"])
        self.shards = []
        for _ in range(clients):
            share = np.full(self.classes, 1 / self.classes)
            if params["skew"] is not None:
                share = rng.dirichlet(np.full(self.classes, float(params["skew"])))
            self.shards.append(self.draw(rng, rng.choice(self.classes, size, p=share)))
        self.test = self.draw(rng, rng.integers(0, self.classes, int(params["test"])))
        # A client's poisoned data are the same in every round.
        self.poisoned = {}
        return {
            "layers": [("weight", (self.pixels, self.classes)), ("bias", (self.classes,))],
            "clients": clients, "classes": self.classes,
            "examples": [len(labels) for _, labels in self.shards],
            "test_examples": len(self.test[1]), "shape": [side, side],
            "poisons": ["label-flip", "backdoor"], "device": "cpu",
        }

    def draw(self, rng, labels):
        """Examples with these labels."""
        inputs = self.pictures[labels] + self.noise * rng.standard_normal(
            (len(labels), self.pixels))
        return inputs, labels

    def initialize(self, seed):
        """Parameters before the first round."""
        rng = np.random.default_rng(seed)
        weight = rng.normal(0, 0.01, self.pixels * self.classes)
        return np.concatenate([weight, np.zeros(self.classes)])

    def train(self, parameters, clients, updates, ctx):
        """Trains some clients from the same parameters."""
        counts = []
        for row, client in enumerate(clients):
            inputs, labels = self.data(client, ctx.poison[row])
            local = parameters.astype(float)
            counts.append(
                self.descend(local, inputs, labels, ctx.schedule, ctx.seeds[row]))
            updates[row] = local - parameters
        return counts

    def data(self, client, poison):
        """The examples of a client, poisoned or not."""
        inputs, labels = self.shards[client]
        if poison is None:
            return inputs, labels
        key = client, json.dumps(poison, sort_keys=True)
        if key not in self.poisoned:
            self.poisoned[key] = poisoned(inputs, labels, poison, self.classes)
        return self.poisoned[key]

    def descend(self, local, inputs, labels, schedule, seed):
        """Trains in place; returns the gradients of single examples that it took."""
        weight = local[:-self.classes].reshape(self.pixels, self.classes)
        bias = local[-self.classes:]
        velocity, count = np.zeros_like(local), 0
        for batch in batches(len(labels), schedule, np.random.default_rng(seed)):
            x, y = inputs[batch], labels[batch]
            scores = x @ weight + bias
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            error = scores / scores.sum(axis=1, keepdims=True)
            error[np.arange(len(y)), y] -= 1
            error /= len(y)
            gradient = np.concatenate([(x.T @ error).ravel(), error.sum(axis=0)])
            gradient += schedule.weight_decay * local
            velocity = schedule.momentum * velocity + gradient
            local -= schedule.learning_rate * velocity
            count += len(y)
        return count

    def evaluate(self, parameters, backdoors):
        """Scores parameters on the test data, and on those with triggers."""
        inputs, labels = self.test
        clean = self.predict(parameters, inputs)
        right = clean == labels
        answer = []
        for backdoor in backdoors:
            counts = labels != backdoor["target"]
            if backdoor["source"] is not None:
                counts &= labels == backdoor["source"]
            marked = self.predict(parameters, mark(inputs[counts], backdoor))
            hits, known = marked == backdoor["target"], right[counts]
            answer.append({
                "hits": hits.sum(), "examples": counts.sum(),
                "robust": (marked == labels[counts]).sum(),
                "correct": known.sum(), "correct_hits": (hits & known).sum(),
            })
        classes = [(right[labels == c].sum(), (labels == c).sum()) for c in range(self.classes)]
        return {"classes": np.array(classes), "backdoors": answer}

    def predict(self, parameters, inputs):
        """The class of each input; -1 where a score is not finite."""
        parameters = parameters.astype(float)
        weight = parameters[:-self.classes].reshape(self.pixels, self.classes)
        with np.errstate(all="ignore"):
            scores = inputs @ weight + parameters[-self.classes:]
        return np.where(np.isfinite(scores).all(axis=1), scores.argmax(axis=1), -1)


def batches(count, schedule, rng):
    """The rows of each step: passes over the data, or so many steps, each pass in a new order."""
    size = min(schedule.batch_size, count)
    done = 0
    while count:
        order = rng.permutation(count)
        for start in range(0, count, size):
            yield order[start:start + size]
            done += 1
            if done == schedule.steps:
                return
        if schedule.steps is None and done >= schedule.epochs * -(-count // size):
            return


def poisoned(inputs, labels, poison, classes):
    """Copies of a client's examples with what a poison asks for."""
    inputs, labels = inputs.copy(), labels.copy()
    if poison["kind"] == "label-flip":
        if poison["rule"] == "reverse":
            return inputs, classes - 1 - labels
        if poison["rule"] == "next":
            return inputs, (labels + 1) % classes
        before = labels.copy()
        for old, new in poison["pairs"]:
            labels[before == old] = new
        return inputs, labels
    rows = np.arange(len(labels))
    if poison["source"] is not None:
        rows = rows[labels == poison["source"]]
    rng = np.random.default_rng(poison["seed"])
    rows = rng.permutation(rows)[:int(poison["ratio"] * len(rows) + 1e-9)]
    inputs[rows] = mark(inputs[rows], poison)
    labels[rows] = poison["target"]
    return inputs, labels


def mark(inputs, trigger):
    """Copies of inputs with a trigger in them."""
    inputs = inputs.copy()
    places, blend = trigger["positions"], trigger["blend"]
    inputs[:, places] = (1 - blend) * inputs[:, places] + blend * np.array(trigger["values"])
    return inputs


if __name__ == "__main__":
    run()
