/// Values in rows and columns, colored by fixed steps, with the number in each cell.
public struct HeatMap: Hashable, Sendable {
  public struct Cell: Hashable, Sendable {
    /// What stands in it, such as `0.912` or `void`.
    public var text: String
    /// A second, smaller line, such as `±.014`.
    public var note: String
    /// From 0, the best, to 1, the worst; `nil` for a cell without a color.
    public var badness: Double?

    public init(_ text: String, note: String = "", badness: Double? = nil) {
      self.text = text
      self.note = note
      self.badness = badness
    }
  }

  public var title: String
  /// What rows and columns are, such as `attack` and `defense`.
  public var rowTitle: String
  public var columnTitle: String
  public var rows: [String]
  public var columns: [String]
  /// Row by row; `nil` where there is no such cell.
  public var cells: [[Cell?]]
  /// Whether the title is drawn; screen readers are told in any case.
  public var isTitled = true
  /// What the ends of the color scale mean, such as `0 (best)` and `1 (worst)`.
  public var ends: (best: String, worst: String) {
    get { (best, worst) }
    set { (best, worst) = (newValue.best, newValue.worst) }
  }
  private var best: String
  private var worst: String

  public init(
    title: String, rowTitle: String, columnTitle: String, rows: [String], columns: [String],
    cells: [[Cell?]], ends: (best: String, worst: String)
  ) {
    self.title = title
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.rows = rows
    self.columns = columns
    self.cells = cells
    (best, worst) = ends
  }
}
