import Foundation
import Testing
import _TestSupport

/// `report`: folders of results to a page, tables and figures.
@Suite(.recordedResults) struct ReportCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try RecordedResults.copy() }

  private var results: ResultFiles { ResultFiles(path: folder.path + "/results") }

  private func report(_ line: String) throws -> Program.Outcome {
    try Program.run(
      ["report"] + line.split(separator: " ").map(String.init), in: folder.path)
  }

  /// Expects an error of one message, and that nothing was written.
  private func refused(_ line: String, status: Int32 = 1, saying message: String) throws {
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    let outcome = try report(line)
    #expect(outcome.status == status && outcome.output.isEmpty, "\(line)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
  }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + path).sorted()
  }

  @Test func writesPageTablesAndFigures() throws {
    let outcome = try report("results -o out")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.errors == "out/index.html\n")
    #expect(
      try names("out") == ["cells.csv", "contents.json", "figures", "index.html", "tables"])
    let page = try folder.text("out/index.html")
    #expect(page.contains("id=\"cell-backdoor-krum\"") && page.contains("<svg"))
    #expect(try names("out/figures/cells").contains("backdoor-krum-curves.csv"))
    #expect(try report("results -o quiet -q").errors.isEmpty)
    // Another process, whose dictionaries have another order.
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/out") {
      let path = folder.path + "/quiet/" + name
      #expect(
        FileManager.default.contents(atPath: path)
          == FileManager.default.contents(atPath: folder.path + "/out/" + name), "\(name)")
    }
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }

  @Test func aPictureOfThePreviewIsInThePage() throws {
    #expect(try report("results -o without").status == 0)
    let without = try folder.text("without/index.html")
    #expect(!without.contains("img-src") && !without.contains("<img"))
    let picture: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]
    try write(picture, to: "other.png")
    #expect(try report("results -o given --preview other.png").status == 0)
    let given = try folder.text("given/index.html")
    #expect(given.contains("img-src data:;"))
    #expect(given.contains("src=\"data:image/png;base64,iVBORw0KGgoBAgM=\""))
    #expect(given.contains("href=\"#preview\""))
    try write(picture, to: "results/preview.png")
    #expect(try report("results -o found").status == 0)
    #expect(try folder.text("found/index.html") == given)
  }

  @Test func whatIsNoPictureIsRefused() throws {
    try folder.write("no picture", to: "no.png")
    try refused("results -o out --preview no.png", saying: "no.png: is no PNG image")
    try refused("results -o out --preview none.png", saying: "none.png: no such file")
    try refused("results -o out --preview .", saying: ".: ")
    try refused(
      "results -o out --preview no.png --preview no.png", status: 64,
      saying: "--preview: 2 files for 1 folder of results")
    try folder.write("no picture", to: "results/preview.png")
    try refused("results -o out", saying: "results/preview.png: is no PNG image")
  }

  @Test func replacesItsOwnAndNothingElse() throws {
    #expect(try report("results -o out --to csv,svg").status == 0)
    #expect(try report("results -o out/ --to html").status == 0)
    #expect(try names("out") == ["contents.json", "index.html"])
    try folder.write("mine", to: "out/notes.txt")
    try refused("results -o out", saying: "out: holds 'notes.txt'")
    try refused("results -o results", saying: "results: holds other files")
    try refused("results -o tiny.yaml", saying: "tiny.yaml: is a file")
    try refused("results -o .", saying: ".: holds the folder that you are in")
  }

  @Test func aReportMayLieInItsResults() throws {
    #expect(try report("results -o results/report -q").status == 0)
    #expect(try report("results -o results/report -q").status == 0)
    #expect(try names("results/report").contains("index.html"))
    let compared = try Program.run(["compare", "results", "results"], in: folder.path)
    #expect(compared.status == 0 && compared.errors.isEmpty)
  }

  @Test func formats() throws {
    #expect(try report("results -o csv --to csv").errors == "csv\n")
    let csv = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/csv")
    #expect(csv.contains("cells.csv"))
    #expect(csv.allSatisfy { $0.hasSuffix(".csv") || $0 == "tables" || $0 == "contents.json" })
    let both = try Program.run(
      ["report", "results", "-o", "both", "--to", " html , md "], in: folder.path)
    #expect(both.status == 0)
    #expect(try names("both") == ["contents.json", "index.html", "tables"])
    try refused(
      "results -o x --to htlm", status: 64,
      saying: "--to: there is no format 'htlm'; did you mean 'html'?")
    // The same as to leave it out, and more than any of them.
    #expect(try report("results -o all --to all,csv -q").status == 0)
    #expect(
      try names("all") == ["cells.csv", "contents.json", "figures", "index.html", "tables"])
    try refused("results -o x --to ,", status: 64, saying: "--to names no format")
  }

  @Test func wrongArguments() throws {
    try refused("-o x", status: 64, saying: "results")
    try refused("results", status: 64, saying: "--output")
    try refused(
      "results -o x --baseline baseline.json --baseline baseline.json", status: 64,
      saying: "--baseline: 2 files for 1 folder of results; give one for each")
    try refused("results nothing -o x", saying: "nothing: no such folder")
    try refused("tiny.yaml -o x", saying: "tiny.yaml")
    try refused("results -o tiny.yaml/x", saying: "tiny.yaml/x: cannot be written")
    try refused("results -o x --baseline nothing.json", saying: "nothing.json")
  }

  @Test func aSelectionOfNothingIsAnError() throws {
    try refused("results -o x --only attack=bakdoor", saying: "bakdoor")
    try refused(
      "results -o x --only attack=none --skip defense=*",
      saying: "results: holds no trial to show")
  }

  @Test func aSelectionIsAllThatIsShown() throws {
    #expect(try report("results -o out -q --only defense=krum").status == 0)
    let page = try folder.text("out/index.html")
    #expect(page.contains("id=\"cell-backdoor-krum\""))
    #expect(!page.contains("cell-backdoor-mean"))
  }

  @Test func severalFoldersShareAPage() throws {
    try FileManager.default.copyItem(
      atPath: folder.path + "/results", toPath: folder.path + "/new")
    #expect(try report("results new -o out -q").status == 0)
    #expect(try names("out") == ["1-tiny", "2-tiny", "contents.json", "index.html"])
    let page = try folder.text("out/index.html")
    #expect(page.contains("id=\"s1-cell-none-krum\"") && page.contains("id=\"s2-cell-none-krum\""))
  }

  @Test func aBaselineIsComparedWith() throws {
    try results.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
    let outcome = try report("results -o out -q --baseline baseline.json")
    #expect(outcome.status == 0)
    let page = try folder.text("out/index.html")
    #expect(page.contains("Against the baseline") && page.contains(" regression"))
    #expect(page.contains("backdoor/krum"))
  }

  @Test func aTornLineIsLeftOut() throws {
    var trials = String(decoding: try results.contents("trials.jsonl"), as: UTF8.self)
    trials.removeLast(40)
    try results.write(trials, to: "trials.jsonl")
    let outcome = try report("results -o out -q")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("breaks off and is left out"))
  }

  @Test func withoutRoundsThereAreNoCurves() throws {
    try FileManager.default.removeItem(atPath: results.path + "/rounds.csv")
    let outcome = try report("results -o out -q")
    #expect(outcome.status == 0)
    let page = try folder.text("out/index.html")
    #expect(page.contains("class=\"warning\">No curves: "))
    #expect(page.contains("id=\"cell-backdoor-krum\""))
    let drawn = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/out/figures")
    #expect(!drawn.contains { $0.hasSuffix("-curves.svg") })
  }

  @Test func brokenRoundsAreAnError() throws {
    let rounds = String(decoding: try results.contents("rounds.csv"), as: UTF8.self)
    var lines = rounds.split(separator: "\n").map(String.init)
    // The accuracy after the first round of the first trial.
    lines[1] = lines[1].replacing(#/^(([^,]*,){5})[^,]*/#) { $0.1 + "x" }
    try results.write(lines.map { $0 + "\n" }.joined(), to: "rounds.csv")
    try refused("results -o x", saying: "results/rounds.csv:2")
  }

  @Test func whatWasChangedIsToldOnThePage() throws {
    let rounds = try results.lines("rounds.csv").dropLast()
    try results.write(rounds.map { $0 + "\n" }.joined(), to: "rounds.csv")
    let outcome = try report("results -o out -q")
    #expect(outcome.status == 0)
    let warning = "results/rounds.csv: is not what run.json recorded"
    #expect(outcome.errors.contains(warning))
    #expect(try folder.text("out/index.html").contains("class=\"warning\">" + warning))
  }

  @Test func namesOfOthersStayText() throws {
    let name = "<script>alert(1)</script>"
    let trials = String(decoding: try results.contents("trials.jsonl"), as: UTF8.self)
    try results.write(trials.replacing("krum", with: name), to: "trials.jsonl")
    let outcome = try report("results -o out -q")
    guard outcome.status == 0 else {
      // Refused by an earlier check, with nothing written.
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
      return
    }
    let page = try folder.text("out/index.html")
    #expect(page.components(separatedBy: "<script>").count == 2)
    #expect(!page.contains("alert(1)</script>"))
  }
}
