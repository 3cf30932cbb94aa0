public import Determinism

/// Deals a shuffled deck in hands that differ by at most one example, larger hands first.
public struct IIDPartition: Partition {
  public init() {}

  public func assign(
    labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    Dealing.check(labels: labels, classCount: classCount, clientCount: clientCount)
    let sizes = Dealing.nearEqualSizes(labels.count, count: clientCount)
    return Dealing.settled(Dealing.blocks(sizes, of: random.permutation(labels.count)))
  }
}
