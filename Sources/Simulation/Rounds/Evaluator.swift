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
  private var triggered: [TriggeredSet]
  /// The path of triggers that are drawn per example.
  private let seed: SeedPath
  /// Ends an evaluation between blocks; the scores are then good for nothing.
  private let stop: StopSignal

  /// The test examples that count for one backdoor, with the trigger in them.
  private struct TriggeredSet: Sendable {
    let backdoor: Backdoor
    /// What marks them; that of the backdoor, unless it changes over the rounds.
    let trigger: Trigger?
    let shard: Shard
    /// The test examples that they were made of, in the same order; `nil` where they were given.
    let origins: [Int]?

    /// Marks the examples of `test` that count; `seed` is for what is drawn per example.
    init(_ backdoor: Backdoor, _ trigger: Trigger?, test: Shard, seed: SeedPath) {
      self.backdoor = backdoor
      self.trigger = trigger
      if let given = backdoor.examples {
        shard = given.shard
        origins = nil
        return
      }
      var random = seed.stream()
      let origins = test.labels.indices.filter { backdoor.applies(to: test.labels[$0]) }
      var shard = test.selecting(origins)
      for row in 0..<shard.count {
        shard.inputs.withMutableRow(row) { trigger?.apply(to: &$0, random: &random) }
      }
      self.shard = shard
      self.origins = origins
    }
  }

  /// Prepares the test data; `seed` is the path of triggers that are drawn per example.
  init(
    model: any Model, test: Shard, backdoors: [Backdoor], seed: SeedPath,
    stop: StopSignal = StopSignal()
  ) {
    self.model = model
    self.stop = stop
    self.test = test
    var examples = [Int](repeating: 0, count: test.classCount)
    for label in test.labels { examples[label] += 1 }
    self.examples = examples
    self.seed = seed
    triggered = backdoors.map { TriggeredSet($0, $0.trigger, test: test, seed: seed) }
  }

  /// Measures a backdoor with another trigger from now on, under its own name.
  mutating func mark(_ backdoor: Backdoor, with trigger: Trigger) {
    guard let place = triggered.firstIndex(where: { $0.backdoor == backdoor }),
      triggered[place].trigger != trigger
    else { return }
    triggered[place] = TriggeredSet(backdoor, trigger, test: test, seed: seed)
  }

  /// The first test examples that count for a backdoor, with the trigger and, where they have such a
  /// version, without it; `nil` where none counts.
  func triggeredExamples(of backdoor: Backdoor, limit: Int) -> (triggered: Shard, clean: Shard?)? {
    guard let set = triggered.first(where: { $0.backdoor == backdoor }), set.shard.count > 0 else {
      return nil
    }
    let count = min(limit, set.shard.count)
    return (
      set.shard.selecting(Array(0..<count)),
      set.origins.map { test.selecting(Array($0.prefix(count))) }
    )
  }

  /// How large the trigger of a backdoor is; `nil` where it has none or no example counts.
  func triggerSize(of backdoor: Backdoor) -> TriggerSize? {
    guard let set = triggered.first(where: { $0.backdoor == backdoor }), let trigger = set.trigger,
      let origins = set.origins, !origins.isEmpty
    else { return nil }
    var distance = 0.0
    for (row, origin) in origins.enumerated() {
      distance += test.inputs.withRow(origin) { clean in
        set.shard.inputs.withRow(row) { Float.squaredDistance(clean, $0).squareRoot() }
      }
    }
    return TriggerSize(
      pixels: trigger.pixelCount(on: test.shape), distance: distance / Double(origins.count))
  }

  /// Scores the model or, with smoothing, the majority vote of noisy copies of it.
  ///
  /// - Parameters:
  ///   - parameters: The global parameters.
  ///   - smoothing: How predictions are made; `nil`: by the model as it is.
  ///   - seed: The path of the noise, one child per copy.
  ///   - pool: The threads to use.
  ///   - workers: One per thread.
  /// - Returns: The scores on the test examples, and on those with triggers.
  func evaluate(
    _ parameters: [Float], smoothing: ParameterSmoothing?, seed: SeedPath, pool: WorkPool,
    workers: [Worker]
  ) -> Evaluation {
    let shards = [test] + triggered.map(\.shard)
    guard let smoothing else {
      var evaluation = count(
        shards.map { predictions($0, $0.count, parameters, pool: pool, workers: workers) })
      for set in triggered where set.backdoor.examples?.areChosen == true {
        evaluation.triggered[set.backdoor]?.confidence = workers[0].state.withLock {
          confidence(in: set.backdoor.target, on: set.shard, parameters, &$0)
        }
      }
      return evaluation
    }
    let ballots = votes(
      on: shards, parameters, smoothing, seed: seed, pool: pool, workers: workers)
    var evaluation = count(ballots.map(\.winners))
    evaluation.vote = ballots[0]
    return evaluation
  }

  /// The votes of noisy copies on each shard; one copy at a time is held.
  private func votes(
    on shards: [Shard], _ parameters: [Float], _ smoothing: ParameterSmoothing, seed: SeedPath,
    pool: WorkPool, workers: [Worker]
  ) -> [MajorityVote] {
    var ballots = shards.map { MajorityVote(exampleCount: $0.count, classCount: test.classCount) }
    for copy in 0..<smoothing.votes where !stop.isStopped {
      var random = seed.child(copy).stream()
      let noisy = parameters.map { Float(Double($0) + smoothing.deviation * random.normal()) }
      for (index, shard) in shards.enumerated() {
        ballots[index].add(
          predictions(shard, shard.count, noisy, pool: pool, workers: workers))
      }
    }
    return ballots
  }

  /// Counts hits from predictions on the clean test set and on each triggered set.
  private func count(_ predictions: [[Int]]) -> Evaluation {
    var correct = [Int](repeating: 0, count: test.classCount)
    for (label, prediction) in zip(test.labels, predictions[0]) where label == prediction {
      correct[label] += 1
    }
    var counts: [Backdoor: Evaluation.Triggered] = [:]
    for (set, predicted) in zip(triggered, predictions.dropFirst()) {
      let target = set.backdoor.target
      var figures = Evaluation.Triggered(
        examples: set.shard.count,
        hits: predicted.count { $0 == target },
        robust: zip(set.shard.labels, predicted).count { $0 == $1 })
      if let origins = set.origins {
        // Clean and triggered predictions of the same example, side by side.
        let right = zip(origins, predicted).filter { predictions[0][$0.0] == test.labels[$0.0] }
        figures.correct = right.count
        figures.correctHits = right.count { $0.1 == target }
      }
      counts[set.backdoor] = figures
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
    let size = workers[0].blockSize
    let blocks = (count + size - 1) / size
    let predictions = Mutex([Int](repeating: -1, count: count))
    pool.run(blocks) { worker, block in
      if stop.isStopped { return }
      let rows = block * size..<min((block + 1) * size, count)
      let predicted = workers[worker].state.withLock { predict(shard, rows, parameters, &$0) }
      predictions.withLock { $0.replaceSubrange(rows, with: predicted) }
    }
    return predictions.withLock { $0 }
  }

  private func predict(
    _ shard: Shard, _ rows: Range<Int>, _ parameters: [Float], _ state: inout Worker.State
  ) -> [Int] {
    Self.score(model, shard, rows, parameters, &state)
    var classes = [Int](repeating: -1, count: rows.count)
    Self.choose(state.scores, rows.count, model.classCount, into: &classes)
    return classes
  }

  /// Returns the mean softmax probability of a class; `nil` without examples, or where a score is not
  /// finite.
  ///
  /// Exponentials of differences from the largest score, in double precision; classes and examples
  /// ascend.
  private func confidence(
    in target: Int, on shard: Shard, _ parameters: [Float], _ state: inout Worker.State
  ) -> Double? {
    let classCount = model.classCount
    var total = 0.0
    for row in 0..<shard.count {
      Self.score(model, shard, row..<row + 1, parameters, &state)
      let scores = state.scores.prefix(classCount).map { Double($0) }
      guard scores.allSatisfy(\.isFinite), let largest = scores.max() else { return nil }
      let parts = scores.map { ElementaryFunctions.exp($0 - largest) }
      total += parts[target] / parts.reduce(0, +)
    }
    return shard.count > 0 ? total / Double(shard.count) : nil
  }

  private static func score(
    _ model: any Model, _ shard: Shard, _ rows: Range<Int>, _ parameters: [Float],
    _ state: inout Worker.State
  ) {
    var room: [Float] = []
    swap(&room, &state.inputs)
    shard.inputs.withRows(rows, scratch: &room) { inputs in
      score(model, inputs, rows.count, parameters, &state.scores, &state.workspace)
    }
    swap(&room, &state.inputs)
  }

  private static func score(
    _ model: any Model, _ inputs: Span<Float>, _ count: Int, _ parameters: [Float],
    _ scores: inout [Float], _ workspace: inout ModelWorkspace
  ) {
    var all = scores.mutableSpan
    var target = all._mutatingExtracting(0..<count * model.classCount)
    model.scores(
      inputs: inputs, count: count, parameters: parameters.span, into: &target,
      workspace: &workspace)
  }

  private static func choose(
    _ scores: [Float], _ count: Int, _ classCount: Int, into classes: inout [Int]
  ) {
    var target = classes.mutableSpan
    SoftmaxCrossEntropy.argmax(
      scores.span, into: &target, batchCount: count, classCount: classCount)
  }
}
