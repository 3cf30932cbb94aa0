import Foundation
import Testing
import _TestSupport

@Suite struct MergeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    for (output, options) in [
      ("whole", []), ("one", ["--seeds", "1"]), ("two", ["--seeds", "2"]),
      ("krum", ["--only", "defense=krum"]),
    ] {
      let outcome = try Program.run(
        ["run", "tiny.yaml", "-o", output, "--progress", "none"] + options, in: folder.path)
      #expect(outcome.status == 0)
    }
  }

  private func merge(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["merge"] + arguments, in: folder.path)
  }

  private func files(_ output: String) -> ResultFiles {
    ResultFiles(path: folder.path + "/" + output)
  }

  @Test func partsMakeTheWhole() throws {
    let outcome = try merge("one", "krum", "two", "-o", "out")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.errors == "8 trials of 3 folders, results in out\n")
    let (out, whole) = (try files("out").essence(), try files("whole").essence())
    #expect(out.trials == whole.trials && out.rounds == whole.rounds)
    #expect(out.table.sorted() == whole.table.sorted() && out.counts == whole.counts)
    let manifest = try files("out").manifest()
    #expect(manifest["merged"] as? [String] == ["one", "krum", "two"])
    #expect(
      manifest["invocation"] as? [String]
        == ["gauntlet", "merge", "one", "krum", "two", "-o", "out"])
    // The whole scenario is there.
    let again = try Program.run(["run", "tiny.yaml", "-o", "out"], in: folder.path)
    #expect(again.status == 0 && again.errors.contains("nothing to do: all 8 trials"))
  }

  @Test func aFolderWithoutResultsIsRefused() throws {
    for name in ["all", "all/b", "all/none"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name, withIntermediateDirectories: false)
    }
    let outcome = try merge("one", "all", "-o", "out")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "gauntlet: all: holds no results: 'run' and 'merge' write run.json and trials.jsonl, and "
        + "neither is there\n")
    for name in ["run.json", "trials.jsonl"] {
      try folder.write(try folder.text("one/" + name), to: "all/b/" + name)
    }
    #expect(
      try merge("all", "-o", "out").errors.hasSuffix("there; name the folders in it: all/b\n"))
    #expect(try !folder.names().contains("out"))
  }

  @Test func otherNumbersAreRefused() throws {
    try folder.write(
      try folder.text("two/trials.jsonl").replacing(
        /"accuracy\.stop":0\.[0-9]+/, with: "\"accuracy.stop\":0.987"), to: "two/trials.jsonl")
    let outcome = try merge("whole", "two", "-o", "out")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("4 trials have the same key and other numbers"))
    #expect(outcome.errors.contains(/none\/mean, seed 2: accuracy\.stop is 0\.\d+ and 0\.987 \(/))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
    // Alone, each of them is fine.
    #expect(try merge("one", "two", "-o", "out").status == 0)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let other = try Program.run(
      ["run", "tiny.yaml", "-o", "other", "--set", "rounds=4"], in: folder.path)
    #expect(other.status == 0)
    let outcome = try merge("whole", "other", "-o", "out")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("gauntlet: other: cannot be joined with the others: 8 of 8"))
    let apart = try Program.run(
      ["run", "tiny.yaml", "-o", "apart", "--set", "rounds=4", "--seeds", "7"], in: folder.path)
    #expect(apart.status == 0)
    #expect(
      try merge("whole", "apart", "-o", "out").errors
        == "gauntlet: apart: cannot be joined with the others: the results were run with other "
        + "parameters or data: rounds was 3, is 4\n")
    #expect(try merge("nowhere", "-o", "out").errors.contains("nowhere: no such folder"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
  }

  @Test func theOutputStaysUnlessFresh() throws {
    let before = try files("two").contents("trials.jsonl")
    let refused = try merge("one", "-o", "two")
    #expect(refused.status == 1 && refused.errors.contains("--fresh replaces them"))
    #expect(try files("two").contents("trials.jsonl") == before)
    #expect(try merge("one", "-o", "two", "--fresh").status == 0)
    #expect(try files("two").essence().trials == files("one").essence().trials)
    #expect(
      try merge("one", "-o", "one", "--fresh").errors
        == "gauntlet: one: is one of the folders to join; take another one for all of them\n")
  }

  @Test func aTornLineIsLeftOutAndSaid() throws {
    try folder.write(
      String(try folder.text("two/trials.jsonl").dropLast(100)), to: "two/trials.jsonl")
    let outcome = try merge("one", "two", "-o", "out")
    #expect(outcome.status == 0)
    #expect(
      outcome.errorLines == [
        "two: left out the last line of trials.jsonl, which breaks off",
        "7 trials of 2 folders, results in out",
      ])
    #expect(try files("out").trials().count == 7)
    #expect(Set(try files("out").lines("rounds.csv").map { $0.prefix { $0 != "," } }).count == 8)
  }
}
