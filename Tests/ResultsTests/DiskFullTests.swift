import Foundation
import Testing
import _TestSupport

@testable import Results

@Suite struct DiskFullTests {
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func aFullDeviceIsNoSpace() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/trials.jsonl"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    let file = try POSIXFile(appendingTo: path)
    #expect(throws: ResultError.noSpace(path: path, reason: "No space left on device")) {
      try file.append(Array("a line\n".utf8))
    }
    #expect(file.length == 0)
  }

  /// The system takes a part of a line, then no more: the case that tears lines.
  @Test func aLineThatDoesNotFitLeavesNoPart() async {
    await #expect(processExitsWith: .success) { try appendUntilFull() }
  }

  @Test func aLineThatDoesNotFitWhileResumingLeavesNoPart() async {
    await #expect(processExitsWith: .success) { try resumeUntilFull() }
  }

  @Test func aReplacementThatDoesNotFitKeepsTheOldFile() async {
    await #expect(processExitsWith: .success) { try replaceUntilFull() }
  }
}

private func appendUntilFull() throws {
  let folder = try TemporaryFolder()
  let writer = try ResultWriter(folder: folder.path)
  let line = Fixtures.record().line.utf8.count + 1
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit()
  unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  limit.rlim_cur = rlim_t(2 * line + line / 2)
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)

  try writer.append(Fixtures.record(seed: 1))
  try writer.append(Fixtures.record(seed: 2))
  do throws(ResultError) {
    try writer.append(Fixtures.record(seed: 3))
    preconditionFailure("the third line was taken")
  } catch {
    guard case .noSpace = error else { preconditionFailure("\(error)") }
  }
  let log = try ResultFolder.readTrials(folder.path)
  let size = try folder.text("trials.jsonl").utf8.count
  precondition(log.tornLine == nil && log.records.map(\.seed) == [1, 2], "\(log)")
  precondition(size == 2 * line, "\(size) bytes for two lines of \(line)")
}

private func resumeUntilFull() throws {
  let folder = try TemporaryFolder()
  let first = Fixtures.trial(1)
  do {
    let earlier = try ResultWriter(folder: folder.path)
    try earlier.take(first)
  }
  let torn = String(Fixtures.trial(2).line.prefix(80))
  try folder.write(try folder.text("trials.jsonl") + torn, to: "trials.jsonl")
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit()
  unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  limit.rlim_cur = rlim_t(first.line.utf8.count + 100)
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)

  let writer = try ResultWriter(folder: folder.path)
  do throws(ResultError) {
    try writer.append(Fixtures.trial(2))
    preconditionFailure("the second line was taken")
  } catch {
    guard case .noSpace = error else { preconditionFailure("\(error)") }
  }
  let text = try folder.text("trials.jsonl")
  precondition(text == first.line + "\n", text)
}

private func replaceUntilFull() throws {
  let folder = try TemporaryFolder()
  let path = folder.path + "/run.json"
  try POSIXFile.replace(path, with: "old")
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit()
  unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  limit.rlim_cur = 10
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  do throws(ResultError) {
    try POSIXFile.replace(path, with: "a text that is longer than ten bytes")
    preconditionFailure("it was taken")
  } catch {
    guard case .noSpace = error else { preconditionFailure("\(error)") }
  }
  let text = try folder.text("run.json")
  let names = try folder.names()
  precondition(text == "old" && names == ["run.json"], "\(text), \(names)")
}
