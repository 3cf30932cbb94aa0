import Foundation

/// Writes a results folder while trials finish.
///
/// A line reaches `trials.jsonl` whole, and on the disk, or not at all: a run that is killed or
/// runs out of space leaves whole lines. `trials.csv` and `run.json` are replaced atomically, so
/// at any time they are whole too. To be used by one thread, one writer per folder.
public final class ResultWriter {
  public let folder: String
  private let trials: POSIXFile
  private let rounds: POSIXFile

  /// Creates the folder and its parents as needed, and opens its files.
  ///
  /// What a run leaves that ended before its first trial (an empty log, bare headers of `rounds.csv`
  /// and `trials.csv`, our `run.json`) does not count as results; a file of that name that is not ours does.
  ///
  /// With `fresh`, results that are there are replaced: the files in `ResultFolder.fileNames` are
  /// removed, and nothing else.
  ///
  /// - Throws: `alreadyHasTrials` without `fresh`; `notAFolder`, `notWritable`, `noSpace`.
  public init(folder: String, fresh: Bool = false) throws(ResultError) {
    self.folder = folder
    try POSIXFile.makeFolder(folder.isEmpty ? "." : folder)
    if !fresh, !ResultFolder.fileNames.allSatisfy({ Self.isLeftover($0, in: folder) }) {
      throw .alreadyHasTrials(path: folder)
    }
    for name in ResultFolder.fileNames {
      try POSIXFile.remove(ResultFolder.path(name, in: folder))
    }
    trials = try POSIXFile(
      appendingTo: ResultFolder.path(ResultFolder.trialsName, in: folder))
    rounds = try POSIXFile(appendingTo: ResultFolder.path(ResultFolder.roundsName, in: folder))
    try rounds.append(Array(CSV.line(RoundRecordV1.header).utf8))
  }

  /// Appends one line to `trials.jsonl` and waits until it is on the disk.
  ///
  /// - Throws: `noSpace` or another error; then the file is as long as before.
  public func append(_ record: TrialRecordV1) throws(ResultError) {
    try trials.append(Array((record.line + "\n").utf8))
  }

  /// Appends rows to `rounds.csv`, all or none.
  ///
  /// Written before the line of their trial, they are complete for every trial in the log.
  public func append(rounds records: [RoundRecordV1]) throws(ResultError) {
    let lines = records.map { CSV.line($0.fields) }
    try rounds.append(Array(lines.joined().utf8))
  }

  /// Replaces `run.json`; at the start of a run it tells what is under way.
  public func write(_ manifest: RunManifestV1) throws(ResultError) {
    let path = ResultFolder.path(ResultFolder.manifestName, in: folder)
    let text: String
    do {
      text = try manifest.text()
    } catch {
      throw .writeFailed(path: path, reason: "\(error)")
    }
    try POSIXFile.replace(path, with: text)
  }

  /// Writes `trials.csv`, then `run.json` with the digests of the other files.
  ///
  /// The metrics in `metricOrder` come first in the table. `digest` gives the SHA-256, in
  /// hexadecimal, of the file at a path; where it gives `nil`, `run.json` leaves the file out.
  public func finish(
    _ manifest: RunManifestV1, metricOrder: [String] = [], digest: (_ path: String) -> String?
  ) throws(ResultError) {
    let log = try ResultFolder.readLines(trials.path)
    let table = TrialsCSV.text(
      log.records, scenario: manifest.scenario.name, metricOrder: metricOrder)
    try POSIXFile.replace(ResultFolder.path(ResultFolder.tableName, in: folder), with: table)
    var manifest = manifest
    for name in ResultFolder.fileNames where name != ResultFolder.manifestName {
      manifest.files[name] = digest(ResultFolder.path(name, in: folder))
    }
    try write(manifest)
  }

  /// Whether the file may go unasked: it is absent, empty, or holds no trial of ours.
  private static func isLeftover(_ name: String, in folder: String) -> Bool {
    let path = ResultFolder.path(name, in: folder)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes, let size = attributes[.size] as? NSNumber, size.intValue > 0 else {
      return true
    }
    switch name {
    case ResultFolder.manifestName:
      return (try? ResultFolder.readManifest(folder)) != nil
    case ResultFolder.roundsName:
      let header = CSV.line(RoundRecordV1.header)
      let start = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        .read(upToCount: header.utf8.count)
      return start == Data(header.utf8)
    case ResultFolder.tableName:
      let start = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        .read(upToCount: size.intValue)
      let isHeader = start?.firstIndex(of: UInt8(ascii: "\n")) == size.intValue - 1
      return isHeader && start?.starts(with: Data("scenario,cell,".utf8)) == true
    default:
      return false
    }
  }
}
