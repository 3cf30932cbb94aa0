public import Datasets
import Determinism
import Kernels
import Tensors

/// The data of one run, dealt to its clients; shared by all trials of a seed.
public struct FederationData: Sendable {
  /// The training examples of each client, by client number.
  public let shards: [Shard]
  public let test: Shard
  /// Clean examples of the server, withheld from the clients.
  let root: Shard?
  /// Examples of another data set that the server holds.
  let outOfDistribution: Shard?
  /// The attacker's own examples, withheld from the clients: to train with, and to measure on.
  let auxiliary: Shard?
  let auxiliaryTest: Shard?

  /// How much of the training data clients do not get.
  struct Withheld: Sendable {
    var rootCount = 0
    var auxiliary: AuxiliarySettings?

    static let nothing = Withheld()
  }

  /// Loads, or draws, and deals the data of one seed.
  ///
  /// - Throws: ``DatasetError`` where files cannot be read or hold fewer examples than are needed.
  init(
    source: any DataSource, partition: any Partition, clientCount: Int, seed: SeedPath,
    withheld: Withheld = .nothing, other: (source: any DataSource, samples: Int)? = nil
  ) throws(DatasetError) {
    var sizing = seed.child("partition").stream()
    let sizes = partition.sizes(clientCount: clientCount, random: &sizing)
    let kept = withheld.rootCount + (withheld.auxiliary?.count ?? 0)
    let wanted = source.trainingCount ?? (sizes?.reduce(0, +) ?? 0) + kept
    let data = try source.load(trainingCount: wanted, seed: seed.child("data"))
    let draw = try WithheldDraw(withheld, labels: data.training.labels, seed: seed)
    let training = draw.rest.map { data.training.selecting($0) } ?? data.training
    let needed = max(clientCount, sizes?.reduce(0, +) ?? 0)
    guard training.count >= needed else {
      throw .malformed(
        path: "training data",
        reason: "too few examples (\(training.count)) for \(clientCount) clients"
          + (sizes == nil ? "" : " that want \(needed)"))
    }
    var dealing = seed.child("partition").stream()
    let rows = partition.assign(
      labels: training.labels, classCount: training.classCount, clientCount: clientCount,
      random: &dealing)
    shards = rows.map { training.selecting($0) }
    test = data.test
    root = draw.root.map { data.training.selecting($0) }
    let range = draw.auxiliary == nil ? nil : Self.range(of: data.training.inputs)
    auxiliary = draw.auxiliary.map { data.training.selecting($0).reflected(in: range) }
    auxiliaryTest = draw.auxiliaryTest.map { data.training.selecting($0).reflected(in: range) }
    outOfDistribution = try other.map { (other) throws(DatasetError) in
      try Self.sample(other.samples, of: other.source, seed: seed)
    }
  }

  private static func sample(
    _ count: Int, of source: any DataSource, seed: SeedPath
  ) throws(DatasetError) -> Shard {
    let path = seed.child("out-of-distribution")
    let training = try source.load(
      trainingCount: source.trainingCount ?? count, seed: path.child("data")
    ).training
    guard training.count >= count else {
      throw .malformed(
        path: "out-of-distribution data",
        reason: "too few examples (\(training.count)) for \(count) samples")
    }
    var random = path.stream()
    return training.selecting(random.sample(count, of: training.count).sorted())
  }

  /// The least and the largest feature.
  private static func range(of inputs: Matrix<Float>) -> ClosedRange<Float> {
    let values = inputs.span
    var (low, high) = (Float.greatestFiniteMagnitude, -Float.greatestFiniteMagnitude)
    for index in values.indices {
      low = min(low, values[index])
      high = max(high, values[index])
    }
    return min(low, high)...max(low, high)
  }
}

/// Which training examples are withheld, drawn from streams of their own.
private struct WithheldDraw {
  var root: [Int]?
  var auxiliary: [Int]?
  var auxiliaryTest: [Int]?
  /// What is left for the clients, ascending; `nil`: everything.
  var rest: [Int]?

  init(
    _ withheld: FederationData.Withheld, labels: [Int], seed: SeedPath
  ) throws(DatasetError) {
    guard withheld.rootCount > 0 || withheld.auxiliary != nil else { return }
    var isTaken = [Bool](repeating: false, count: labels.count)
    if let settings = withheld.auxiliary {
      let candidates = labels.indices.filter { labels[$0] == settings.label }
      guard candidates.count >= settings.count else {
        throw .malformed(
          path: "training data",
          reason: "too few examples of class \(settings.label) (\(candidates.count)) for the "
            + "\(settings.count) of threat.auxiliary")
      }
      var random = seed.child("auxiliary").stream()
      let drawn = random.sample(settings.count, of: candidates.count).map { candidates[$0] }
      auxiliary = drawn.prefix(settings.trainingCount).sorted()
      auxiliaryTest = drawn.dropFirst(settings.trainingCount).sorted()
      for row in drawn { isTaken[row] = true }
    }
    if withheld.rootCount > 0 {
      let candidates = labels.indices.filter { !isTaken[$0] }
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
    rest = labels.indices.filter { !isTaken[$0] }
  }
}

extension Shard {
  /// Every feature reflected in the middle of a range: x becomes low + high − x.
  fileprivate func reflected(in range: ClosedRange<Float>?) -> Shard {
    guard let range else { return self }
    var shard = self
    let sum = range.lowerBound + range.upperBound
    var values = shard.inputs.mutableSpan
    for index in values.indices { values[index] = sum - values[index] }
    return shard
  }
}
