import Components
public import Determinism

/// Deals a shuffled deck in hands that differ by at most one example, larger hands first.
public struct IIDPartition: Partition {
  public static let entry = PartitionEntry(
    manifest: ComponentManifest(
      id: "iid", summary: "Deals a shuffled deck in hands that differ by at most one example.",
      formula: "each client gets floor(N / clients) examples, the first N mod clients one more")
  ) { (_: Arguments) throws(ConfigurationError) in IIDPartition() }

  public init() {}

  public func assign(
    labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    Dealing.check(labels: labels, classCount: classCount, clientCount: clientCount)
    let sizes = Dealing.nearEqualSizes(labels.count, count: clientCount)
    return Dealing.settled(Dealing.blocks(sizes, of: random.permutation(labels.count)))
  }
}
