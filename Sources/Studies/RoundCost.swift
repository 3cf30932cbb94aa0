public import Results

/// What a round takes under one defense by one metric, such as `cost.seconds`.
///
/// A cell's figure is the median over its seeds, each of which is a mean over rounds: times have
/// outliers. As an attacker may choose what costs most, the largest over the attacks stands first.
public struct RoundCost: Hashable, Sendable {
  /// The figure of one cell.
  public struct Figure: Hashable, Sendable {
    public var cell: CellID
    public var value: Double

    public init(_ cell: CellID, _ value: Double) {
      self.cell = cell
      self.value = value
    }
  }

  public var defense: String
  public var metric: String
  /// The largest over attacks and combinations of axes, the first of equals; over the cells without
  /// an attack where there are no others.
  public var largest: Figure
  /// The median over the same cells.
  public var median: Double
  /// The largest without an attack; `nil` where no such cell has a figure.
  public var clean: Double?

  public init(
    defense: String, metric: String, largest: Figure, median: Double, clean: Double? = nil
  ) {
    self.defense = defense
    self.metric = metric
    self.largest = largest
    self.median = median
    self.clean = clean
  }
}
