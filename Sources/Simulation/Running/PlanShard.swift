/// Which part of a plan a process runs: one of several that are about equally much work.
public struct PlanShard: Hashable, Sendable {
  /// From 1.
  public let number: Int
  public let count: Int

  /// The most parts of one plan.
  public static let countLimit = 1_000_000

  /// `nil` unless the number is from 1 to the count, and that at most ``countLimit``.
  public init?(number: Int, count: Int) {
    guard number >= 1, number <= count, count <= Self.countLimit else { return nil }
    self.number = number
    self.count = count
  }
}
