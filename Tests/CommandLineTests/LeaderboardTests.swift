import Foundation
import Testing
import _TestSupport

/// Entries from the run to the page, as those who send them in and those who keep the board use them.
@Suite struct LeaderboardTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    try expect(["run", "tiny.yaml", "-o", "results", "--progress", "none", "-q"], 0)
  }

  @discardableResult
  private func expect(_ arguments: [String], _ status: Int32) throws -> Program.Outcome {
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
    #expect(outcome.exited)
    return outcome
  }

  private func pack(_ options: String..., to output: String, status: Int32 = 0) throws {
    try expect(
      ["submit", "pack", "results", "--who", "A. Author", "--licence", "MIT", "-o", output]
        + options, status)
  }

  private func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = try folder.text(name)
    #expect(text.contains(old), "\(name) has no '\(old)'")
    try folder.write(text.replacing(old, with: new), to: name)
  }

  @Test func fromTheRunToThePage() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries")
    let check = try expect(["submit", "check", "entries/krum", "entries/mean"], 0)
    #expect(check.output == "entries/krum: checked\nentries/mean: checked\n")
    let entry = try folder.text("entries/krum/entry.yaml")
    let verified = try expect(["verify", "entries/krum", "--sample", "100%", "--record"], 0)
    #expect(verified.output.contains("4 of 4 trials agree to the bit, drawn from 4"))
    // The keeper's file is no entry's.
    #expect(try folder.text("entries/verified.yaml").contains("sampled: 4, of: 4, agreed: 4"))
    #expect(try folder.text("entries/krum/entry.yaml") == entry)
    let built = try expect(["leaderboard", "build", "entries", "-o", "site"], 0)
    #expect(built.output.isEmpty && built.errors == "2 rows of 2 entries, site/index.html\n")
    let page = try folder.text("site/index.html")
    #expect(page.contains("data-status=\"recomputed\"") && page.contains("data-status=\"checked\""))
    #expect(try folder.text("site/leaderboard.csv").split(separator: "\n").count == 3)
    // Nothing depends on when or where it is built.
    try expect(["leaderboard", "build", "entries", "-o", "again"], 0)
    #expect(try folder.text("again/index.html") == page)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      #expect(!name.contains("partial"))
    }
  }

  @Test func whatTheKeeperFoundIsOfTheEntryThatIsThere() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries")
    try expect(["verify", "entries/krum", "--sample", "100%", "--record"], 0)
    #expect(try expect(["submit", "check", "entries/krum"], 0).output.hasSuffix(": recomputed\n"))
    // The same from within.
    let inside = try Program.run(["submit", "check", "."], in: folder.path + "/entries/krum")
    #expect(inside.output == ".: recomputed\n")
    try edit("entries/krum/entry.yaml", "A. Author", "B. Author")
    let changed = try expect(["submit", "check", "entries/krum"], 0)
    #expect(changed.output.hasSuffix(": checked\n") && changed.errors.contains("S018"))
    // A sample that is too small is told, and makes nothing of it.
    try expect(["verify", "entries/mean", "--sample", "1%", "--record"], 0)
    let few = try expect(["submit", "check", "entries/mean"], 0)
    #expect(few.output.hasSuffix(": checked\n") && few.errors.contains("S023"))
    try folder.write("records: x", to: "entries/verified.yaml")
    let broken = try expect(["leaderboard", "build", "entries", "-o", "site"], 1)
    #expect(broken.errors.contains("entries/verified.yaml:1:10: records has to be a list"))
    #expect(try folder.names().contains("site") == false)
  }

  /// Each reads the file, adds a record and writes it again; none may undo what another did.
  @Test func recordsOfTheSameMomentAreAllKept() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries")
    let entries = folder.path + "/entries"
    let before = try FileManager.default.contentsOfDirectory(atPath: entries)
    let runs = try (1...8).map { seed in
      try Program.Started(
        ["verify", "entries/krum", "--sample", "25%", "--record", "-q", "--seed", "\(seed)"],
        in: folder.path)
    }
    for run in runs { #expect(try run.end().status == 0) }
    let file = try folder.text("entries/verified.yaml")
    for seed in 1...8 { #expect(file.contains("seed: \(seed)}"), "\(file)") }
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: entries))
        == Set(before + ["verified.yaml"]))
  }

  @Test func recordsOfEntriesThatAreGoneAreTold() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries")
    try expect(["verify", "entries/krum", "--sample", "100%", "--record"], 0)
    try FileManager.default.moveItem(
      atPath: folder.path + "/entries/krum", toPath: folder.path + "/entries/crumb")
    let warning =
      #/entries/verified\.yaml: S025 warning: what was recorded of 'krum' on [-0-9]+ is of no entry that is there; give /#
    let built = try expect(["leaderboard", "build", "entries", "-o", "site"], 0)
    #expect(built.errors.contains(warning))
    #expect(built.errors.split(separator: "\n").count == 2)
    let verified = try expect(["verify", "entries/crumb", "--sample", "100%", "--record"], 0)
    #expect(verified.errors.contains(warning))
  }

  @Test func otherSeedsTellALuckyOne() throws {
    try pack("--defense", "krum", "--scenario", "tiny.yaml", "--preliminary", to: "entry")
    let fair = try expect(["verify", "entry", "--seeds", "11,12"], 0)
    #expect(fair.output.contains("and with 2 other seeds"))
    #expect(fair.output.contains("is to be expected: "))
    let known = try expect(["verify", "entry", "--seeds", "1..3"], 1)
    #expect(known.errors.contains("--seeds: the entry has the seed 1"))
    try expect(["verify", "entry", "--seeds", "3..1"], 64)
    // Another claims that each of its seeds keeps more than any other can.
    let path = "results/trials.jsonl"
    let text = try folder.text(path)
    try folder.write(
      text.replacing(/"accuracy\.stop":[0-9.e-]+/, with: "\"accuracy.stop\":0.999"), to: path)
    let manifest = try folder.text("results/run.json")
      .replacing(/"trials\.jsonl"\s*:\s*"[0-9a-f]{64}"/, with: "\"other\": \"x\"")
    try folder.write(manifest, to: "results/run.json")
    try pack("--defense", "krum", "--scenario", "tiny.yaml", "--preliminary", to: "lucky")
    let lucky = try expect(["verify", "lucky", "--sample", "1%", "--seeds", "11,12"], 2)
    #expect(lucky.output.contains("0.999, and with 2 other seeds"))
    #expect(lucky.output.contains("to be expected: too little"))
  }

  @Test func aDeadlineEndsItWithWhatWasDone() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries")
    // More than any machine runs again in a second.
    let many = Array(repeating: "entries/krum", count: 5_000)
    let outcome = try expect(
      ["verify"] + many + ["--sample", "100%", "--record", "--deadline", "1s"], 75)
    #expect(outcome.errors.contains(/the deadline is there: stopping/))
    #expect(outcome.errors.contains(/stopped: \d+ of 5000 entries done/))
    // What ended is told, and what did not is not recorded as if it had.
    let done = try #require(outcome.errors.firstMatch(of: /stopped: (\d+) of/)).1
    let whole = outcome.outputLines.count { $0.hasPrefix("entries/krum: 4 of 4 trials agree") }
    #expect(whole == Int(done))
    let isRecorded = FileManager.default.fileExists(
      atPath: folder.path + "/entries/verified.yaml")
    #expect(isRecorded == (whole > 0))
    try expect(["verify", "entries/krum", "--deadline", "soon"], 64)
    for sample in ["0x10%", "nan", "inf%", "0", "101%", "1,5%", "%", ""] {
      try expect(["verify", "entries/krum", "--sample", sample], 64)
    }
    try expect(["verify", "entries/krum", "--sample", "25%", "--deadline", "1h"], 0)
  }

  @Test func aSiteReplacesItselfAndNothingElse() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries")
    try expect(["leaderboard", "build", "entries", "-o", "site", "-q"], 0)
    let page = try folder.text("site/index.html")
    try expect(["leaderboard", "build", "entries", "-o", "site", "--title", "Another", "-q"], 0)
    #expect(try folder.text("site/index.html") != page)
    // What nobody but its owner wrote stays, and so does the site beside it.
    try folder.write("mine", to: "site/notes.txt")
    let refused = try expect(["leaderboard", "build", "entries", "-o", "site"], 1)
    #expect(refused.errors.contains("site: holds 'notes.txt'"))
    #expect(try folder.text("site/notes.txt") == "mine")
    #expect(try folder.text("site/index.html").contains("Another"))
  }

  @Test func aBadEntryKeepsNobodyFromTheOthers() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries")
    try folder.write("schema: x", to: "entries/mean/entry.yaml")
    let outcome = try expect(
      ["verify", "entries/mean", "entries/krum", "--sample", "50%"], 1)
    #expect(outcome.output.contains("entries/krum: 2 of 2 trials agree to the bit"))
  }

  @Test func whatIsNotReproducedIsDisputed() throws {
    // The digests are mended, as a forger would: only running it again tells.
    let path = "results/trials.jsonl"
    let text = try folder.text(path)
    let forged =
      text.split(separator: "\n").map { line -> String in
        guard line.contains("\"cell\":\"backdoor/krum\"") else { return String(line) }
        return String(line).replacing(/"accuracy\.stop":[0-9.e-]+/, with: "\"accuracy.stop\":0.987")
      }.joined(separator: "\n") + "\n"
    #expect(forged != text)
    try folder.write(forged, to: path)
    let manifest = try folder.text("results/run.json")
      .replacing(/"trials\.jsonl"\s*:\s*"[0-9a-f]{64}"/, with: "\"other\": \"x\"")
    try folder.write(manifest, to: "results/run.json")
    try pack(
      "--defense", "krum", "--scenario", "tiny.yaml", "--preliminary", to: "entry")
    let outcome = try expect(["verify", "entry", "--sample", "100%", "--record"], 2)
    #expect(outcome.errors.contains("backdoor/krum, seed 1: accuracy.stop is 0.987 in the entry"))
    #expect(outcome.output.contains("2 of 4 trials agree"))
    let check = try expect(["submit", "check", "entry"], 0)
    #expect(check.output == "entry: disputed\n")
  }

  @Test func brokenRulesAreToldAndListed() throws {
    try pack("--defense", "krum", "--scenario", "tiny.yaml", to: "entries/krum", status: 2)
    try pack("--defense", "mean", "--preliminary", to: "entries/mean")
    let check = try expect(
      ["submit", "check", "entries/krum", "entries/mean", "--format", "json"], 2)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(check.output.utf8)) as? [String: Any])
    let entries = try #require(json["entries"] as? [[String: Any]])
    #expect(entries.map { $0["accepted"] as? Bool } == [false, true])
    #expect(entries[1]["status"] as? String == "self-reported")
    let findings = try #require(entries[0]["findings"] as? [[String: Any]])
    #expect(findings.map { $0["rule"] as? String } == ["S009"])
    let built = try expect(["leaderboard", "build", "entries", "-o", "site"], 5)
    #expect(built.errors.contains("S009") && built.errors.contains("1 entry not on the board"))
    let page = try folder.text("site/index.html")
    #expect(page.contains("Not on the board") && page.contains("entries/krum"))
    // None is left, and the page stays as it is.
    try FileManager.default.removeItem(atPath: folder.path + "/entries/mean")
    try expect(["leaderboard", "build", "entries", "-o", "site"], 1)
    #expect(try folder.text("site/index.html") == page)
  }

  @Test func anotherScenarioDoesNotFitTheKeys() throws {
    try folder.write(TestScenario.tiny("rounds: 3", "rounds: 4"), to: "other.yaml")
    try pack(
      "--defense", "krum", "--scenario", "other.yaml", "--preliminary", to: "entry", status: 2)
    let check = try expect(["submit", "check", "entry"], 2)
    #expect(check.errors.contains("S012") && check.errors.contains("trials.jsonl:"))
    let verified = try expect(["verify", "entry"], 2)
    #expect(verified.errors.contains("S012"))
  }

  @Test func wrongUseIsOneClearError() throws {
    try pack("--defense", "krm", to: "entry", status: 1)
    #expect(try expect(["submit", "check", "nowhere"], 1).errors.contains("S001"))
    #expect(
      try expect(["leaderboard", "build", "nowhere", "-o", "s"], 1).errors.contains("no such"))
    try FileManager.default.createDirectory(
      atPath: folder.path + "/empty", withIntermediateDirectories: false)
    #expect(
      try expect(["leaderboard", "build", "empty", "-o", "s"], 1).errors.contains("holds no entry"))
    for sample in ["0", "101%", "nan", "x"] {
      try expect(["verify", "entry", "--sample", sample], 64)
    }
    try expect(["submit", "check"], 64)
    try expect(["submit", "pack", "results", "--who", "a", "--licence", "b", "-o", "c"], 64)
    try pack("--defense", "krum", to: "results", status: 1)
    #expect(try folder.names() == ["empty", "results", "tiny.yaml"])
  }

  @Test func aLicenceIsALicense() throws {
    try expect(
      [
        "submit", "pack", "results", "--who", "A. Author", "--license", "MIT", "--defense", "krum",
        "--scenario", "tiny.yaml", "--preliminary", "-o", "entry",
      ], 0)
    #expect(try folder.text("entry/entry.yaml").contains("licence: \"MIT\""))
  }

  @Test func aSlashAtTheEndOfAFolder() throws {
    try pack("--all", "--scenario", "tiny.yaml", "--preliminary", to: "entries//")
    try expect(["submit", "check", "entries/krum/", "entries/mean"], 0)
    #expect(try folder.names() == ["entries", "results", "tiny.yaml"])
  }

  @Test func aScenarioThatMakesAnotherOne() throws {
    try pack("--defense", "krum", "--scenario", "tiny.yaml", "--preliminary", to: "entry")
    // What the page shows of the setting is made up; nothing else is.
    let text = try folder.text("entry/results/run.json")
    let forged = text.replacing(/"malicious"\s*:\s*1/, with: "\"malicious\" : 3")
    #expect(forged != text)
    try folder.write(forged, to: "entry/results/run.json")
    let check = try expect(["submit", "check", "entry"], 2)
    #expect(check.errors.contains("S020") && check.errors.contains("threat.malicious was 1, is 3"))
  }

  @Test func rulesAreListed() throws {
    let rules = try expect(["submit", "check", "--rules"], 0).outputLines
    #expect(rules[0] == "gauntlet/entry-rules/2" && rules[1].hasPrefix("S001 error: "))
  }
}
