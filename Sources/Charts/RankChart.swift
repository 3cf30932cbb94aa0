/// A critical-difference diagram: mean ranks on a line, bars over those that a test does not tell
/// apart (Demšar, JMLR 7, 2006).
public struct RankChart: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    public var name: String
    /// 1 is the best.
    public var rank: Double

    public init(_ name: String, rank: Double) {
      self.name = name
      self.rank = rank
    }
  }

  public var title: String
  public var items: [Item]
  /// Sets of items, by their places in `items` sorted by rank, that are not told apart.
  public var cliques: [ClosedRange<Int>]
  /// The critical difference; `nil` where the test has none.
  public var criticalDifference: Double?
  /// Whether the title is drawn; screen readers are told in any case.
  public var isTitled = true

  public init(
    title: String, items: [Item], cliques: [ClosedRange<Int>], criticalDifference: Double?
  ) {
    self.title = title
    self.items = items
    self.cliques = cliques
    self.criticalDifference = criticalDifference
  }
}
