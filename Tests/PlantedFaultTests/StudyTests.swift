import Foundation
import Results
import Testing

/// Writes the records of core under every noise and every fault, for studies of the gate.
///
/// Runs only with `GAUNTLET_STUDY=<folder>`; each run becomes `<folder>/<name>/trials.jsonl`, and
/// runs that are there already are left out. `GAUNTLET_STUDY_KEYS` is the number of re-runs per
/// kind of noise, 60 unless given.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GAUNTLET_STUDY"] != nil))
struct StudyTests {
  @Test func writesTheRecordsOfEveryRun() throws {
    let environment = ProcessInfo.processInfo.environment
    let folder = URL(fileURLWithPath: try #require(environment["GAUNTLET_STUDY"]))
    let keys = environment["GAUNTLET_STUDY_KEYS"].flatMap { Int($0) } ?? 60
    let sound = try CoreRun.sound()
    try write(sound, to: folder, "core")
    #expect(sound.allSatisfy { $0.status == .ok })
    for key in 1...keys {
      let noise = Noise.reshuffled(key)
      try write(CoreRun.records(noise), to: folder, noise.name)
    }
    for fault in Fault.all + [Fault.unseen] {
      try write(CoreRun.records(fault), to: folder, "fault-\(fault.name)")
    }
    for key in 1...keys {
      let noise = Noise.resummed(key)
      try write(CoreRun.records(noise), to: folder, noise.name)
    }
  }

  private func write(
    _ records: @autoclosure () throws -> [TrialRecordV1], to folder: URL, _ name: String
  ) throws {
    let run = folder.appendingPathComponent(name)
    let file = run.appendingPathComponent("trials.jsonl")
    guard !FileManager.default.fileExists(atPath: file.path) else { return }
    let lines = try records().map { $0.line + "\n" }.joined()
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
    try Data(lines.utf8).write(to: file, options: .atomic)
  }
}
