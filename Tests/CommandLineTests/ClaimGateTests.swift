import Foundation
import Testing
import _TestSupport

/// `gate --claims`: bounds that hold whatever a baseline says.
@Suite(.recordedResults) struct ClaimGateTests {
  private let folder: TemporaryFolder

  init() throws { folder = try RecordedResults.copy() }

  private func gate(_ claims: String, _ options: String...) throws -> Program.Outcome {
    try folder.write(claims, to: "claims.yaml")
    return try Program.run(
      ["gate", "results", "--claims", "claims.yaml"] + options, in: folder.path)
  }

  @Test func aClaimHoldsWithoutABaseline() throws {
    let outcome = try gate(TestClaims.text("low", "accuracy.final: {max: 0.99}"), "--strict")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("gate passed: 1 claim holds\n"))
    #expect(
      outcome.output.contains("  holds  low  backdoor/krum accuracy.final: 0.467 over 5 seeds"))
  }

  /// Its accuracy is that of a model that always says the largest class.
  @Test func aClaimAboutTheSuccessOnADeadModelIsTwo() throws {
    for bound in ["max: 0.99", "min: 0.01"] {
      let outcome = try gate(TestClaims.text("low", "asr.final: {\(bound)}"))
      #expect(outcome.status == 2 && outcome.output.hasPrefix("gate failed: 1 void claim\n"))
      #expect(outcome.output.contains("  void  low  backdoor/krum asr.final: 0.412 over 5 seeds;"))
    }
    let known = try gate(
      TestClaims.text("low", "asr.final: {max: 0.99}", "holds: false"), "--strict")
    #expect(known.status == 0 && known.output.hasPrefix("gate passed: 1 claim known to fail\n"))
  }

  @Test func aBrokenClaimIsTwo() throws {
    let text = TestClaims.text("low", "accuracy.final: {max: 0.1}")
    let outcome = try gate(text)
    #expect(outcome.status == 2)
    #expect(
      outcome.output.contains("  broken  low  backdoor/krum accuracy.final: 0.467 over 5 seeds;"))
    // However well the baseline is met.
    let both = try gate(text, "--baseline", "baseline.json", "-q")
    #expect(both.status == 2)
    #expect(both.output.contains("34 of 34 checks identical"))
  }

  @Test func aMeanWithinAndAnIntervalBeyondIsInconclusive() throws {
    let text = TestClaims.text("low", "accuracy.final: {max: 0.5}")
    #expect(try gate(text).status == 0)
    let strict = try gate(text, "--strict", "-q")
    #expect(strict.status == 3)
    #expect(strict.output == "gate: undecided, 1 inconclusive claim, 0 of 1 claim held\n")
  }

  @Test func noSuchCellIsFive() throws {
    let text = TestClaims.text("low", "accuracy.final: {max: 0.99}").replacing(
      "krum", with: "krumm")
    let outcome = try gate(text)
    #expect(outcome.status == 5)
    #expect(outcome.output.contains("no defense is 'krumm'; did you mean 'krum'?"))
  }

  @Test func aClaimOutsideTheSelectionIsSkipped() throws {
    let text = TestClaims.text("low", "accuracy.final: {max: 0.1}")
    let outside = try gate(text, "--baseline", "baseline.json", "--skip", "defense=krum")
    #expect(outside.status == 0)
    #expect(
      outside.output.replacing(/\s+/, with: " ").contains(
        "note 1 claim skipped, with no cell in the selection: low"))
    #expect(!outside.output.contains("broken"))
    #expect(try gate(text, "--baseline", "baseline.json", "--only", "defense=krum").status == 2)
    // Alone there is nothing left to judge, and a cell that is nowhere is no matter of selection.
    #expect(try gate(text, "--skip", "defense=krum").status == 5)
    let wrong = text.replacing("krum", with: "krumm")
    #expect(try gate(wrong, "--baseline", "baseline.json", "--only", "attack=none").status == 5)
  }

  @Test func aClaimThatIsKnownToFailMayFail() throws {
    let fails = try gate(
      TestClaims.text("low", "accuracy.final: {max: 0.1}", "holds: false"), "--strict")
    #expect(fails.status == 0 && fails.output.hasPrefix("gate passed: 1 claim known to fail\n"))
    let holds = try gate(TestClaims.text("low", "accuracy.final: {max: 0.99}", "holds: false"))
    #expect(holds.status == 0 && holds.output.contains("  holds after all  low  "))
  }

  @Test func theWorstOverCells() throws {
    let text = TestClaims.text("low", "accuracy.final: {max: 0.99}", "over: worst")
      .replacing("attack: backdoor, defense: krum", with: "defense: [krum, mean]")
    let outcome = try gate(text)
    #expect(outcome.status == 0 && outcome.output.contains("worst of 4: "))
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var error: String
  }

  static let bad: [Bad] = [
    .init(
      testDescription: "unknown metric", text: TestClaims.text("low", "asr.finl: {max: 0.9}"),
      error: "claims.yaml:3:5: the claim 'low': there is no metric 'asr.finl'; did you mean "
        + "'asr.final'?\n"),
    .init(
      testDescription: "no bound", text: TestClaims.text("low", "asr.final: {}"),
      error: "claims.yaml:5:25: claims[0].expect.asr.final needs min or max\n"),
    .init(
      testDescription: "unknown key",
      text: TestClaims.text("low", "asr.final: {max: 0.9}", "confidense: 0.9"),
      error: "claims.yaml:6:5: unknown key 'claims[0].confidense'; did you mean 'confidence'?\n"),
    .init(testDescription: "empty", text: "", error: "claims.yaml: the file is empty\n"),
    .init(
      testDescription: "future schema",
      text: TestClaims.text("low", "asr.final: {max: 0.9}").replacing("claims/1", with: "claims/2"),
      error: "claims.yaml:1:1: has the format 'gauntlet/claims/2'; this version reads "
        + "'gauntlet/claims/1'\n"),
  ]

  @Test(arguments: bad) func badClaims(bad: Bad) throws {
    let outcome = try gate(bad.text, "--junit", "gate.xml")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors == "gauntlet: " + bad.error)
    #expect(try !folder.names().contains("gate.xml"))
  }

  @Test func filesOfClaims() throws {
    let first = TestClaims.text("first", "accuracy.final: {max: 0.99}")
    try folder.write(TestClaims.text("second", "accuracy.final: {max: 0.98}"), to: "more.yaml")
    let both = try gate(first, "--claims", "more.yaml")
    #expect(both.status == 0 && both.output.hasPrefix("gate passed: 2 claims hold\n"))
    let twice = try gate(first, "--claims", "claims.yaml")
    #expect(twice.status == 1)
    #expect(twice.errors.contains("the claim 'first' is in claims.yaml and in claims.yaml"))
    let missing = try gate(first, "--claims", "nowhere.yaml")
    #expect(missing.status == 1 && missing.errors == "gauntlet: nowhere.yaml: no such file\n")
    let folder = try gate(first, "--claims", "results")
    #expect(folder.status == 1 && folder.errors.contains("results: is a folder"))
  }
}
