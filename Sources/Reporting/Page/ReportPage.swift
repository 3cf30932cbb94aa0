public import Gating
import Markup
public import Studies

/// The page of a report: one file that one can mail, without any request to elsewhere.
public struct ReportPage: Sendable {
  /// A study, and how it stands against a baseline where one is given.
  public struct Part: Sendable {
    public var study: Study
    public var gate: GateReport?
    /// What `gauntlet preview` drew of the scenario, a PNG; empty: nothing.
    public var preview: [UInt8] = []

    public init(_ study: Study, gate: GateReport? = nil) {
      self.study = study
      self.gate = gate
    }
  }

  private let parts: [Part]
  private let markedFlags: Set<String>

  /// - Parameters:
  ///   - parts: At least one study.
  ///   - markedFlags: Flags that put a mark beside the figures that they are about.
  public init(_ parts: [Part], markedFlags: Set<String>) {
    self.parts = parts
    self.markedFlags = markedFlags
  }

  /// The file.
  public func text() -> String {
    let title =
      parts.count == 1
      ? "\(Printable.excerpt(parts[0].study.name)): attacks against defenses"
      : "\(parts.count) studies: attacks against defenses"
    var body: [HTML] = [.tag("a", ["class": "skip", "href": "#main"], "Skip to the content")]
    var studies: [HTML] = []
    if parts.count > 1 {
      studies += [.tag("h1", [:], .text("\(parts.count) studies")), contents]
    }
    for (index, part) in parts.enumerated() {
      let page = StudyPage(part.study, prefix: prefix(index), markedFlags: markedFlags)
      studies.append(StudyHTML(page: page, part: part, isSingle: parts.count == 1).html())
    }
    body.append(.tag("main", ["id": "main", "tabindex": "-1"], all: studies))
    return PageFrame.document(
      title: title, style: [PageStyle.common, ReportStyle.text], script: [PageScript.tables],
      body: body, hasPictures: parts.contains { !$0.preview.isEmpty })
  }

  private func prefix(_ index: Int) -> String { parts.count == 1 ? "" : "s\(index + 1)-" }

  private var contents: HTML {
    .tag(
      "nav", ["aria-label": "Studies"],
      .tag(
        "ul", [:],
        all: parts.enumerated().map { index, part in
          .tag(
            "li", [:], .tag("a", ["href": "#\(prefix(index))study"], .foreign(part.study.name)))
        }))
  }
}
