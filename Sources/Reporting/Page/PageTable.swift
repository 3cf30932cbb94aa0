public import Markup
public import Studies

/// A table of a page, in the form that ``PageScript/tables`` sorts, filters and saves.
public struct PageTable: Hashable, Sendable {
  /// A heading.
  public struct Column: Hashable, Sendable {
    /// The key in files that are saved, and in the address.
    public var id: String
    public var title: String
    /// What is best and comes first when it is sorted by; `nil` for a column that is not sorted.
    public var better: Score.Direction?
    /// What it means, told on hovering.
    public var help: String?
    /// Whether it holds numbers, which are aligned right.
    public var isNumeric: Bool

    public init(
      _ id: String, _ title: String, better: Score.Direction? = nil, help: String? = nil,
      isNumeric: Bool = false
    ) {
      self.id = id
      self.title = title
      self.better = better
      self.help = help
      self.isNumeric = isNumeric
    }
  }

  /// A field.
  public struct Cell: Hashable, Sendable {
    public var content: [HTML]
    /// What it is sorted by and saved as; empty for what is missing, `nil` for the text itself.
    public var value: String?
    /// Classes, such as `best` or `missing`.
    public var classes: [String]
    /// Told on hovering.
    public var help: String?

    public init(
      _ content: HTML..., value: String? = nil, classes: [String] = [], help: String? = nil
    ) {
      self.content = content
      self.value = value
      self.classes = classes
      self.help = help
    }

    /// No number, as a word, with the reason.
    public static func missing(_ word: String, reason: String? = nil) -> Cell {
      Cell(.text(word), value: "", classes: ["missing"], help: reason)
    }
  }

  public struct Row: Hashable, Sendable {
    public var cells: [Cell]
    /// What filters look at, by key: lower-case letters.
    public var keys: [String: String]
    /// The target of links.
    public var id: String?
    public var isReference: Bool

    public init(
      _ cells: [Cell], keys: [String: String] = [:], id: String? = nil, isReference: Bool = false
    ) {
      self.cells = cells
      self.keys = keys
      self.id = id
      self.isReference = isReference
    }
  }

  /// Names the files that are saved.
  public var name: String
  public var caption: String
  public var columns: [Column]
  public var rows: [Row]
  /// The column that names the rows.
  public var heading: Int

  public init(
    name: String, caption: String, columns: [Column], rows: [Row], heading: Int = 0
  ) {
    self.name = name
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.heading = heading
  }

  /// The table, scrolled sideways where it is too wide, with the place of its buttons.
  public var html: HTML {
    .group([
      .tag("p", ["class": "tools", "hidden": ""]),
      .tag(
        "div",
        [
          "class": "scroll", "tabindex": "0", "role": "region",
          "aria-label": Printable.escaped(caption),
        ],
        .tag(
          "table", ["data-name": name],
          .tag("caption", [:], .text(Printable.escaped(caption))),
          .tag("thead", [:], .tag("tr", [:], all: columns.map(head))),
          .tag("tbody", [:], all: rows.map(row)))),
    ])
  }

  private func head(_ column: Column) -> HTML {
    .tag(
      "th",
      [
        "scope": "col", "data-id": column.id, "data-better": column.better?.rawValue,
        "title": column.help.map(Printable.escaped), "class": column.isNumeric ? "number" : nil,
      ],
      .foreign(column.title))
  }

  private func row(_ row: Row) -> HTML {
    var attributes: [HTML.Attribute] = [
      .init("id", row.id), .init("class", row.isReference ? "reference" : nil),
    ]
    attributes += row.keys.sorted { $0.key < $1.key }.map { .init("data-\($0.key)", $0.value) }
    let cells = zip(columns, row.cells).enumerated().map { index, pair in
      cell(pair.1, pair.0, isHeading: index == heading)
    }
    return .element("tr", attributes, cells)
  }

  private func cell(_ cell: Cell, _ column: Column, isHeading: Bool) -> HTML {
    let classes = (column.isNumeric ? ["number"] : []) + cell.classes
    return .tag(
      isHeading ? "th" : "td",
      [
        "scope": isHeading ? "row" : nil, "data-v": cell.value,
        "class": classes.isEmpty ? nil : classes.joined(separator: " "),
        "title": cell.help.map(Printable.escaped),
      ],
      all: cell.content)
  }
}
