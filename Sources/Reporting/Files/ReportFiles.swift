import Charts
import Markup
import Results
import Studies

/// All files of a report.
public struct ReportFiles: Sendable {
  /// What can be written.
  public enum Format: String, CaseIterable, Hashable, Sendable {
    case html
    case csv
    case json
    /// Markdown for GitHub.
    case md
    /// LaTeX with booktabs.
    case tex
    case svg

    public static let list = allCases.map(\.rawValue).joined(separator: ", ")
  }

  public static let schema = "gauntlet/report/1"

  private let parts: [ReportPage.Part]
  private let formats: Set<Format>
  private let markedFlags: Set<String>

  public init(_ parts: [ReportPage.Part], formats: Set<Format>, markedFlags: Set<String>) {
    self.parts = parts
    self.formats = formats
    self.markedFlags = markedFlags
  }

  /// The files, the page first; with several studies each has folders of its own.
  ///
  /// Page, tables and figures are made side by side; what they hold does not depend on it.
  ///
  /// - Complexity: O(trials · metrics + rounds of curves).
  public func all() -> [OutputFolder.File] {
    var jobs: [@Sendable () -> [OutputFolder.File]] = []
    if formats.contains(.html) {
      jobs.append { [.init("index.html", ReportPage(parts, markedFlags: markedFlags).text())] }
    }
    for (index, part) in parts.enumerated() {
      let folder = parts.count == 1 ? "" : "\(index + 1)-\(CellAnchors.slug(part.study.name))/"
      if !formats.isDisjoint(with: [.csv, .json, .md, .tex]) {
        jobs.append { tables(of: part.study, in: folder) }
      }
      if formats.contains(.svg) { jobs.append { figures(of: part.study, in: folder) } }
    }
    return Concurrently.map(jobs) { $0() }.flatMap(\.self)
  }

  private func tables(of study: Study, in folder: String) -> [OutputFolder.File] {
    let tables = StudyTables(study)
    let cells =
      formats.contains(.csv) ? [OutputFolder.File("\(folder)cells.csv", tables.cells().csv)] : []
    return tables.all().flatMap { files(of: $0, at: "\(folder)tables/\($0.id)") } + cells
  }

  private func figures(of study: Study, in folder: String) -> [OutputFolder.File] {
    StudyFigures(study).map { figure in
      let path = "\(folder)figures/\(figure.id)"
      return [OutputFolder.File("\(path).svg", figure.drawing.document())]
        + (formats.contains(.csv) ? [.init("\(path).csv", figure.table.csv)] : [])
    }
  }

  private func files(of table: DataTable, at path: String) -> [OutputFolder.File] {
    var files: [OutputFolder.File] = []
    if formats.contains(.csv) { files.append(.init("\(path).csv", table.csv)) }
    if formats.contains(.json) {
      files.append(.init("\(path).json", table.json))
    }
    if formats.contains(.md) { files.append(.init("\(path).md", table.markdown)) }
    if formats.contains(.tex) { files.append(.init("\(path).tex", table.latex)) }
    return files
  }
}
