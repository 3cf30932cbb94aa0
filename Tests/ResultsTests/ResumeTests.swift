import Foundation
import Testing
import _TestSupport

@testable import Results

/// Going on in a folder that another run left.
@Suite struct ResumeTests {
  private static let header = "key,attack,defense,seed,round,accuracy,loss\n"

  /// A folder with the given trials and their rows.
  private func folder(_ trials: [TrialRecordV1]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let writer = try ResultWriter(folder: folder.path)
    for trial in trials { try writer.take(trial) }
    try writer.finish(Fixtures.manifest) { _ in nil }
    return folder
  }

  private func append(_ text: String, to name: String, in folder: TemporaryFolder) throws {
    try folder.write(try folder.text(name) + text, to: name)
  }

  /// The texts of the four files by name.
  private func texts(_ folder: TemporaryFolder) throws -> [String: String] {
    try Dictionary(uniqueKeysWithValues: folder.names().map { ($0, try folder.text($0)) })
  }

  private let trials = [1, 2].map { Fixtures.trial($0) }

  @Test func whatIsThereIsFoundAndStays() throws {
    let folder = try folder(trials)
    let before = try texts(folder)
    let writer = try ResultWriter(folder: folder.path, run: Fixtures.expectation(trials))
    #expect(writer.found.records == trials && writer.found.tornLine == nil)
    #expect(writer.previous?.scenario.name == "core")
    #expect(try texts(folder) == before)
    let third = Fixtures.trial(3)
    try writer.take(third)
    #expect(try ResultFolder.readTrials(folder.path).records == trials + [third])
    #expect(try folder.text("rounds.csv") == Self.header + Fixtures.lines(trials + [third]))
  }

  @Test(arguments: [1, 9, 10, 100, 300]) func aTornLineIsCutOff(length: Int) throws {
    let folder = try folder(trials)
    let before = try texts(folder)
    let third = Fixtures.trial(3)
    try append(String(third.line.prefix(length)), to: "trials.jsonl", in: folder)
    let writer = try ResultWriter(folder: folder.path)
    #expect(writer.found.tornLine == 3 && writer.found.records == trials)
    #expect(try texts(folder) == before)
    try writer.append(third)
    #expect(try ResultFolder.readTrials(folder.path).records == trials + [third])
  }

  @Test func aLineThatLacksItsLineFeedGetsIt() throws {
    let folder = try folder(trials)
    let before = try texts(folder)
    try folder.write(String(try folder.text("trials.jsonl").dropLast()), to: "trials.jsonl")
    #expect(try ResultWriter(folder: folder.path).found.records == trials)
    #expect(try texts(folder) == before)
  }

  @Test func zerosThatAPowerCutLeavesAreCutOff() throws {
    let folder = try folder(trials)
    let before = try texts(folder)
    try append(String(repeating: "\0", count: 100), to: "trials.jsonl", in: folder)
    #expect(try ResultWriter(folder: folder.path).found.tornLine == 3)
    #expect(try texts(folder) == before)
  }

