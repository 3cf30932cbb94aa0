import Foundation
import Simulation
import Testing
import _TestSupport

/// `baseline make`, `show`, `accept` and `prune` on results of real runs.
@Suite(.recordedResults) struct BaselineCommandTests {
  private let folder: TemporaryFolder
  private var results: ResultFiles { ResultFiles(path: folder.path + "/results") }

  init() throws { folder = try RecordedResults.copy() }

  private func baseline(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(["baseline"] + arguments, in: folder.path, environment: environment)
  }

  private func text() throws -> String { try folder.text("baseline.json") }

  /// Lines of the new text that the old one lacks, and how many it lacks of the old one.
  private func difference(_ old: String, _ new: String) -> (added: [String], removed: Int) {
    let (before, after) = (old.split(separator: "\n"), new.split(separator: "\n"))
    return (
      after.filter { !before.contains($0) }.map(String.init),
      before.count { !after.contains($0) }
    )
  }

  // MARK: - make

  @Test func aBaselineIsNotOverwrittenByAccident() throws {
    let before = try text()
    let refused = try baseline("make", "results", "-o", "baseline.json")
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(refused.errors.contains("baseline.json: is there already;"))
    #expect(try text() == before)
  }

  @Test func replacingKeepsThePolicyAndTheHistory() throws {
    try ResultFiles(path: folder.path).replace(
      #""accuracy.final": {"better": "higher", "abs": 0.01}"#,
      #""accuracy.final": {"better": "higher", "abs": 0.25}"#, in: "baseline.json")
    let again = try baseline(
      "make", "results", "-o", "baseline.json", "--replace", "--reason", "new data", "--by", "me",
      "--tolerance", "asr.final=0.5")
    #expect(again.status == 0 && again.errors == "recorded in baseline.json\n")
    let new = try text()
    #expect(new.contains(#""accuracy.final": {"better": "higher", "abs": 0.25}"#))
    #expect(new.contains(#""asr.final": {"better": "lower", "abs": 0.5}"#))
    #expect(new.contains(#""why":"first baseline"}"#))
    #expect(new.contains(#""by":"me","cells":4,"why":"new data"}"#))
    // With other metrics those that stay keep their tolerance.
    let other = try baseline(
      "make", "results", "-o", "baseline.json", "--replace", "--metrics", "accuracy.final")
    #expect(other.status == 0)
    #expect(
      try text().contains(#""accuracy.final": {"better": "higher", "abs": 0.25}"#))
    #expect(try baseline("show", "baseline.json").status == 0)
    #expect(
      try Program.run(["gate", "results", "--baseline", "baseline.json", "-q"], in: folder.path)
        .output == "gate: passed, 4 of 4 checks identical to baseline.json\n")
    let ci = try baseline(
      "make", "results", "-o", "baseline.json", "--replace", environment: ["CI": "true"])
    #expect(ci.status == 1 && ci.errors.hasPrefix("gauntlet: CI is set"))
  }

  @Test func newMetricsAreWatchedWhereNothingDefends() throws {
    let make = ["baseline", "make", "results", "-o", "baseline.json", "--replace", "--metrics"]
    #expect(try Program.run(make + ["accuracy.final"], in: folder.path).status == 0)
    let files = ResultFiles(path: folder.path)
    let watch = #""metrics":{"accuracy.final":{"better":"none"}}"#
    let mine = #"{"abs":0.3,"better":"none"}"#
    try files.replace(
      watch, watch.replacing(#"{"better":"none"}"#, with: mine), in: "baseline.json")
    #expect(try Program.run(make + ["accuracy.final,asr.peak"], in: folder.path).status == 0)
    #expect(
      try text().contains(
        #""metrics":{"accuracy.final":{"abs":0.3,"better":"none"},"asr.peak":{"better":"none"}}"#))
    try results.add([-0.2], to: "asr.peak", of: "backdoor/mean")
    let gate = try Program.run(
      ["gate", "results", "--baseline", "baseline.json", "-q"], in: folder.path)
    #expect(gate.status == 2 && gate.output.contains("1 regression"))
  }

  @Test func whatWouldBeLostIsNotReplaced() throws {
    for (text, error) in [
      ("<<<<<<< HEAD\n", "baseline.json: cannot be read, and --replace would lose its policy"),
      (
        try text().replacing(#""scenario": "tiny""#, with: #""scenario": "core""#),
        "baseline.json: is of the scenario 'core', and the results are of 'tiny'; write to"
      ),
    ] {
      try folder.write(text, to: "baseline.json")
      let refused = try baseline("make", "results", "-o", "baseline.json", "--replace")
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.hasPrefix("gauntlet: " + error), "\(refused.errors)")
      #expect(try self.text() == text)
    }
  }

  @Test func metricsAndTolerances() throws {
    let outcome = try baseline(
      "make", "results", "-o", "new.json", "--metrics", "accuracy.final,asr.peak", "--tolerance",
      "asr.peak=0.125")
    #expect(outcome.status == 0)
    #expect(try folder.text("new.json").contains(#""asr.peak": {"better": "lower", "abs": 0.125}"#))
    #expect(try !folder.text("new.json").contains("asr.stop"))
    for (options, status, error) in [
      (["--metrics", "asr.pek"], 1, "there is no metric 'asr.pek'; did you mean 'asr.peak'?"),
      (["--metrics", ","], 1, "--metrics names no metric"),
      (["--tolerance", "asr.peak=1"], 1, "'asr.peak' is not among the metrics of the policy"),
      (["--tolerance", "asr.final=-1"], 64, "--tolerance takes METRIC=NUMBER, not 'asr.final=-1'"),
      (["--tolerance", "asr.final=0x1p-3"], 64, "not 'asr.final=0x1p-3'"),
      (["--tolerance", "asr.final=nan"], 64, "not 'asr.final=nan'"),
      (["--tolerance", "asr.final"], 64, "--tolerance takes METRIC=NUMBER, not 'asr.final'"),
    ] as [([String], Int32, String)] {
      let refused = try Program.run(
        ["baseline", "make", "results", "-o", "other.json"] + options, in: folder.path)
      #expect(refused.status == status && refused.output.isEmpty, "\(options)")
      #expect(refused.errors.contains(error), "\(refused.errors)")
    }
    #expect(try !folder.names().contains("other.json"))
  }

  @Test func failedAndMissingTrialsMakeNoBaseline() throws {
    try results.fail("none/krum", seed: 2, message: "out of memory")
    let failed = try baseline("make", "results", "-o", "new.json")
    #expect(failed.status == 1)
    #expect(failed.errors.contains("1 trial failed, and a baseline has to be whole: none/krum, s"))
    try results.write("", to: "trials.jsonl")
    let empty = try baseline("make", "results", "-o", "new.json")
    #expect(empty.status == 1)
    #expect(empty.errors == "gauntlet: there are no finished trials to record\n")
    #expect(try !folder.names().contains("new.json"))
  }

  @Test func fewSeedsAreTold() throws {
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "few", "--seeds", "1..2", "--progress", "none"], in: folder.path)
    #expect(run.status == 0)
    let outcome = try baseline("make", "few", "-o", "few.json")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("a cell has 2 seeds; below 3 the gate decides nothing but"))
  }

  // MARK: - show

  @Test func showing() throws {
    let outcome = try baseline("show", "baseline.json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(
      outcome.output.hasPrefix("tiny: 4 cells, 5 seeds each, engine \(Engine.number), gauntlet "))
    for line in [
      #/(?m)^accuracy\.final +higher +0\.010 /#, #/(?m)^backdoor/krum +0\.\d+ /#,
      #/(?m)^defense=mean +all +– +undefended: /#, #/(?m)^20.+Z +– +4 +first baseline$/#,
    ] {
      #expect(outcome.output.contains(line))
    }
    let nowhere = try baseline("show", "nowhere.json")
    #expect(nowhere.status == 1 && nowhere.errors == "gauntlet: nowhere.json: no such file\n")
  }

  // MARK: - accept

  @Test func acceptingChangesOnlyTheLinesOfItsCells() throws {
    try results.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
    try results.add([0.1], to: "asr.final", of: "none/krum")
    let before = try text()
    let dry = try baseline(
      "accept", "--from", "results", "--baseline", "baseline.json", "--reason", "new", "-n",
      environment: ["CI": "1"])
    #expect(dry.status == 0 && dry.errors == "2 cells would be accepted\n")
    #expect(
      dry.output.hasPrefix("backdoor/krum\n  accuracy.final: 0.467, now 0.267\nnone/krum\n  asr."))
    #expect(try text() == before)

    let one = try baseline(
      "accept", "--from", "results", "--baseline", "baseline.json", "--reason", "a \"reason\"",
      "--by", "me", "--only", "attack=backdoor")
    #expect(one.status == 0 && one.errors == "1 cell accepted into baseline.json\n")
    #expect(one.output == "backdoor/krum\n  accuracy.final: 0.467, now 0.267\n")
    let (added, removed) = difference(before, try text())
    // The cell, the new entry, and the comma behind the entry before it.
    #expect(added.count == 3 && removed == 2)
    #expect(added[0].hasSuffix(#""why":"first baseline"},"#))
    #expect(added[1].hasSuffix(#""by":"me","cells":1,"why":"a \"reason\""}"#))
    #expect(added[2].hasPrefix("    \"backdoor/krum\": "))
    #expect(try baseline("show", "baseline.json").output.contains("a \"reason\""))

    // With the other cell the gate is at peace.
    #expect(
      try baseline(
        "accept", "--from", "results", "--baseline", "baseline.json", "--reason", "rest"
      ).status == 0)
    let gate = try Program.run(
      ["gate", "results", "--baseline", "baseline.json", "--exact", "-q"], in: folder.path)
    #expect(gate.status == 0)
    let nothing = try baseline(
      "accept", "--from", "results", "--baseline", "baseline.json", "--reason", "again")
    #expect(nothing.status == 0 && nothing.output.isEmpty)
    #expect(nothing.errors == "nothing to accept: no cell differs from baseline.json\n")
  }

  @Test func aRatchetTakesOnlyWhatGotBetter() throws {
    try results.add([0.2], to: "accuracy.final", of: "none/krum")
    try results.add([0.2], to: "accuracy.final", of: "backdoor/krum")
    try results.add([0.2], to: "asr.final", of: "backdoor/krum")
    let outcome = try baseline(
      "accept", "--from", "results", "--baseline", "baseline.json", "--reason", "up", "--ratchet")
    #expect(outcome.status == 0 && outcome.errors == "1 cell accepted into baseline.json\n")
    #expect(outcome.output.hasPrefix("none/krum\n") && !outcome.output.contains("backdoor"))
    let again = try baseline(
      "accept", "--from", "results", "--baseline", "baseline.json", "--reason", "up", "--ratchet")
    #expect(again.status == 0)
    #expect(again.errors == "nothing to accept: of 1 changed cell none got only better\n")
  }

  @Test func fewerSeedsAreNotAcceptedByAccident() throws {
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "few", "--seeds", "1..3", "--progress", "none"], in: folder.path)
    #expect(run.status == 0)
    let before = try text()
    let accept = ["baseline", "accept", "--from", "few", "--baseline", "baseline.json"]
    for options in [[], ["-n"], ["--only", "attack=none defense=krum"]] {
      let refused = try Program.run(accept + ["--reason", "x"] + options, in: folder.path)
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.contains("would have fewer seeds than before: "))
      #expect(refused.errors.contains("none/krum (3 instead of 5)"))
    }
    #expect(try text() == before)
    let meant = try Program.run(accept + ["--reason", "x", "--fewer-seeds"], in: folder.path)
    #expect(meant.status == 0 && meant.errors == "4 cells accepted into baseline.json\n")
  }

  @Test func acceptingIsRefused() throws {
    try results.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
    let before = try text()
    let start = ["baseline", "accept", "--from", "results", "--baseline", "baseline.json"]
    for (options, variables, status, error) in [
      ([], [:], 64, "Error: Missing expected argument '--reason <text>'"),
      (["--reason", " "], [:], 64, "Error: --reason is empty"),
      (["--reason", "x"], ["CI": "true"], 1, "gauntlet: CI is set, and a baseline is changed by"),
      (
        ["--reason", "x", "--only", "defense=krumm"], [:], 1,
        "gauntlet: selection: no defense is 'krumm'; did you mean 'krum'?"
      ),
    ] as [([String], [String: String], Int32, String)] {
      let outcome = try Program.run(start + options, in: folder.path, environment: variables)
      #expect(outcome.status == status && outcome.output.isEmpty, "\(options)")
      #expect(outcome.errors.hasPrefix(error), "\(outcome.errors)")
    }
    #expect(try text() == before)
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "other", "--set", "rounds=4", "--progress", "none"],
      in: folder.path)
    #expect(run.status == 0)
    let other = try baseline(
      "accept", "--from", "other", "--baseline", "baseline.json", "--reason", "x")
    #expect(other.status == 1)
    #expect(
      other.errors
        == "gauntlet: another setting: rounds was 3, is 4; 'baseline make --replace' starts over\n")
    #expect(try text() == before)
    let allowed = try Program.run(
      start + ["--reason", "x", "--allow-ci"], in: folder.path, environment: ["CI": "true"])
    #expect(allowed.status == 0)
    #expect(try text() != before)
  }

  // MARK: - prune

  @Test func pruningDropsWhatTheScenarioLacks() throws {
    try folder.write(
      RecordedResults.scenario.replacing("  - krum", with: "  - median"), to: "new.yaml")
    let before = try text()
    let arguments = ["prune", "--scenario", "new.yaml", "--baseline", "baseline.json"]
    let dry = try Program.run(["baseline"] + arguments + ["-n"], in: folder.path)
    #expect(dry.status == 0 && dry.output == "backdoor/krum\nnone/krum\n")
    #expect(dry.errors == "2 cells would go\n")
    #expect(try text() == before)
    let pruned = try Program.run(["baseline"] + arguments, in: folder.path)
    #expect(pruned.status == 0 && pruned.output == dry.output)
    #expect(pruned.errors == "2 cells dropped from baseline.json\n")
    let (added, removed) = difference(before, try text())
    #expect(removed == 3 && added.count == 2)
    #expect(added.last?.hasSuffix(#""cells":2,"why":"no longer in the scenario"}"#) == true)
    let again = try Program.run(["baseline"] + arguments, in: folder.path)
    #expect(again.status == 0 && again.errors == "nothing to drop\n")
    try folder.write(
      RecordedResults.scenario.replacing("name: tiny", with: "name: other"), to: "new.yaml")
    let other = try Program.run(["baseline"] + arguments, in: folder.path)
    #expect(other.status == 1 && other.errors.contains("new.yaml is the scenario 'other', and"))
  }

  // MARK: - Files

  @Test func aLinkedBaselineStaysLinkedAndKeepsItsMode() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder.path + "/shared", withIntermediateDirectories: false)
    let target = folder.path + "/shared/real.json"
    try files.moveItem(atPath: folder.path + "/baseline.json", toPath: target)
    try files.createSymbolicLink(
      atPath: folder.path + "/baseline.json", withDestinationPath: "shared/real.json")
    try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
    let made = try baseline("make", "results", "-o", "baseline.json", "--replace")
    #expect(made.status == 0)
    let link = try files.destinationOfSymbolicLink(atPath: folder.path + "/baseline.json")
    #expect(link == "shared/real.json")
    #expect(try folder.text("shared/real.json").matches(of: #/"first baseline"/#).count == 2)
    let mode = try files.attributesOfItem(atPath: target)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o640)
    #expect(try files.contentsOfDirectory(atPath: folder.path + "/shared") == ["real.json"])
  }

  /// A limit on the size of files acts as a full disk does.
  @Test(.ofLimits) func aFullDiskLeavesTheOldBaseline() throws {
    try results.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
    let before = try text()
    for command in [
      "accept --from results --baseline baseline.json --reason x",
      "make results -o baseline.json --replace", "make results -o new.json",
    ] {
      let outcome = try Program.shell(
        "trap '' XFSZ; ulimit -f 2; exec \"$GAUNTLET\" baseline \(command)", in: folder.path)
      #expect(outcome.status == 1, "\(command)")
      #expect(outcome.errors.contains(": no space left to write: "), "\(outcome.errors)")
      #expect(try text() == before)
      #expect(try folder.names() == ["baseline.json", "results", "tiny.yaml"])
    }
  }
}
