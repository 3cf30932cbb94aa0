import Suite

@testable import Results

/// Readers of a folder of results.
enum ResultParsers {
  private static let scratch = ScratchFolder()

  /// `trials.jsonl`, and what is asked of it first.
  static func log(_ bytes: [UInt8]) throws {
    let path = scratch.write(bytes, to: ResultFolder.trialsName)
    let log = try ResultFolder.readLog(path, .builtIn).log
    _ = log.latest
    try log.checkConsistency(path)
    _ = TrialsCSV.text(log.latest, scenario: "fuzz")
  }

  static func manifest(_ bytes: [UInt8]) throws {
    _ = scratch.write(bytes, to: ResultFolder.manifestName)
    let manifest = try ResultFolder.readManifest(scratch.path)
    _ = try manifest.text()
  }

  /// `rounds.csv`, as reports read it and as a run that goes on does.
  static func rounds(_ bytes: [UInt8]) throws {
    _ = scratch.write(bytes, to: ResultFolder.roundsName)
    let series = ["accuracy", "asr", "loss"]
    _ = try RoundsReader(folder: scratch.path).read(trials, series: series) { _, _, _ in }
    let file = RoundsFile(in: scratch.path)
    guard let layout = try file.layout() else { return }
    let contents = try file.contents(for: trials, layout: layout)
    try file.refuseGaps(contents, for: trials)
  }

  /// The trials that the seeds in `parsers.py` are of.
  private static let trials: [TrialRecordV1] = (1...2).map { seed in
    TrialRecordV1(
      key: "abcdef01234\(seed)" + String(repeating: "0", count: 52), attack: "none",
      defense: "mean", axes: ["clients.count": "5"], seed: seed, engine: 1, status: .ok, rounds: 2)
  }
}
