public import Studies

/// A table for people and programs: written as CSV, JSON, Markdown and LaTeX, and shown on a page.
public struct DataTable: Hashable, Sendable {
  /// One column; its id is the key in files.
  public struct Column: Hashable, Sendable {
    public var id: String
    /// The heading for people.
    public var title: String
    /// What is good, for marking the best; `.none` for what is no score.
    public var better: Score.Direction
    /// Whether the best of the column is marked; only among the rows of one ``Row/group``.
    public var ranksRows: Bool

    public init(
      _ id: String, _ title: String, better: Score.Direction = .none, ranksRows: Bool = false
    ) {
      self.id = id
      self.title = title
      self.better = better
      self.ranksRows = ranksRows
    }
  }

  /// One field.
  public enum Value: Hashable, Sendable {
    case text(String)
    case integer(Int)
    /// A number with the digits that people see after the point; files have all digits.
    case number(Double, decimals: Int)
    /// A mean over seeds, half the length of its 95 % interval (`nil` for one seed), and marks such as
    /// `≥`, `!` or `/3`.
    case estimate(mean: Double, half: Double?, decimals: Int, isLowerBound: Bool, mark: String)
    /// No number, as a word such as `void`, `n/a` or `not run`, with the reason.
    case missing(String, reason: String)
  }

  public struct Row: Hashable, Sendable {
    public var values: [Value]
    /// Rows of one group are ranked together; empty for a table with one group.
    public var group: String
    /// Whether the row is a reference that takes no part in ranking, such as the attack-free one.
    public var isReference: Bool

    public init(_ values: [Value], group: String = "", isReference: Bool = false) {
      self.values = values
      self.group = group
      self.isReference = isReference
    }
  }

  /// Names its files, such as `worst-case`.
  public var id: String
  public var title: String
  /// What it shows and how it was made, with the digest of the results; one paragraph.
  public var caption: String
  public var columns: [Column]
  public var rows: [Row]
  /// Whether the best and the second of each row are marked instead of those of each column: tables
  /// with attacks down and defenses across.
  public var ranksColumns: Score.Direction?

  /// - Precondition: Each row has one value per column.
  public init(
    id: String, title: String, caption: String, columns: [Column], rows: [Row],
    ranksColumns: Score.Direction? = nil
  ) {
    precondition(rows.allSatisfy { $0.values.count == columns.count }, "table \(id): ragged rows")
    self.id = id
    self.title = title
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.ranksColumns = ranksColumns
  }
}
