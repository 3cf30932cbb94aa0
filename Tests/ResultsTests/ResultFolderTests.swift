import Results
import Testing
import _TestSupport

@Suite struct ResultFolderTests {
  @Test func aTornLastLineIsReported() throws {
    let folder = try TemporaryFolder()
    let line = Fixtures.record().line
    try folder.write(line + "\n" + line.prefix(100), to: "trials.jsonl")
    let log = try ResultFolder.readTrials(folder.path)
    #expect(log == .init(records: [Fixtures.record()], tornLine: 2))
  }

  @Test func aWholeLastLineWithoutALineFeedCounts() throws {
    let folder = try TemporaryFolder()
    try folder.write(Fixtures.record().line, to: "trials.jsonl")
    let log = try ResultFolder.readTrials(folder.path)
    #expect(log == .init(records: [Fixtures.record()], tornLine: nil))
  }

  @Test func linesOfOtherTypesAreSkipped() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "{\"type\":\"note\",\"x\":1}\n\n" + Fixtures.record().line + "\n", to: "trials.jsonl")
    #expect(try ResultFolder.readTrials(folder.path).records == [Fixtures.record()])
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    var line: String
    var reason: String
    var testDescription: String { reason }
  }

  static let brokenLines: [Broken] = [
    .init(line: "{", reason: "breaks off where a text should be"),
    .init(line: "{}", reason: "'key' is missing"),
    .init(line: #"{"type":"trial"}"#, reason: "'key' is missing"),
    .init(
      line: Fixtures.record().line.replacing(#""seed":1"#, with: #""seed":"x""#),
      reason: "seed: a number is needed"),
    .init(
      line: Fixtures.record().line.replacing(#""status":"ok""#, with: #""status":"maybe""#),
      reason: "status: 'maybe' is unknown"),
    .init(
      line: Fixtures.record().line.replacing(Fixtures.key, with: "12"),
      reason: "the key '12' is not 64 lower-case hexadecimal digits"),
    .init(
      line: Fixtures.record().line.replacing(String(Fixtures.key.reversed()), with: "zz"),
      reason: "parameters_sha256 'zz' is not 64 lower-case hexadecimal digits"),
    .init(
      line: Fixtures.record().line.replacing(#""rounds":60"#, with: #""rounds":-1"#),
      reason: "rounds is -1"),
  ]

  @Test(arguments: brokenLines) func aBrokenLineInTheMiddleIsAnError(_ broken: Broken) throws {
    let folder = try TemporaryFolder()
    let line = Fixtures.record().line
    try folder.write([line, broken.line, line, ""].joined(separator: "\n"), to: "trials.jsonl")
    let path = folder.path + "/trials.jsonl"
    #expect {
      try ResultFolder.readTrials(folder.path)
    } throws: { error in
      guard case .malformed(path, 2, let reason) = error as? ResultError else { return false }
      return reason.contains(broken.reason)
    }
  }

  @Test func anotherFormatIsRefusedBeforeItsLinesAreRead() throws {
    let folder = try TemporaryFolder()
    try folder.write(#"{"schema":"gauntlet/results/9"}"#, to: "run.json")
    try folder.write("nonsense\n", to: "trials.jsonl")
    let error = ResultError.unsupportedSchema(
      path: folder.path + "/run.json", found: "gauntlet/results/9")
    #expect(throws: error) { try ResultFolder.readTrials(folder.path) }
  }

  @Test func aMissingFileIsNamed() throws {
    let folder = try TemporaryFolder()
    let error = ResultError.unreadable(
      path: folder.path + "/trials.jsonl", reason: "no such file")
    #expect(throws: error) { try ResultFolder.readTrials(folder.path) }
  }

  @Test func theLastLineOfATrialCounts() {
    let failed = Fixtures.trial(1, status: .error)
    let log = ResultFolder.TrialLog(
      records: [failed, Fixtures.trial(2), Fixtures.trial(1), Fixtures.trial(3)])
    #expect(log.latest == [1, 2, 3].map { Fixtures.trial($0) })
    // One component under two ids: the key is the same, the cell is not.
    let twice = [Fixtures.record(defense: "a"), Fixtures.record(defense: "b")]
    #expect(ResultFolder.TrialLog(records: twice).latest == twice)
  }

  static let messages: [(ResultError, String)] = [
    (.alreadyHasTrials(path: "r"), "r: there are results already; --fresh replaces them"),
    (.notOurs(path: "r"), "r: is no file of such results; --fresh replaces it"),
    (.inUse(path: "r"), "r: another run is writing there"),
    (
      .differs(path: "r", reason: "why"), "r: why; --fresh replaces them, or take another folder"
    ),
    (.cannotJoin(path: "r", reason: "why"), "r: cannot be joined with the others: why"),
    (.incomplete(path: "r", reason: "why"), "r: why; --fresh starts over"),
    (
      .outputIsInput(path: "r"),
      "r: is one of the folders to join; take another one for all of them"
    ),
    (.notAFolder(path: "r"), "r: is a file, and a folder is needed"),
    (.notWritable(path: "r", reason: "why"), "r: cannot be written: why"),
    (.noSpace(path: "r", reason: "why"), "r: no space left to write: why"),
    (.writeFailed(path: "r", reason: "why"), "r: writing failed: why"),
    (.unreadable(path: "r", reason: "why"), "r: cannot be read: why"),
    (.malformed(path: "r", line: 3, reason: "why"), "r:3: why"),
    (
      .unsupportedSchema(path: "r", found: "x"),
      "r: has the format 'x'; this version reads 'gauntlet/results/1'"
    ),
  ]

  @Test(arguments: messages) func messagesNameThePath(error: ResultError, text: String) {
    #expect(error.description == text)
  }
}
