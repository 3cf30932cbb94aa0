import Datasets
import Determinism
import Kernels
import Tensors

/// Which training examples are withheld from the clients, drawn from streams of their own.
struct WithheldDraw {
  private(set) var root: [Int]?
  private var auxiliary: [Int]?
  private var auxiliaryTest: [Int]?
  /// What is left for the clients, ascending; `nil`: everything.
  private(set) var rest: [Int]?
  private let withheld: FederationData.Withheld
  private let seed: SeedPath

  init(
    _ withheld: FederationData.Withheld, of training: Shard, seed: SeedPath, pool: WorkPool
  ) throws(DatasetError) {
    self.withheld = withheld
    self.seed = seed
    guard withheld.rootCount > 0 || (withheld.auxiliary?.withheldCount ?? 0) > 0 else { return }
    var isTaken = [Bool](repeating: false, count: training.count)
    if let settings = withheld.auxiliary, settings.withheldCount > 0 {
      let candidates = try Self.candidates(settings, of: training, pool: pool)
      var random = seed.child("auxiliary").stream()
      let drawn = random.sample(settings.count, of: candidates.count).map { candidates[$0] }
      auxiliary = drawn.prefix(settings.trainingCount).sorted()
      auxiliaryTest = drawn.dropFirst(settings.trainingCount).sorted()
      for row in drawn { isTaken[row] = true }
    }
    if withheld.rootCount > 0 {
      let candidates = training.labels.indices.filter { !isTaken[$0] }
      guard candidates.count >= withheld.rootCount else {
        throw .malformed(
          path: "training data",
          reason: "too few examples (\(candidates.count)) for \(withheld.rootCount) root samples")
      }
      var random = seed.child("root").stream()
      let drawn = random.sample(withheld.rootCount, of: candidates.count).map { candidates[$0] }
      root = drawn.sorted()
      for row in drawn { isTaken[row] = true }
    }
    rest = training.labels.indices.filter { !isTaken[$0] }
  }

  /// The examples that the attacker's own are drawn from: those of the class, or, where rare ones are
  /// wanted, as many as are drawn, with the largest distances to their neighbors; ties go to the lower
  /// row.
  private static func candidates(
    _ settings: AuxiliarySettings, of training: Shard, pool: WorkPool
  ) throws(DatasetError) -> [Int] {
    let candidates = training.labels.indices.filter { training.labels[$0] == settings.label }
    guard candidates.count >= settings.count else {
      throw .malformed(
        path: "training data",
        reason: "too few examples of class \(settings.label) (\(candidates.count)) for the "
          + "\(settings.count) of threat.auxiliary")
    }
    guard case .lowDensity(let neighbors) = settings.origin else { return candidates }
    let distances = training.neighborDistances(
      ofRows: candidates, neighbors: neighbors, pool: pool)
    return candidates.indices
      .sorted { (-distances[$0], $0) < (-distances[$1], $1) }
      .prefix(settings.count).map { candidates[$0] }
  }

  /// Takes or draws the attacker's own examples.
  ///
  /// - Parameters:
  ///   - training: The task's training examples.
  ///   - normalization: What was done to them, and is done to those of files.
  /// - Returns: What there is to train with and to measure on; `nil`: nothing.
  func attackerExamples(
    of training: Shard, normalization: Normalization?
  ) -> (training: Shard?, test: Shard?) {
    if let settings = withheld.auxiliary, let outside = withheld.outside {
      var random = seed.child("auxiliary").stream()
      return outside.draw(
        training: settings.trainingCount, test: settings.testCount,
        classCount: training.classCount, shape: training.shape, normalization: normalization,
        random: &random)
    }
    guard let auxiliary, let auxiliaryTest else { return (nil, nil) }
    let (first, second) = (training.selecting(auxiliary), training.selecting(auxiliaryTest))
    guard withheld.auxiliary?.origin == .reflected else { return (first, second) }
    let range = Self.range(of: training.inputs)
    return (first.reflected(in: range), second.reflected(in: range))
  }

  /// The least and the largest feature.
  private static func range(of inputs: ExampleMatrix) -> ClosedRange<Float> {
    var (low, high) = (Float.greatestFiniteMagnitude, -Float.greatestFiniteMagnitude)
    var scratch: [Float] = []
    for row in 0..<inputs.rowCount {
      inputs.withRows(row..<row + 1, scratch: &scratch) { values in
        for index in values.indices {
          low = min(low, values[index])
          high = max(high, values[index])
        }
      }
    }
    return min(low, high)...max(low, high)
  }
}

extension Shard {
  /// Every feature reflected in the middle of a range: x becomes low + high − x.
  fileprivate func reflected(in range: ClosedRange<Float>) -> Shard {
    var shard = self
    let sum = range.lowerBound + range.upperBound
    shard.inputs.withMutableValues { values in
      for index in values.indices { values[index] = sum - values[index] }
    }
    return shard
  }
}
