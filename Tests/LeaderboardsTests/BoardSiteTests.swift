import Foundation
import Leaderboards
import Markup
import Reporting
import Results
import Studies
import Testing
import _TestSupport

@Suite struct BoardSiteTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func files(_ name: String) throws -> [String: String] {
    let short = String(name.prefix(50)).split(whereSeparator: \.isNewline).joined()
    let defense = name.isEmpty ? "d" : name
    let records = Sample.records.map { record in
      var copy = record
      if copy.defense == "krum" { copy.defense = defense }
      if copy.attack == "alie" { copy.attack = "alie" + name }
      return copy
    }
    let resolved: JSONValue = .array([
      Sample.combination(
        attacks: ["none", "alie" + name, "flip"],
        defenses: [defense: Sample.rule(name), "mean": Sample.rule("mean")])
    ])
    var words = EntryPack.Words(
      submitter: short.isEmpty ? "s" : short, paper: "p " + short, licence: "l " + short)
    words.note = "n " + short
    let path = try Sample.pack(
      Sample.study(records, resolved: resolved), [defense, "mean"], words: words,
      names: [defense: short.isEmpty ? "n" : short], into: folder)
    var loader = Sample.loader(plan: { _, _ in throw Sample.Unchanged() })
    let folders = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { FileManager.default.fileExists(atPath: "\(path)/\($0)/entry.yaml") }.sorted()
    #expect(folders.count == 2)
    var checks = try folders.map { try loader.check(path + "/" + $0) }
    // A name of several lines or of 10 kB is refused; the page then has to show it there.
    if checks.allSatisfy({ !$0.errors.isEmpty }) { checks = [] }
    let site = BoardSite(Board(checks, facts: Sample.facts), title: name, tool: "gauntlet 1")
    return Dictionary(uniqueKeysWithValues: site.files.map { ($0.path, $0.content) })
  }

  @Test(arguments: Sample.hostile) func namesStayText(name: String) throws {
    let files = try files(name)
    let page = try #require(files["index.html"])
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(page.components(separatedBy: "</style>").count == 2)
    #expect(!page.contains(" style=") && !page.contains(" onclick="))
    for (file, text) in files {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" }, "\(file)")
    }
    let csv = try #require(files["leaderboard.csv"])
    for line in csv.split(separator: "\n").dropFirst() {
      #expect(!line.contains(",=") && !line.hasPrefix("="), "\(line)")
    }
    let markdown = try #require(files["leaderboard.md"])
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(Set(rows.map { row in row.count { $0 == "|" } }).count <= 1)
    #expect(!markdown.contains("<script"))
    // GitHub makes links of addresses, but not in code.
    #expect(!markdown.replacing(/`[^`]*`/, with: "").contains(/www\.|https?:/))
    let latex = try #require(files["leaderboard.tex"])
    #expect(!latex.contains("$&%_#{}~^"))
  }

  @Test func everyTierHasItsFiles() throws {
    let files = try files("")
    #expect(
      Set(files.keys)
        == Set(
          ["leaderboard", "leaderboard-data-only", "leaderboard-omniscient", "attacks"].flatMap {
            ["\($0).csv", "\($0).json", "\($0).md", "\($0).tex"]
          } + ["index.html"]))
    let page = try #require(files["index.html"])
    #expect(page.contains("<option value=\"board-data-only\">"))
    for file in files.keys where file != "index.html" {
      #expect(page.contains("<a href=\"\(file)\">"), "\(file)")
    }
  }

  @Test func figuresAreTheSameInEveryFile() throws {
    let files = try files("plain")
    // 0.70 with half of the interval 2.776445 * 0.0158114 / sqrt(5) = 0.0196326.
    #expect(try #require(files["index.html"]).contains("0.700<small>± .020</small>"))
    #expect(try #require(files["leaderboard.md"]).contains("0.700"))
    let lines = try #require(files["leaderboard.csv"]).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let column = try #require(lines[0].firstIndex(of: "worst_accuracy_low"))
    #expect(abs(try #require(Double(lines[1][column])) - 0.6803674) < 1e-6)
  }

  @Test func sameEntriesGiveTheSameBytes() throws {
    let one = try files("plain")
    try FileManager.default.removeItem(atPath: folder.path + "/entry")
    #expect(try files("plain") == one)
  }
}