  /// A kill in the middle of a trial's lines, at every byte of the two that it has.
  @Test func rowsWithoutATrialAreCutOff() throws {
    let folder = try folder(trials)
    let before = try texts(folder)
    let third = Fixtures.trial(3)
    let rows = Fixtures.lines([third])
    for length in 1...rows.utf8.count {
      try append(String(rows.prefix(length)), to: "rounds.csv", in: folder)
      try ResultWriter(folder: folder.path).take(third)
      #expect(
        try folder.text("rounds.csv") == Self.header + Fixtures.lines(trials + [third]),
        "\(length) bytes")
      for (name, text) in before { try folder.write(text, to: name) }
    }
  }

  /// Lines whose trial is in the log cannot break off by a kill; where they do, the trial runs again.
  @Test func aTrialWithTornRowsRunsAgain() throws {
    let folder = try folder(trials)
    let rows = try folder.text("rounds.csv")
    for length in 1...Fixtures.lines([trials[1]]).utf8.count {
      try folder.write(String(rows.dropLast(length)), to: "rounds.csv")
      try goesOn(folder, without: [trials[1]])
    }
  }

  /// Expects that the rows of trials are missing and the other rows stay.
  private func goesOn(
    _ folder: TemporaryFolder, without lacking: [TrialRecordV1],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let kept = trials.filter { !lacking.contains($0) }
    let surveyed = try ResultFolder.survey(folder.path, layout: Fixtures.layout)
    #expect(surveyed.records == kept, sourceLocation: location)
    let log = try folder.text("trials.jsonl")
    let writer = try ResultWriter(folder: folder.path)
    #expect(writer.lackingRounds == lacking, sourceLocation: location)
    #expect(writer.found.records == kept, sourceLocation: location)
    #expect(
      try folder.text("rounds.csv") == Self.header + Fixtures.lines(kept), sourceLocation: location)
    #expect(try folder.text("trials.jsonl") == log, sourceLocation: location)
  }

  @Test func rowsOfATrialWhoseLineIsTornAreCutOff() throws {
    let folder = try folder(trials)
    try folder.write(String(try folder.text("trials.jsonl").dropLast(20)), to: "trials.jsonl")
    let writer = try ResultWriter(folder: folder.path)
    #expect(writer.found.records == [trials[0]])
    #expect(try folder.text("rounds.csv") == Self.header + Fixtures.lines([trials[0]]))
  }

  @Test(arguments: 0..<44) func aPartOfTheHeaderIsCompleted(length: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "trials.jsonl")
    try folder.write(String(Self.header.prefix(length)), to: "rounds.csv")
    _ = try ResultWriter(folder: folder.path)
    #expect(try folder.text("rounds.csv") == Self.header)
  }

  @Test func theTableHasTheLastLinesInTheOrderOfThePlan() throws {
    let failed = Fixtures.trial(2, status: .error)
    let folder = try folder([Fixtures.trial(9), failed, Fixtures.trial(3)])
    let writer = try ResultWriter(folder: folder.path)
    for trial in [Fixtures.trial(2), Fixtures.trial(1)] {
      try writer.take(trial)
    }
    try writer.finish(
      Fixtures.manifest, order: [1, 2, 3].map { Fixtures.trial($0).identity }
    ) { _ in nil }
    let lines = try folder.text("trials.csv").split(separator: "\n").dropFirst()
    #expect(lines.map { $0.split(separator: ",")[4] } == ["1", "2", "3", "9"])
    #expect(lines.allSatisfy { $0.contains(",ok,") })
  }

  // MARK: - Refusals

  /// Expects that opening the folder fails like this and changes nothing.
  private func refuses(
    _ folder: TemporaryFolder, run: ExpectedRun? = nil,
    where isExpected: (ResultError) -> Bool, at location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try texts(folder)
    #expect(sourceLocation: location) {
      try ResultWriter(folder: folder.path, run: run)
    } throws: { error in
      (error as? ResultError).map(isExpected) == true
    }
    #expect(try texts(folder) == before, sourceLocation: location)
  }

  @Test func trialsThatLackRowsRunAgain() throws {
    let whole = try folder(trials)
    let rows = try whole.text("rounds.csv")
    // The last row, then that of a trial in the middle, then one that is there twice.
    let lines = rows.split(separator: "\n").map { $0 + "\n" }
    for (kept, seed) in [
      (lines.dropLast(), 2), (lines[0..<1] + lines[3...], 1), (lines[0..<2] + lines[3...], 1),
      (lines[0..<3] + lines[2...], 1),
    ] {
      try whole.write(kept.joined(), to: "rounds.csv")
      try goesOn(whole, without: [trials[seed - 1]])
    }
    let bare = try folder(trials)
    try FileManager.default.removeItem(atPath: bare.path + "/rounds.csv")
    try goesOn(bare, without: trials)
  }

  @Test func aMissingLogIsNamed() throws {
    let folder = try folder(trials)
    try FileManager.default.removeItem(atPath: folder.path + "/trials.jsonl")
    try refuses(folder) {
      guard case .incomplete(folder.path + "/trials.jsonl", let reason) = $0 else { return false }
      return reason.contains("is missing")
    }
    #expect(try !folder.names().contains("trials.jsonl"))
  }

  @Test func ofARoundsFileWithoutRowsAllRunAgain() throws {
    let folder = try folder(trials)
    try folder.write(Self.header, to: "rounds.csv")
    try goesOn(folder, without: trials)
    // Trials that did not run have none.
    let failed = try self.folder([Fixtures.trial(1, status: .error)])
    #expect(try ResultWriter(folder: failed.path).found.records.count == 1)
  }

  @Test func aFileIsNoFolderOfResults() throws {
    let folder = try folder(trials)
    let path = folder.path + "/run.json"
    #expect(throws: ResultError.notAFolder(path: path)) { try ResultFolder.survey(path) }
  }

  @Test func whatWasWrittenBeforeTheLockIsSeen() throws {
    let folder = try folder(trials)
    let path = folder.path + "/trials.jsonl"
    let file = try POSIXFile(appendingTo: path)
    try append("more", to: "trials.jsonl", in: folder)
    #expect(file.lock())
    #expect(file.length == (try folder.text("trials.jsonl").utf8.count))
  }

  @Test func theTableHasTheFlagsThatAllTrialsDecide() throws {
    let folder = try folder(trials)
    let writer = try ResultWriter(folder: folder.path)
    try writer.finish(
      Fixtures.manifest, digest: { _ in nil },
      flagged: { results in
        results.records.map { record in
          var record = record
          record.flags.append("of \(results.records.count)")
          return record
        }
      })
    let lines = try folder.text("trials.csv").split(separator: "\n").dropFirst()
    #expect(lines.count == 2 && lines.allSatisfy { $0.contains(",of 2,") })
    #expect(try ResultFolder.readTrials(folder.path).records == trials)
  }

  @Test func ofAnEmptyRoundsFileAllRunAgain() throws {
    let folder = try folder(trials)
    try folder.write("", to: "rounds.csv")
    try goesOn(folder, without: trials)
  }

  @Test func rowsOfStrangersInTheMiddleAreNamed() throws {
    let folder = try folder(trials)
    try folder.write(
      try folder.text("rounds.csv").replacing(Self.header, with: Self.header + "x,y,z,1,0,1,\n"),
      to: "rounds.csv")
    try refuses(folder) {
      $0
        == .malformed(
          path: folder.path + "/rounds.csv", line: 2, reason: "its trial is not in the log")
    }
  }

  @Test func linesThatAreNotOursAreNotCutOff() throws {
    let folder = try folder(trials)
    try append("a note of mine", to: "trials.jsonl", in: folder)
    try refuses(folder) { $0 == .notOurs(path: folder.path + "/trials.jsonl") }
  }

  @Test func aRunWithoutItsManifestGoesOn() throws {
    let folder = try folder(trials)
    try FileManager.default.removeItem(atPath: folder.path + "/run.json")
    let writer = try ResultWriter(folder: folder.path, run: Fixtures.expectation(trials))
    #expect(writer.found.records == trials && writer.previous == nil)
  }

  @Test func resultsOfAnotherRunAreRefused() throws {
    let folder = try folder(trials)
    try append(String(Fixtures.trial(3).line.prefix(50)), to: "trials.jsonl", in: folder)
    func reason(_ run: ExpectedRun) throws -> String? {
      var found: String?
      try refuses(folder, run: run) {
        if case .differs(folder.path, let reason) = $0 { found = reason }
        return found != nil
      }
      return found
    }
    #expect(
      try reason(Fixtures.expectation(trials, engine: 2))
        == "the results are of engine 1 (gauntlet 0.1.0), and this is engine 2")
    #expect(
      try reason(Fixtures.expectation(trials, scenario: "other"))
        == "the results are of the scenario 'core', not 'other'")
    var changed = trials[1]
    changed.key = Fixtures.key(77)
    #expect(
      try reason(Fixtures.expectation([trials[0], changed, Fixtures.trial(5)]))
        == "1 of 2 recorded trials, such as backdoor/krum with seed 2, were run with other "
        + "parameters or data")
    #expect(throws: ResultError.self) {
      try ResultFolder.survey(folder.path, for: Fixtures.expectation([changed]))
    }
  }

  @Test func trialsOfOtherSelectionsStay() throws {
    let folder = try folder(trials)
    let run = Fixtures.expectation([Fixtures.trial(2), Fixtures.trial(7)])
    #expect(try ResultWriter(folder: folder.path, run: run).found.records == trials)
    #expect(try ResultFolder.survey(folder.path, for: run).records == trials)
    #expect(try ResultFolder.survey(folder.path + "/none", for: run).records.isEmpty)
  }

  @Test func aSecondWriterIsRefusedWhileTheFirstIsOpen() throws {
    let folder = try folder(trials)
    var first: ResultWriter? = try ResultWriter(folder: folder.path)
    for fresh in [false, true] {
      #expect(throws: ResultError.inUse(path: folder.path)) {
        try ResultWriter(folder: folder.path, fresh: fresh)
      }
    }
    #expect(try ResultFolder.readTrials(folder.path).records == first?.found.records)
    first = nil
    _ = try ResultWriter(folder: folder.path)
  }
}
