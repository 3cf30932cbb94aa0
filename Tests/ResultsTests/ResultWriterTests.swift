import Foundation
import Testing
import _TestSupport

@testable import Results

@Suite struct ResultWriterTests {
  @Test func writesTheFourFilesAndReadsThemBack() throws {
    let folder = try TemporaryFolder()
    let writer = try ResultWriter(folder: folder.path + "/deep/er")
    let records = [
      Fixtures.record(rounds: 2),
      Fixtures.record(key: Fixtures.key(2), seed: 2, rounds: 2),
    ]
    for record in records {
      try writer.append(
        rounds: [
          RoundRecordV1(round: 0, values: ["accuracy": 0.5, "loss": 2]),
          RoundRecordV1(round: 1, values: ["loss": .nan]),
        ], of: record)
      try writer.append(record)
    }
    try writer.finish(Fixtures.manifest) { path in String(path.split(separator: "/").last ?? "") }

    let inner = folder.path + "/deep/er"
    let names = try FileManager.default.contentsOfDirectory(atPath: inner).sorted()
    #expect(names == ["rounds.csv", "run.json", "trials.csv", "trials.jsonl"])
    #expect(try ResultFolder.readTrials(inner) == .init(records: records, tornLine: nil))
    var manifest = Fixtures.manifest
    manifest.files = [
      "rounds.csv": "rounds.csv", "trials.csv": "trials.csv", "trials.jsonl": "trials.jsonl",
    ]
    #expect(try ResultFolder.readManifest(inner) == manifest)
    #expect(
      try folder.text("deep/er/rounds.csv") == """
        key,attack,defense,seed,round,accuracy,loss
        0123456789ab,backdoor,krum,1,0,0.5,2
        0123456789ab,backdoor,krum,1,1,,
        \(Fixtures.key(2)),backdoor,krum,2,0,0.5,2
        \(Fixtures.key(2)),backdoor,krum,2,1,,

        """)
    #expect(try folder.text("deep/er/trials.csv").hasPrefix("scenario,cell,attack,defense,seed,"))
  }

  @Test func manifestIsReadableText() throws {
    let difference = Goldens.difference(try Fixtures.manifest.text(), from: "run.json")
    #expect(difference == nil)
    #expect(
      RunManifestV1.timestamp(Date(timeIntervalSince1970: 1.9)) == "1970-01-01T00:00:01Z")
  }

  @Test func freshReplacesResultsAndTouchesOnlyItsOwn() throws {
    let folder = try TemporaryFolder()
    try ResultWriter(folder: folder.path).append(Fixtures.record())
    try folder.write("mine", to: "notes.txt")
    try folder.write("old", to: "trials.csv")
    let writer = try ResultWriter(folder: folder.path, fresh: true)
    #expect(writer.found.records.isEmpty && writer.previous == nil)
    #expect(try ResultFolder.readTrials(folder.path).records.isEmpty)
    #expect(try folder.text("notes.txt") == "mine")
    #expect(try folder.names() == ["notes.txt", "rounds.csv", "trials.jsonl"])
  }

  @Test func whatARunWithoutTrialsLeftIsNoObstacle() throws {
    let folder = try TemporaryFolder()
    try ResultWriter(folder: folder.path).write(Fixtures.manifest)
    #expect(try ResultWriter(folder: folder.path).previous == Fixtures.manifest)
    // One that was stopped then even has a table, without lines.
    try ResultWriter(folder: folder.path).finish(Fixtures.manifest) { _ in nil }
    #expect(try folder.text("trials.csv").hasPrefix("scenario,cell,"))
    #expect(try ResultWriter(folder: folder.path).found.records.isEmpty)
    #expect(try folder.text("rounds.csv") == Fixtures.layout.header)
  }

  @Test(arguments: ResultFolder.fileNames) func filesOfOthersAreNotReplaced(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("somebody else's", to: name)
    #expect(throws: ResultError.notOurs(path: folder.path + "/" + name)) {
      try ResultWriter(folder: folder.path)
    }
    #expect(try folder.names() == [name])
    #expect(try folder.text(name) == "somebody else's")
  }

  @Test func aFileInTheWayIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let file = folder.path + "/file"
    #expect(throws: ResultError.notAFolder(path: file)) { try ResultWriter(folder: file) }
    #expect(throws: ResultError.notAFolder(path: file)) {
      try ResultWriter(folder: file + "/below")
    }
    #expect(throws: ResultError.notAFolder(path: file)) {
      try ResultWriter(folder: file + "/below/deeper")
    }
  }

  @Test(
    .disabled(if: geteuid() == 0, "root may write everywhere: run the tests as another user"))
  func aReadOnlyFolderIsNamed() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    #expect {
      try ResultWriter(folder: folder.path + "/results")
    } throws: { error in
      if case .notWritable = error as? ResultError { true } else { false }
    }
    #expect {
      try ResultWriter(folder: folder.path)
    } throws: { error in
      if case .notWritable = error as? ResultError { true } else { false }
    }
  }
}
