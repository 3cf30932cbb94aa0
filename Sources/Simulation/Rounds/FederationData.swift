public import Datasets
import Determinism
import Federation
import Kernels
import Tensors

/// The data of one run, dealt to its clients; shared by all trials of a seed.
///
/// Of the data of a trainer in another process it has the numbers alone.
public struct FederationData: Sendable {
  /// The training examples of each client, by client number; empty where a trainer has them.
  public let shards: [Shard]
  /// How many there are, by client number.
  public let exampleCounts: [Int]
  public let test: Shard
  /// How far the labels of each client are from those of all, by client number; see ``LabelSkew``.
  let labelSkew: [Double]
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
    /// What a folder holds for the attacker.
    var outside: OutsideExamples?

    static let nothing = Withheld()
  }

  /// Loads, or draws, and deals the data of one seed.
  ///
  /// - Throws: ``DatasetError`` where files cannot be read or hold fewer examples than are needed.
  init(
    source: any DataSource, partition: any Partition, clientCount: Int, seed: SeedPath,
    withheld: Withheld = .nothing, other: (source: any DataSource, samples: Int)? = nil,
    pool: WorkPool = WorkPool(width: 1)
  ) throws(DatasetError) {
    var sizing = seed.child("partition").stream()
    let sizes = partition.sizes(clientCount: clientCount, random: &sizing)
    let kept = withheld.rootCount + (withheld.auxiliary?.withheldCount ?? 0)
    let wanted = source.trainingCount ?? (sizes?.reduce(0, +) ?? 0) + kept
    let data = try source.load(trainingCount: wanted, seed: seed.child("data"))
    let draw = try WithheldDraw(withheld, of: data.training, seed: seed, pool: pool)
    let training = draw.rest.map { data.training.selecting($0) } ?? data.training
    let needed = max(clientCount, sizes?.reduce(0, +) ?? 0)
    guard training.count >= needed else {
      throw .malformed(
        path: "training data",
        reason: "too few examples (\(training.count)) for \(clientCount) clients"
          + (sizes == nil ? "" : " that want \(needed)"))
    }
    let users = data.trainingUsers.map { users in draw.rest?.map { users[$0] } ?? users }
    if partition.needsUsers {
      let userCount = Set(users ?? []).count
      guard userCount >= clientCount else {
        throw .malformed(
          path: "training data",
          reason: "too few users with examples (\(userCount)) for \(clientCount) clients")
      }
    }
    var dealing = seed.child("partition").stream()
    let rows = partition.assign(
      labels: training.labels, users: users, classCount: training.classCount,
      clientCount: clientCount, random: &dealing)
    shards = rows.map { training.selecting($0) }
    exampleCounts = shards.map(\.count)
    labelSkew = LabelSkew.of(shards)
    test = data.test
    root = draw.root.map { data.training.selecting($0) }
    (auxiliary, auxiliaryTest) = draw.attackerExamples(
      of: data.training, normalization: source.normalization)
    outOfDistribution = try other.map { (other) throws(DatasetError) in
      try Self.sample(other.samples, of: other.source, seed: seed)
    }
  }

  /// Of data that a trainer in another process has.
  init(elsewhere facts: TrainerFacts) {
    let shape = facts.shape ?? .vector(0)
    shards = []
    exampleCounts = facts.exampleCounts
    test = Shard(
      inputs: Matrix(rowCount: 0, columnCount: shape.count), labels: [],
      classCount: facts.classCount, shape: shape)
    labelSkew = []
    root = nil
    outOfDistribution = nil
    auxiliary = nil
    auxiliaryTest = nil
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
}
