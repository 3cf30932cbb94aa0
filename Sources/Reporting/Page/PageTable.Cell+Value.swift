import Markup
import Results

extension PageTable.Cell {
  /// A field of a table for people and programs, with all digits behind the ones that are shown.
  public init(_ value: DataTable.Value, place: TableRanking.Place? = nil) {
    let shown = ValueText(value)
    // The figure alone is marked, not what stands below it.
    func marked(_ text: String) -> HTML {
      guard let place else { return .text(text) }
      return .tag("span", ["class": place == .best ? "best" : "second"], .text(text))
    }
    switch value {
    case .text(let text): self.init(.foreign(text))
    case .integer(let number): self.init(marked(shown.main), value: "\(number)")
    case .number(let number, _):
      self.init(marked(shown.main), value: Self.all(number))
    case .estimate(let mean, _, _, _, _):
      let spread = shown.spread.isEmpty ? [] : [HTML.tag("small", [:], .text(shown.spread))]
      let mark = shown.mark.isEmpty ? "" : " " + shown.mark
      self.init(.group([marked(shown.main + mark)] + spread), value: Self.all(mean))
    case .missing(let word, let reason): self = .missing(word, reason: reason)
    }
  }

  /// What is not finite counts as missing when rows are sorted.
  private static func all(_ number: Double) -> String {
    number.isFinite ? CanonicalJSON.number(number) : ""
  }
}
