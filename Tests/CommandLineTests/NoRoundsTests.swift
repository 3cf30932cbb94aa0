import Foundation
import Testing
import _TestSupport

/// Results without `rounds.csv`.
@Suite struct NoRoundsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
  }

  @discardableResult
  private func gauntlet(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(arguments, in: folder.path)
  }

  private func files(_ output: String) -> ResultFiles {
    ResultFiles(path: folder.path + "/" + output)
  }

  @Test func aRunLeavesThemOutAndGoesOn() throws {
    #expect(try gauntlet("run", "tiny.yaml", "-o", "whole", "-q").status == 0)
    #expect(try gauntlet("run", "tiny.yaml", "-o", "out", "-q", "--no-rounds").status == 0)
    #expect(try files("out").lines("rounds.csv").count == 1)
    #expect(try files("out").manifest()["withoutRounds"] as? Bool == true)
    #expect(try files("out").essence().trials == files("whole").essence().trials)
    #expect(try files("out").essence().table == files("whole").essence().table)
    // Nothing runs again for the rows that it lacks, and none come later.
    #expect(try gauntlet("run", "tiny.yaml", "-o", "out").errors.contains("nothing to do: all 8"))
    #expect(
      try gauntlet("run", "tiny.yaml", "-o", "out", "-q", "--seeds", "1..3").status == 0)
    #expect(try files("out").lines("rounds.csv").count == 1)
    #expect(files("out").lineCount == 12)
    #expect(try files("whole").manifest()["withoutRounds"] == nil)
  }

  @Test func aMergeLeavesThemOutOrTakesWhatIsThere() throws {
    for (output, options) in [
      ("one", ["--seeds", "1"]), ("two", ["--seeds", "2", "--no-rounds"]),
    ] {
      let outcome = try Program.run(
        ["run", "tiny.yaml", "-o", output, "-q"] + options, in: folder.path)
      #expect(outcome.status == 0)
    }
    #expect(try gauntlet("merge", "one", "two", "-o", "both").status == 0)
    #expect(try files("both").lines("rounds.csv") == files("one").lines("rounds.csv"))
    #expect(try files("both").manifest()["withoutRounds"] as? Bool == true)
    #expect(try gauntlet("merge", "one", "-o", "none", "--no-rounds").status == 0)
    #expect(try files("none").lines("rounds.csv").count == 1)
    #expect(try files("none").essence().table == files("one").essence().table)
    #expect(try gauntlet("run", "tiny.yaml", "-o", "none", "--seeds", "1").status == 0)
    // A gate and a report need none.
    #expect(
      try gauntlet("baseline", "make", "both", "-o", "b.json", "-q", "--reason", "x").status == 0)
    let gate = try gauntlet("gate", "both", "--baseline", "b.json", "-q")
    #expect(gate.status == 0, "\(gate.errors)")
    let report = try gauntlet("report", "both", "-o", "report", "-q")
    #expect(report.status == 0, "\(report.errors)")
  }
}
