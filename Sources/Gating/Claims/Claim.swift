public import Diagnostics

/// An absolute statement about results, such as "the worst ASR of norm clipping over backdoors is at
/// most 0.15 at 95 %": what a paper or a product promises.
public struct Claim: Hashable, Sendable {
  /// Which value of the cells is held against the bound.
  public enum Over: String, Hashable, Sendable, CaseIterable {
    /// Each cell by itself.
    case everyCell = "every-cell"
    /// The cell with the hardest verdict, of several the worst by the end of its interval.
    case worst
    /// The mean over the cells, seed by seed.
    case mean
  }

  /// A bound on one metric.
  public struct Bound: Hashable, Sendable {
    public var metric: String
    public var relation: ClaimFinding.Relation
    public var value: Double

    public init(metric: String, relation: ClaimFinding.Relation, value: Double) {
      self.metric = metric
      self.relation = relation
      self.value = value
    }
  }

  public var id: String
  public var cells: CellFilter
  public var bounds: [Bound]
  public var over: Over
  /// The confidence of the one-sided interval that has to lie within the bound, above 0.5.
  public var confidence: Double
  /// Where it was claimed.
  public var source: String?
  /// What a reader should know, such as why it does not hold here.
  public var note: String?
  /// `false` records a claim of the literature that does not hold here.
  public var holds: Bool
  public var position: SourcePosition?

  public init(
    id: String, cells: CellFilter, bounds: [Bound], over: Over = .everyCell,
    confidence: Double = 0.95, source: String? = nil, note: String? = nil, holds: Bool = true,
    position: SourcePosition? = nil
  ) {
    self.id = id
    self.cells = cells
    self.bounds = bounds
    self.over = over
    self.confidence = confidence
    self.source = source
    self.note = note
    self.holds = holds
    self.position = position
  }
}
