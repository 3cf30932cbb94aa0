import Foundation
import Testing
import _TestSupport

/// `compare`: two folders, no policy.
@Suite(.recordedResults) struct CompareTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try RecordedResults.copy()
    try FileManager.default.copyItem(
      atPath: folder.path + "/results", toPath: folder.path + "/new")
  }

  private var new: ResultFiles { ResultFiles(path: folder.path + "/new") }

  private func compare(_ options: String...) throws -> Program.Outcome {
    try Program.run(["compare", "results", "new"] + options, in: folder.path)
  }

  @Test func equalFolders() throws {
    let outcome = try compare()
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.wholeMatch(of: /(\d+) numbers of 4 cells: \1 equal, 0 differ\n/) != nil)
    #expect(try compare("--format", "json").output == "[]\n")
  }

  @Test func aChangeBeyondChance() throws {
    try new.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
    try new.add([-0.4, 0.2, -0.1, 0.3, -0.2], to: "asr.final", of: "none/krum")
    let outcome = try compare()
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(", 2 differ, 1 of them beyond chance\n"))
    #expect(
      outcome.output.contains(
        /(?m)^backdoor\/krum +accuracy\.final +0\.467 +0\.267 +−0\.200 +\[.+\] +< 0\.0001 +worse$/))
    // An interval that is cut says nothing.
    #expect(!outcome.output.contains("…"))
    #expect(try compare("--metrics", "asr.*").output.contains(", 1 differ, 0 of them beyond"))
    #expect(try compare("--only", "attack=none").output.contains(", 1 differ, 0 of them beyond"))
    let json = try compare("--format", "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(rows.map { $0["beyond_chance"] as? Bool } == [true, false])
    #expect(rows.map { $0["seeds"] as? [Int] } == [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]])
  }

  /// What is beyond chance has an interval without 0 and p below 0.05, and says of which family.
  @Test func theFamilyIsWhatIsGated() throws {
    try new.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
    try new.add([0.1], to: "accuracy.class.0", of: "backdoor/krum")
    let outcome = try compare()
    #expect(outcome.output.contains(", 1 differ, 1 of them beyond chance\n"))
    #expect(
      outcome.output.contains("of the other metrics, 1 number differs; --metrics takes them in\n"))
    #expect(outcome.output.contains("adjusted for 1 change (Bonferroni): "))
    #expect(outcome.output.contains(/95 % interval, adjusted +p, adjusted/))
    #expect(!outcome.output.contains("accuracy.class"))
    let all = try compare("--metrics", "*", "--format", "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
    #expect(rows.map { $0["metric"] as? String } == ["accuracy.class.0", "accuracy.final"])
    #expect(rows.allSatisfy { $0["adjustment"] as? String == "bonferroni" })
    #expect(rows.allSatisfy { $0["family"] as? Int == 2 && $0["confidence"] as? Double == 0.95 })
  }

  @Test func otherSettingsAndLostSeedsAreNoReasonToRefuse() throws {
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "new", "--fresh", "--set", "rounds=4", "--seeds", "1..4"],
      in: folder.path)
    #expect(run.status == 0)
    let outcome = try compare()
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("numbers of 4 cells"))
    #expect(outcome.output.contains("note: another setting: rounds was 3, is 4\n"))
    #expect(outcome.output.contains("\nwarning: the results lack seed 5 of backdoor/krum, and so "))
  }

  @Test func failedTrialsOfEitherSideAreTold() throws {
    try new.fail("none/krum", seed: 2, message: "out of memory")
    try ResultFiles(path: folder.path + "/results").fail("none/mean", seed: 3, message: "odd")
    let outcome = try compare()
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let failed = "warning: none/krum, seed 2: the trial failed: out of memory\n"
    #expect(outcome.output.contains(failed))
    #expect(outcome.output.contains("warning: none/mean, seed 3, failed in the old results\n"))
    let json = try compare("--format", "json")
    #expect(json.output.hasPrefix("[") && json.errors.contains(failed))
  }

  @Test func nothingInCommonIsFive() throws {
    try new.replace("\"cell\":\"", "\"cell\":\"x", in: "trials.jsonl")
    try new.replace("\"attack\":\"", "\"attack\":\"x", in: "trials.jsonl")
    let outcome = try compare()
    #expect(outcome.status == 5)
    #expect(outcome.errors == "gauntlet: results and new have no number in common\n")
    #expect(outcome.output.contains("only in results: backdoor/krum, backdoor/mean, none/krum, "))
    #expect(outcome.output.contains("only in new: "))
  }

  @Test func badInput() throws {
    let nowhere = try Program.run(["compare", "results", "nowhere"], in: folder.path)
    #expect(nowhere.status == 1 && nowhere.output.isEmpty)
    #expect(nowhere.errors == "gauntlet: nowhere: no such folder; 'gauntlet run' writes one\n")
    #expect(try Program.run(["compare", "results"], in: folder.path).status == 64)
    let unknown = try compare("--only", "defense=krumm")
    #expect(unknown.status == 1 && unknown.errors.contains("did you mean 'krum'?"))
    for (metrics, error) in [
      ("accuracy.finl", "a metric 'accuracy.finl' to compare; did you mean 'accuracy.final'?"),
      ("accuracy.final,asx.*", "a metric 'asx.*' to compare; known: accuracy."),
      ("cost.sec*", "a metric 'cost.sec*' to compare"), (",", "--metrics names no metric"),
    ] {
      let none = try compare("--metrics", metrics)
      #expect(none.status == 1 && none.output.isEmpty)
      #expect(none.errors.contains(error), "\(none.errors)")
    }
  }
}
