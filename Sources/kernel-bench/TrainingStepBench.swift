import Kernels

/// What a training step does beside its products: activation, loss, and the update.
struct TrainingStepBench {
  /// Measures and prints microseconds per call at batch 32, 64 hidden units and 10 classes.
  func run(repetitions: Int) {
    let (batchCount, hiddenCount, classCount, parameterCount) = (32, 64, 10, 2762)
    let labels = (0..<batchCount).map { $0 % classCount }
    let scores = sampleValues(batchCount * classCount)
    let gradient = sampleValues(parameterCount)
    var logits = scores
    var hidden = sampleValues(batchCount * hiddenCount)
    var parameters = sampleValues(parameterCount)
    var loss = 0.0
    report("softmax gradient", repetitions) {
      var span = logits.mutableSpan
      SoftmaxCrossEntropy.gradient(
        replacing: &span, labels: labels.span, batchCount: batchCount, classCount: classCount)
    }
    logits = scores
    report("softmax loss and gradient", repetitions) {
      var span = logits.mutableSpan
      loss += SoftmaxCrossEntropy.lossAndGradient(
        replacing: &span, labels: labels.span, batchCount: batchCount, classCount: classCount)
    }
    precondition(loss.isFinite, "the loss is \(loss)")
    report("relu", repetitions) {
      var span = hidden.mutableSpan
      Activations.relu(&span)
    }
    report("gradient step, \(parameterCount) parameters", repetitions) {
      var span = parameters.mutableSpan
      Vectors.sgdStep(&span, gradient: gradient.span, learningRate: 0.01, weightDecay: 0)
    }
  }

  private func report(_ name: String, _ repetitions: Int, _ body: () -> Void) {
    let times = (0..<repetitions).map { _ in secondsPerCall(calls: 2000, body) }
    print(label(name, 38) + column(median(times) * 1e9, 8) + " ns")
  }
}
