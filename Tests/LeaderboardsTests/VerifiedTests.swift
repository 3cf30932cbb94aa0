import Diagnostics
import Foundation
import Leaderboards
import Testing
import _TestSupport

/// What the keeper of a board writes down, and what it is worth.
@Suite struct VerifiedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func record(
    entry: String = "e", content: String = "c", trials: String = "t", date: String = "2026-01-02",
    engine: Int = 3, sampled: Int = 5, total: Int = 15, agreed: Int = 5, seed: Int = 1
  ) -> VerifiedRecord {
    VerifiedRecord(
      entry: entry, contentSHA256: content, trialsSHA256: trials, date: date, tool: "gauntlet 1",
      engine: engine, sampled: sampled, total: total, agreed: agreed, seed: seed)
  }

  @Test(arguments: Sample.hostile) func everyTextComesBack(text: String) throws {
    var record = Self.record(entry: text, content: text, trials: text, date: text)
    record.tool = text
    let file = VerifiedFile([record])
    #expect(try VerifiedFile(text: file.yaml, path: "v") == file)
  }

  @Test(arguments: [
    ("a/b", "a", "b"), ("a//b//", "a", "b"), ("b", ".", "b"), ("/b", "/", "b"),
    ("/a/..", "/a/../..", "/"),
  ])
  func whereAnEntryLies(folder: String, board: String, name: String) {
    let place = EntryPlace(folder)
    #expect(place.board == board && place.name == name)
  }

  @Test func noFileAndNoRecordsAreNone() throws {
    #expect(try VerifiedFile(board: folder.path).records == [])
    #expect(try VerifiedFile(text: VerifiedFile().yaml, path: "v").records == [])
  }

  @Test func everyMistakeIsToldWithItsPlace() throws {
    let text = """
      schema: gauntlet/verified/1
      record: []
      records:
        - {entry: a, sha256: b, date: c, tool: d, engine: 3, sampled: 5, of: 4, agreed: 6, seed: 1}
        - here
      """
    let error = #expect(throws: DocumentError.self) { try VerifiedFile(text: text, path: "v.yaml") }
    let told = try #require(error).description
    for part in [
      "v.yaml:2:1: unknown key 'record'; did you mean 'records'?", "agreed is at most sampled",
      "records[0].trials-sha256 is missing", "records[1] has to be a mapping",
    ] {
      #expect(told.contains(part), "\(part) in \(told)")
    }
  }

  @Test func theDigestIsThatOfSha256sum() {
    // printf A > a.txt; printf B > b.txt; sha256sum a.txt b.txt | sha256sum
    let files = [
      "b.txt": "df7e70e5021544f4834bbee64a9e3789febc4be81470df629cad6ddb03320a5c",
      "a.txt": "559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd",
    ]
    #expect(
      EntryDigest.text(files) == "2fbe02c965afb1a1140c5ac1dbd41600c4b6c12eb13f0424ce79d8ad1ef83f3f")
  }

  @Test(arguments: [(1, 1), (4, 4), (5, 5), (240, 5), (250, 5), (251, 6), (1_000, 20)])
  func theLeastSample(total: Int, least: Int) {
    #expect(VerifiedRecord.leastSample(of: total) == least)
  }

  @Test func aNewRecordReplacesWhatSaysNothingAnyMore() {
    var file = VerifiedFile([
      Self.record(entry: "other"), Self.record(seed: 2),
      Self.record(content: "old", trials: "old", agreed: 4),
      Self.record(content: "before", agreed: 3, seed: 9), Self.record(content: "gone", seed: 3),
    ])
    file.add(Self.record(agreed: 4, seed: 2))
    // What differed in these trials stays, although entry.yaml was changed since.
    #expect(file.records(of: "e").map(\.contentSHA256) == ["before", "c"])
    #expect(file.records(of: "e").map(\.agreed) == [3, 4])
    #expect(file.records(of: "other").count == 1)
  }

  /// What the keeper's file says of an entry of 15 finished trials, and what that makes of it; `=`
  /// stands for the digest of what is there.
  @Test(
    arguments: [
      (record(entry: "krum", content: "=", trials: "="), .recomputed, []),
      (record(entry: "krum", content: "=", trials: "=", agreed: 4), .disputed, []),
      (record(entry: "krum", trials: "="), .checked, ["S018"]),
      (record(entry: "krum", trials: "=", agreed: 4), .disputed, ["S018"]),
      (record(entry: "krum", agreed: 4), .checked, ["S018"]),
      (record(entry: "other", content: "=", trials: "="), .checked, []),
      (record(entry: "krum", content: "=", trials: "=", engine: 2), .checked, ["S023"]),
      (record(entry: "krum", content: "=", trials: "=", total: 16), .checked, ["S023"]),
      (record(entry: "krum", content: "=", trials: "=", sampled: 4, agreed: 4), .checked, ["S023"]),
      (
        record(entry: "krum", content: "=", trials: "=", sampled: 4, agreed: 3), .disputed, ["S023"]
      ),
    ] as [(VerifiedRecord, EntryStatus, [String])])
  func whatARecordIsWorth(
    stated: VerifiedRecord, status: EntryStatus, rules: [String]
  ) throws {
    let path = try Sample.pack(into: folder, name: "krum")
    var loader = Sample.loader()
    let sha256 = try loader.check(path).sha256
    var record = stated
    if record.contentSHA256 == "=" { record.contentSHA256 = sha256 }
    if record.trialsSHA256 == "=" {
      record.trialsSHA256 = try #require(Sample.fileDigest(path + "/results/trials.jsonl"))
    }
    try VerifiedFile([record]).yaml.write(
      toFile: folder.path + "/verified.yaml", atomically: true, encoding: .utf8)
    var again = Sample.loader()
    let check = try again.check(path)
    #expect(check.status == status)
    #expect(check.findings.map(\.rule.id) == rules)
    // A letter more in entry.yaml, and the mark is gone; what differed does not go away by that.
    guard status == .recomputed else { return }
    try Sample.edit(path + "/entry.yaml") { $0 + "note: \"n\"\n" }
    var last = Sample.loader()
    #expect(try last.check(path).status == .checked)
  }

  @Test func theDigestCoversAllFilesOfTheEntry() throws {
    let path = try Sample.pack(into: folder, name: "krum")
    var seen: Set<String> = []
    for file in [nil, "entry.yaml", "results/scenario.yaml", "results/trials.jsonl"] {
      if let file { try Sample.edit(path + "/" + file) { $0 + "\n" } }
      var loader = Sample.loader()
      #expect(try seen.insert(loader.check(path).sha256).inserted, "\(file ?? "")")
    }
  }

  @Test func aBrokenFileOfTheKeeperIsNoSilence() throws {
    let path = try Sample.pack(into: folder, name: "krum")
    try "schema: x".write(
      toFile: folder.path + "/verified.yaml", atomically: true, encoding: .utf8)
    var loader = Sample.loader()
    let error = #expect(throws: EntryLoader.Unreadable.self) { try loader.check(path) }
    #expect(try #require(error).findings.map(\.rule.id) == ["S024"])
  }
}
