import Datasets
import Determinism
import Federation
import Kernels
import Synchronization
import Tensors
import Training

/// Scores global models on clean and on triggered test data.
struct Evaluator: Sendable {
  private let model: any Model
  private let test: Shard
  private let examples: [Int]
  private let triggered: [TriggeredSet]

  /// The test examples that count for one backdoor, with the trigger in them.
  private struct TriggeredSet: Sendable {
    let backdoor: Backdoor
    let shard: Shard
  }

  /// Prepares the test data; `seed` is the path of triggers that are drawn per example.
  init(model: any Model, test: Shard, backdoors: [Backdoor], seed: SeedPath) {
    self.model = model
    self.test = test
    var examples = [Int](repeating: 0, count: test.classCount)
    for label in test.labels { examples[label] += 1 }
    self.examples = examples
    triggered = backdoors.map { backdoor in
      var random = seed.stream()
      var shard = test.selecting(
        test.labels.indices.filter { backdoor.applies(to: test.labels[$0]) })
      for row in 0..<shard.count {
        shard.inputs.withMutableRow(row) { backdoor.trigger.apply(to: &$0, random: &random) }
      }
      return TriggeredSet(backdoor: backdoor, shard: shard)
    }
  }

  func evaluate(_ parameters: [Float], pool: WorkPool, workers: [Worker]) -> Evaluation {
    var correct = [Int](repeating: 0, count: test.classCount)
    for (label, prediction) in zip(
      test.labels, predictions(test, test.count, parameters, pool: pool, workers: workers))
    where label == prediction {
      correct[label] += 1
    }
    var counts: [Backdoor: Evaluation.Triggered] = [:]
    for set in triggered {
      let predicted = predictions(
        set.shard, set.shard.count, parameters, pool: pool, workers: workers)
      counts[set.backdoor] = Evaluation.Triggered(
        examples: set.shard.count,
        hits: predicted.count { $0 == set.backdoor.target },
        robust: zip(set.shard.labels, predicted).count { $0 == $1 })
    }
    return Evaluation(examples: examples, correct: correct, triggered: counts)
  }

  /// Returns the accuracy on at most `limit` clean test examples, the first ones.
  func accuracy(
    _ parameters: [Float], limit: Int, pool: WorkPool, workers: [Worker]
  ) -> Double {
    accuracy(on: test, parameters, limit: limit, pool: pool, workers: workers)
  }

  /// Returns the accuracy on at most `limit` examples of a shard, the first ones.
  func accuracy(
    on shard: Shard, _ parameters: [Float], limit: Int = .max, pool: WorkPool, workers: [Worker]
  ) -> Double {
    let count = min(limit, shard.count)
    let predicted = predictions(shard, count, parameters, pool: pool, workers: workers)
    let hits = zip(shard.labels, predicted).count { $0 == $1 }
    return Double(hits) / Double(max(count, 1))
  }

  /// Returns the predicted classes of the first `count` examples; −1 for non-finite scores.
  private func predictions(
    _ shard: Shard, _ count: Int, _ parameters: [Float], pool: WorkPool, workers: [Worker]
  ) -> [Int] {
    let size = Worker.blockSize
    let blocks = (count + size - 1) / size
    let predictions = Mutex([Int](repeating: -1, count: count))
    pool.run(blocks) { worker, block in
      let rows = block * size..<min((block + 1) * size, count)
      let predicted = workers[worker].state.withLock { predict(shard, rows, parameters, &$0) }
      predictions.withLock { $0.replaceSubrange(rows, with: predicted) }
    }
    return predictions.withLock { $0 }
  }

  private func predict(
    _ shard: Shard, _ rows: Range<Int>, _ parameters: [Float], _ state: inout Worker.State
  ) -> [Int] {
    let width = shard.inputs.columnCount
    Self.score(
      model, shard, rows.lowerBound * width..<rows.upperBound * width, rows.count, parameters,
      &state.scores, &state.workspace)
    var classes = [Int](repeating: -1, count: rows.count)
    Self.choose(state.scores, rows.count, model.classCount, into: &classes)
    return classes
  }

  private static func score(
    _ model: any Model, _ shard: Shard, _ values: Range<Int>, _ count: Int, _ parameters: [Float],
    _ scores: inout [Float], _ workspace: inout ModelWorkspace
  ) {
    var all = scores.mutableSpan
    var target = all._mutatingExtracting(0..<count * model.classCount)
    model.scores(
      inputs: shard.inputs.values.span.extracting(values), count: count,
      parameters: parameters.span, into: &target, workspace: &workspace)
  }

  private static func choose(
    _ scores: [Float], _ count: Int, _ classCount: Int, into classes: inout [Int]
  ) {
    var target = classes.mutableSpan
    SoftmaxCrossEntropy.argmax(
      scores.span, into: &target, batchCount: count, classCount: classCount)
  }
}
