import Components
public import Determinism

/// Sorts the examples by label, cuts them in equal shards and deals each client some shards.
///
/// There are `clientCount * shardsPerClient` shards, whose sizes differ by at most one. Within a
/// label the examples keep their order. With few shards per client, a client sees few labels. A
/// client left with nothing, which takes more shards than examples, receives one example of the
/// largest client.
///
/// - Note: McMahan et al., "Communication-efficient learning of deep networks from decentralized
///   data", AISTATS 2017, section 3, with two shards per client.
public struct LabelShardsPartition: Partition {
  public static let entry = PartitionEntry(
    manifest: ComponentManifest(
      id: "shards", summary: "Sorts the examples by label and deals each client some shards.",
      formula: "clients · per-client shards of near-equal size, dealt by a random permutation",
      citations: [
        Citation(
          ["McMahan", "Moore", "Ramage", "Hampson", "Agüera y Arcas"],
          "Communication-efficient learning of deep networks from decentralized data", "AISTATS",
          2017, arXiv: "1602.05629")
      ],
      parameters: [
        ParameterSpec(
          "per-client", .integer(1...1_000_000), default: .integer(2), help: "shards of each client"
        )
      ])
  ) { (arguments) throws(ConfigurationError) in
    LabelShardsPartition(shardsPerClient: arguments.integer("per-client"))
  }

  public let shardsPerClient: Int

  /// - Precondition: `0 < shardsPerClient <= 1_000_000`
  public init(shardsPerClient: Int = 2) {
    precondition(
      shardsPerClient > 0 && shardsPerClient <= 1_000_000, "\(shardsPerClient) shards per client")
    self.shardsPerClient = shardsPerClient
  }

  public var examplesPerClient: Int { shardsPerClient }

  public func assign(
    labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    Dealing.check(labels: labels, classCount: classCount, clientCount: clientCount)
    let order = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    let count = clientCount * shardsPerClient
    let shards = Dealing.blocks(Dealing.nearEqualSizes(labels.count, count: count), of: order)
    let deal = random.permutation(count)
    return Dealing.settled(
      (0..<clientCount).map { client in
        deal[client * shardsPerClient..<(client + 1) * shardsPerClient].flatMap { shards[$0] }
      })
  }
}
