/// Writes a results folder while trials finish, and goes on where an earlier run ended.
///
/// A line reaches `trials.jsonl` whole, and on the disk, or not at all: a run that is killed or
/// runs out of space leaves whole lines. `trials.csv` and `run.json` are replaced atomically, so
/// at any time they are whole too. To be used by one thread; a lock on `trials.jsonl` keeps other
/// writers out of the folder, where the file system has locks.
public final class ResultWriter {
  public let folder: String
  /// The trials that were there already.
  public let found: ResultFolder.TrialLog
  /// The `run.json` that was there already.
  public let previous: RunManifestV1?
  private let trials: POSIXFile
  private let rounds: POSIXFile
  private let layout: RoundsLayout
  /// The trials of the log, those that were there and those that came.
  private var log: ResultFolder.TrialLog

  /// Creates the folder and its parents as needed, and opens its files.
  ///
  /// Results that are there stay. What a kill left behind them goes: a last line of `trials.jsonl`
  /// that breaks off, and rows of `rounds.csv` whose trial has no line.
  ///
  /// With `fresh`, results that are there are replaced: the files in `ResultFolder.fileNames` are
  /// emptied or removed, and nothing else.
  ///
  /// - Parameters:
  ///   - folder: Where to write.
  ///   - layout: The columns of `rounds.csv`.
  ///   - fresh: Whether results that are there are replaced.
  ///   - run: What is about to be run.
  /// - Throws: Before anything is changed, `differs` if the results contradict `run`, or if trials
  ///   that are there have rows with other columns; `inUse`; `notOurs`, `incomplete`, `malformed` or
  ///   `unsupportedSchema` for files to which nothing can be added. Further `notAFolder`, `notWritable`, `noSpace`.
  public convenience init(
    folder: String, layout: RoundsLayout, fresh: Bool = false, run: ExpectedRun? = nil
  ) throws(ResultError) {
    try self.init(folder: folder, layout: layout, fresh: fresh, run: run, refusesTrials: false)
  }

  /// With `refusesTrials`, a folder that has trials is refused with `alreadyHasTrials`.
  init(
    folder: String, layout: RoundsLayout, fresh: Bool, run: ExpectedRun? = nil,
    refusesTrials: Bool
  ) throws(ResultError) {
    self.folder = folder
    self.layout = layout
    try POSIXFile.makeFolder(folder.isEmpty ? "." : folder)
    if !fresh { try FolderState.refuseForeign(folder) }
    trials = try POSIXFile(appendingTo: ResultFolder.path(ResultFolder.trialsName, in: folder))
    guard trials.lock() else { throw .inUse(path: folder) }
    if fresh {
      // First the log, and by the open file that holds the lock: without trials nothing else counts.
      try trials.cut(to: 0)
      for name in ResultFolder.fileNames where name != ResultFolder.trialsName {
        try POSIXFile.remove(ResultFolder.path(name, in: folder))
      }
    }
    let state = try FolderState(folder)
    if refusesTrials, state.trials.log != ResultFolder.TrialLog(records: []) {
      throw .alreadyHasTrials(path: folder)
    }
    let latest = state.trials.log.latest
    try run?.check(latest, manifest: state.manifest, folder: folder)
    let roundsFile = RoundsFile(in: folder)
    let length = try roundsFile.contents(for: latest, layout: layout).length

    found = state.trials.log
    log = found
    previous = state.manifest
    rounds = try POSIXFile(appendingTo: roundsFile.path)
    try trials.cut(to: state.trials.length)
    if state.trials.lacksLineFeed { try trials.append([UInt8(ascii: "\n")]) }
    try rounds.cut(to: length)
    if length == 0 { try rounds.append(Array(layout.header.utf8)) }
  }

  /// Appends one line to `trials.jsonl` and waits until it is on the disk.
  ///
  /// - Throws: `noSpace` or another error; then the file is as long as before.
  public func append(_ record: TrialRecordV1) throws(ResultError) {
    try trials.append(Array((record.line + "\n").utf8))
    log.records.append(record)
  }

  /// Appends lines to `trials.jsonl`, all or none, and waits once until they are on the disk.
  public func append(_ records: [TrialRecordV1]) throws(ResultError) {
    if records.isEmpty { return }
    try trials.append(Array(records.map { $0.line + "\n" }.joined().utf8))
    log.records += records
  }

  /// Appends what is a part of another `rounds.csv` already, without waiting for the disk.
  func append(rows: [UInt8]) throws(ResultError) {
    try rounds.append(rows, waiting: false)
  }

  /// Appends the rounds of a trial to `rounds.csv`, all or none; series that the layout lacks are
  /// left out.
  ///
  /// Written before the line of their trial, they are complete for every trial in the log.
  public func append(
    rounds records: [RoundRecordV1], of trial: TrialRecordV1
  ) throws(ResultError) {
    guard !records.isEmpty else { return }
    try rounds.append(Array(layout.lines(records, of: trial).utf8))
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
  /// The table has the last line of each trial: first the trials in `order`, then the others as
  /// they were written, with flags as `revisedFlags` gives them. The metrics in `metricOrder` come
  /// first in it. `digest` gives the SHA-256, in hexadecimal, of the file at a path; where it gives
  /// `nil`, `run.json` leaves the file out.
  public func finish(
    _ manifest: RunManifestV1, order: [TrialIdentity] = [], metricOrder: [String] = [],
    digest: (_ path: String) -> String?,
    revisedFlags: (_ flags: [String], _ seedCount: Int) -> [String] = { flags, _ in flags }
  ) throws(ResultError) {
    let records = Self.sorted(log.latest.withFlags(revised: revisedFlags), by: order)
    let table = TrialsCSV.text(
      records, scenario: manifest.scenario.name, metricOrder: metricOrder)
    try POSIXFile.replace(ResultFolder.path(ResultFolder.tableName, in: folder), with: table)
    var manifest = manifest
    for name in ResultFolder.fileNames where name != ResultFolder.manifestName {
      manifest.files[name] = digest(ResultFolder.path(name, in: folder))
    }
    try write(manifest)
  }

  private static func sorted(
    _ records: [TrialRecordV1], by order: [TrialIdentity]
  ) -> [TrialRecordV1] {
    let ranks = Dictionary(zip(order, 0...)) { first, _ in first }
    return records.enumerated().map { place, record in
      (rank: (ranks[record.identity] ?? order.count, place), record: record)
    }.sorted { $0.rank < $1.rank }.map(\.record)
  }
}
