extension PluginTemplate {
  /// A trainer has a model and data; these are the smallest that learn something.
  var trainerScript: String {
    """
    \"""\(name): a trainer for Gauntlet, which owns model and data.

    Softmax regression on drawn data; put yours in its place.
    \"""
    import numpy as np
    from gauntlet_worker import run, trainer

    CLASSES, INPUTS, EXAMPLES, TEST = 4, 16, 50, 1000


    def gradient(parameters, inputs, labels):
        \"""Of the mean loss of softmax regression.\"""
        weights = parameters.reshape(INPUTS + 1, CLASSES)
        scores = inputs @ weights[:-1] + weights[-1]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        chances[np.arange(len(labels)), labels] -= 1
        return np.vstack([inputs.T @ chances, chances.sum(axis=0)]).ravel() / len(labels)


    @trainer(name="\(name)", version="1")
    class Trainer:
        def hello(self, ctx):
            # The same data for every trial of one seed.
            rng = np.random.default_rng(ctx.seed)
            centers = rng.normal(size=(CLASSES, INPUTS))

            def draw(count):
                labels = rng.integers(CLASSES, size=count)
                return centers[labels] + rng.normal(size=(count, INPUTS)), labels

            self.shards = [draw(EXAMPLES) for _ in range(ctx.clients)]
            self.test = draw(TEST)
            return {
                "layers": [("weight", (INPUTS, CLASSES)), ("bias", (CLASSES,))],
                "clients": ctx.clients, "classes": CLASSES,
                "examples": [EXAMPLES] * ctx.clients, "test_examples": TEST,
                "poisons": ["label-flip"]}

        def initialize(self, seed):
            return np.zeros((INPUTS + 1) * CLASSES)

        def train(self, parameters, clients, updates, ctx):
            size, taken = ctx.schedule.batch_size, []
            for row, client in enumerate(clients):
                inputs, labels = self.shards[client]
                if ctx.poison[row]:
                    labels = self.flipped(labels, ctx.poison[row])
                local, rng = parameters.astype(np.float64), np.random.default_rng(ctx.seeds[row])
                for _ in range(ctx.schedule.epochs):
                    order = rng.permutation(len(labels))
                    for start in range(0, len(labels), size):
                        batch = order[start:start + size]
                        step = gradient(local, inputs[batch], labels[batch])
                        local -= ctx.schedule.learning_rate * step
                updates[row] = local - parameters
                taken.append(ctx.schedule.epochs * len(labels))
            return taken

        def flipped(self, labels, poison):
            if poison["rule"] == "reverse":
                return CLASSES - 1 - labels
            if poison["rule"] == "next":
                return (labels + 1) % CLASSES
            return np.array([dict(poison["pairs"]).get(int(label), label) for label in labels])

        def evaluate(self, parameters, backdoors):
            inputs, labels = self.test
            weights = parameters.reshape(INPUTS + 1, CLASSES)
            right = (inputs @ weights[:-1] + weights[-1]).argmax(axis=1) == labels
            return {"classes": [
                (right[labels == each].sum(), (labels == each).sum()) for each in range(CLASSES)]}


    run()

    """
  }
}
