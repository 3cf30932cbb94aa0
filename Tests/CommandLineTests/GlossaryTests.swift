import Foundation
import Testing
import _TestSupport

@Suite struct GlossaryTests {
  private struct Entry: Decodable {
    let id: String
    let kind: String
    let summary: String
  }

  private func entries(_ kind: String, in folder: String) throws -> [Entry] {
    let outcome = try Program.run(["list", kind, "--format", "json"], in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    return try JSONDecoder().decode([Entry].self, from: Data(outcome.output.utf8))
  }

  static let kinds = [
    "attacks", "modifiers", "defenses", "stages", "finishers", "metrics", "flags", "datasets",
    "partitions", "models", "triggers", "schedules", "rates", "keys",
  ]

  @Test(arguments: kinds)
  func everyListedIdIsExplained(kind: String) throws {
    let folder = try TemporaryFolder()
    let entries = try entries(kind, in: folder.path)
    #expect(!entries.isEmpty)
    let text = try Program.run(["list", kind], in: folder.path).output
    for entry in entries {
      #expect(text.contains("\n\(entry.id) "))
      let outcome = try Program.run(["explain", entry.id], in: folder.path)
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      // A key of a scenario may be called as a component is.
      #expect("\n\(outcome.output)".contains("\n\(entry.id) (\(entry.kind))\n"))
      for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }
  }

  @Test func everySeriesIsListed() throws {
    let folder = try TemporaryFolder()
    let series = try entries("series", in: folder.path)
    #expect(series.contains { $0.id == "asr" } && series.contains { $0.id == "defense.score" })
    #expect(series.allSatisfy { !$0.summary.isEmpty && !$0.summary.contains("the figure '") })
    let asr = try Program.run(["explain", "asr"], in: folder.path).output
    #expect(asr.hasPrefix("asr (series)\n") && asr.contains("asr.stop"))
    for (id, curve) in [("detector.norm", "'norm' under 'roc'"), ("detection.auc", "'rule' under")]
    {
      let text = try Program.run(["explain", id], in: folder.path).output
      #expect(text.contains(curve), "\(text)")
    }
  }

  @Test func attacksAreListedWithTheirTier() throws {
    let folder = try TemporaryFolder()
    let lines = try Program.run(["list", "attacks"], in: folder.path).outputLines
    #expect(lines.first?.split(separator: " ").prefix(2) == ["id", "tier"])
    for (id, tier) in [
      ("backdoor", "data-only"), ("alie", "omniscient"), ("zero-update", "fake-client"),
    ] {
      #expect(
        lines.contains { $0.split(separator: " ").prefix(2) == [Substring(id), Substring(tier)] })
    }
    #expect(lines.contains { $0.hasPrefix("own-knowledge  clients that know") })
  }

  @Test func keysAreExplainedByTheirPath() throws {
    let folder = try TemporaryFolder()
    let window = try Program.run(["explain", "threat.window"], in: folder.path).output
    #expect(window.contains("a mapping of start, stop"))
    let alpha = try Program.run(["explain", "clients.partition.alpha"], in: folder.path).output
    #expect(alpha.contains("clients.partition.kind: dirichlet"))
    let typo = try Program.run(["explain", "threat.windw"], in: folder.path)
    #expect(typo.status == 1 && typo.errors.contains("did you mean 'threat.window'?"))
  }

  @Test func listsFitIntoTheColumnsThatThereAre() throws {
    let folder = try TemporaryFolder()
    for (columns, width) in [("60", 60), ("100", 100), ("1000", 100)] {
      let list = try Program.run(
        ["list", "metrics"], in: folder.path, environment: ["COLUMNS": columns])
      #expect(list.output.split(separator: "\n").allSatisfy { $0.count <= width })
    }
  }

  @Test func formulaParametersAndPaper() throws {
    let folder = try TemporaryFolder()
    let krum = try Program.run(["explain", "krum"], in: folder.path).output
    for part in ["formula:", "n >= 2f + 3", "paper:", "Blanchard", "neighbours: one of 'n-f-2'"] {
      #expect(krum.contains(part), "\(part)")
    }
    let metric = try Program.run(["explain", "asr.stop"], in: folder.path).output
    for part in ["unit:", "range:", "better for the defender:"] {
      #expect(metric.contains(part), "\(part)")
    }
    #expect(try Program.run(["explain", "oracle-f"], in: folder.path).output.contains("(flag)"))
    let member = try Program.run(["explain", "accuracy.class.3"], in: folder.path)
    #expect(member.output.hasPrefix("accuracy.class.<c> (metric)"))
  }

  @Test(arguments: [
    ("krumm", "did you mean 'krum'?"),
    ("cost", "there are cost.attack-ratio, cost.seconds"),
    ("frobnicate", "'gauntlet list attacks' shows ids"),
    ("\u{1B}[31mx", #"'\u{1b}[31mx'"#),
    ("", "''"),
  ])
  func unknownIdsAreAnswered(id: String, answer: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["explain", id], in: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(answer))
    #expect(outcome.errorLines.count == 1)
  }
}
