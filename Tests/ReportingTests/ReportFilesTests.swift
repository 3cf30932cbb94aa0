import Studies
import Testing

@testable import Reporting

@Suite struct ReportFilesTests {
  private func files(
    _ studies: [Study], _ formats: Set<ReportFiles.Format> = Set(ReportFiles.Format.allCases)
  ) -> [OutputFolder.File] {
    ReportFiles(
      studies.map { .init($0) }, formats: formats, markedFlags: StudyTables.markedFlags
    ).all()
  }

  @Test func everyPathIsThereOnce() {
    for studies in [[PageStudy.study], [PageStudy.study, PageStudy.swept(), PageStudy.study]] {
      let paths = files(studies).map { $0.path.lowercased() }
      #expect(Set(paths).count == paths.count)
      #expect(paths.allSatisfy { $0.wholeMatch(of: /[a-z0-9.\/-]+/) != nil })
      #expect(!paths.contains { $0.split(separator: "/").contains { $0 == ".." } })
    }
  }

  @Test func formatsSayWhatIsWritten() {
    let endings: [(Set<ReportFiles.Format>, Set<String>)] = [
      ([.html], ["html"]), ([.csv], ["csv"]), ([.json], ["json"]), ([.md], ["md"]),
      ([.tex], ["tex"]), ([.svg], ["svg"]), ([.svg, .csv], ["svg", "csv"]),
    ]
    for (formats, expected) in endings {
      let found = files([PageStudy.study], formats).map {
        String($0.path.split(separator: ".").last ?? "")
      }
      #expect(Set(found) == expected)
    }
    #expect(files([PageStudy.study], [.html]).map(\.path) == ["index.html"])
  }

  @Test func everyDrawingHasItsNumbersBesideIt() {
    let paths = files([PageStudy.swept()], [.svg, .csv]).map(\.path)
    let drawings = paths.filter { $0.hasSuffix(".svg") }
    #expect(drawings.count > 5)
    for path in drawings { #expect(paths.contains(path.dropLast(3) + "csv")) }
  }

  @Test func studiesHaveFoldersOfTheirOwn() {
    let paths = files([PageStudy.study, PageStudy.study], [.csv]).map(\.path)
    #expect(paths.contains("1-small/cells.csv") && paths.contains("2-small/cells.csv"))
    #expect(files([PageStudy.study], [.csv]).map(\.path).contains("cells.csv"))
  }

  @Test func curvesAreNamedAfterTheirCells() throws {
    let found = files([PageStudy.study], [.svg, .csv])
    let curves = try #require(found.first { $0.path == "figures/cells/weak-mean-curves.csv" })
    #expect(curves.content.contains("\nattacked,asr,1,0.3125,0.1875,0.4375\n"))
    #expect(found.contains { $0.path == "figures/cells/weak-mean-curves.svg" })
  }

  @Test(arguments: HostileTables.names) func drawingsAreDocumentsOfTheirOwn(name: String) {
    let study = TableStudy.study([
      PageStudy.record("none", name, 0.9, 0.1), PageStudy.record(name + "a", name, 0.5, 0.5),
      PageStudy.record("none", name + "b", 0.9, 0.1),
      PageStudy.record(name + "a", name + "b", 0.5, 0.5),
    ])
    for file in files([study], [.svg]) {
      let header = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
      #expect(file.content.hasPrefix(header))
      let parsed = PageMarkup("<!doctype html>\n" + file.content.dropFirst(header.count))
      #expect(parsed.problems == [], "\(file.path)")
      #expect(parsed["script"].isEmpty)
    }
  }
}
