/// Writes a results folder while trials finish, and goes on where an earlier run ended.
///
/// A line reaches `trials.jsonl` whole, and on the disk, or not at all: a run that is killed or
/// runs out of space leaves whole lines. `trials.csv` and `run.json` are replaced atomically, so
/// at any time they are whole too. To be used by one thread; a lock on `trials.jsonl` keeps other
/// writers out of the folder, where the file system has locks.
public final class ResultWriter {
  public let folder: String
  /// The trials that were there already, but for those in ``lackingRounds``.
  public let found: ResultFolder.TrialLog
  /// Trials of the log that lack rows in `rounds.csv`; they are to run again.
  public let lackingRounds: [TrialRecordV1]
  /// Whether trials may lack rows in `rounds.csv`: this run writes none, or an earlier one did not.
  public let leavesRoundsOut: Bool
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
  /// that breaks off, and rows of `rounds.csv` whose trial has no line, or of which not all are there.
  ///
  /// With `fresh`, results that are there are replaced: the files in `ResultFolder.fileNames` are
  /// emptied or removed, and nothing else. Where one of them is a link, symbolic or hard, the link is
  /// replaced and what it leads to stays as it is.
  ///
  /// - Parameters:
  ///   - folder: Where to write.
  ///   - layout: The columns of `rounds.csv`.
  ///   - fresh: Whether results that are there are replaced.
  ///   - run: What is about to be run.
  ///   - ranges: The values that metrics can have, in results that are there.
  ///   - keepsRounds: Whether rows of `rounds.csv` are written. A folder that lacks some goes on
  ///     without any more, whatever this says.
  /// - Throws: Before anything is changed, `differs` if the results contradict `run`, or if trials
  ///   that are there have rows with other columns; `inUse`; `notOurs`, `incomplete`, `malformed` or
  ///   `unsupportedSchema` for files to which nothing can be added. Further `notAFolder`, `notWritable`, `noSpace`.
  public convenience init(
    folder: String, layout: RoundsLayout, fresh: Bool = false, run: ExpectedRun? = nil,
    ranges: MetricRanges = .unknown, keepsRounds: Bool = true
  ) throws(ResultError) {
    try self.init(
      folder: folder, layout: layout, fresh: fresh, run: run, ranges: ranges, refusesTrials: false,
      keepsRounds: keepsRounds)
  }

  /// With `refusesTrials`, a folder that has trials is refused with `alreadyHasTrials`.
  init(
    folder: String, layout: RoundsLayout, fresh: Bool, run: ExpectedRun? = nil,
    ranges: MetricRanges = .unknown, refusesTrials: Bool, keepsRounds: Bool = true
  ) throws(ResultError) {
    self.folder = folder
    self.layout = layout
    try POSIXFile.makeFolder(folder.isEmpty ? "." : folder)
    if !fresh { try FolderState.refuseForeign(folder) }
    let path = ResultFolder.path(ResultFolder.trialsName, in: folder)
    // First the log, and by the open file that holds the lock: without trials nothing else counts.
    guard let trials = try fresh ? POSIXFile.emptied(path) : POSIXFile.own(path),
      fresh || trials.lock()
    else { throw .inUse(path: folder) }
    self.trials = trials
    if fresh {
      for name in ResultFolder.fileNames where name != ResultFolder.trialsName {
        try POSIXFile.remove(ResultFolder.path(name, in: folder))
      }
    }
    let state = try FolderState(folder, ranges)
    if refusesTrials, state.trials.log != ResultFolder.TrialLog(records: []) {
      throw .alreadyHasTrials(path: folder)
    }
    let latest = state.trials.log.latest
    try run?.check(latest, manifest: state.manifest, folder: folder)
    let roundsFile = RoundsFile(in: folder)
    var contents = try roundsFile.contents(for: latest, layout: layout)
    leavesRoundsOut = !keepsRounds || state.manifest?.withoutRounds == true
    if leavesRoundsOut { contents.lacking = [] }

    lackingRounds = contents.lacking
    log = state.trials.log
    found = log.without(lackingRounds)
    previous = state.manifest
    if !lackingRounds.isEmpty { try roundsFile.rewrite(keeping: found.latest, layout: layout) }
    rounds = try POSIXFile.own(roundsFile.path)
    try trials.cut(to: state.trials.length)
    if state.trials.lacksLineFeed { try trials.append([UInt8(ascii: "\n")]) }
    if lackingRounds.isEmpty {
      try rounds.cut(to: contents.length)
      if contents.length == 0 { try rounds.append(Array(layout.header.utf8)) }
    }
  }

  /// Appends one line to `trials.jsonl` and waits until it is on the disk.
  ///
  /// - Throws: `noSpace` or another error; then the file is as long as before. `lost` if the file is
  ///   no longer what was written.
  public func append(_ record: TrialRecordV1) throws(ResultError) {
    guard trials.isInPlace else { throw lost() }
    let line = Array((record.line + "\n").utf8)
    try trials.append(line)
    if trials.withdrawIfDisplaced(line.count) { throw lost() }
    log.records.append(record)
  }

  /// Appends lines to `trials.jsonl`, all or none, and waits once until they are on the disk.
  public func append(_ records: [TrialRecordV1]) throws(ResultError) {
    if records.isEmpty { return }
    let start = trials.length
    do throws(ResultError) {
      var piece: [UInt8] = []
      for record in records {
        piece += record.line.utf8
        piece.append(UInt8(ascii: "\n"))
        guard piece.count >= Self.pieceLength else { continue }
        try trials.append(piece, waiting: false)
        piece.removeAll(keepingCapacity: true)
      }
      try trials.append(piece)
    } catch {
      try? trials.cut(to: start)
      throw error
    }
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
    guard !records.isEmpty, !leavesRoundsOut else { return }
    let lines = Array(layout.lines(records, of: trial).utf8)
    try rounds.append(lines)
    // What is lost is told at the end of the run.
    rounds.withdrawIfDisplaced(lines.count)
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
  /// they were written, as `flagged` returns them: with the flags of their cells, which all trials
  /// together decide. The metrics in `metricOrder` come first in it. `digest` gives the SHA-256, in
  /// hexadecimal, of the file at a path; where it gives `nil`, `run.json` leaves the file out.
  ///
  /// - Throws: `lost`, before anything is written, if the log or the rounds no longer hold what was
  ///   written; `noSpace` or another error.
  public func finish(
    _ manifest: RunManifestV1, order: [TrialIdentity] = [], metricOrder: [String] = [],
    digest: (_ path: String) -> String?,
    flagged: (ResultSet) -> [TrialRecordV1] = \.records
  ) throws(ResultError) {
    try check()
    let records = Self.sorted(flagged(ResultSet(manifest, log.latest)), by: order)
    try POSIXFile.replace(ResultFolder.path(ResultFolder.tableName, in: folder)) {
      file throws(ResultError) in
      try TrialsCSV.forEachPiece(
        records, scenario: manifest.scenario.name, metricOrder: metricOrder,
        resolved: manifest.scenario.resolved
      ) { piece throws(ResultError) in try file.append(Array(piece.utf8), waiting: false) }
      try file.append([])
    }
    var manifest = manifest
    for name in ResultFolder.fileNames where name != ResultFolder.manifestName {
      manifest.files[name] = digest(ResultFolder.path(name, in: folder))
    }
    try write(manifest)
  }

  /// Reads back what was written.
  private func check() throws(ResultError) {
    guard trials.isInPlace else { throw lost() }
    // One line after the other: a second copy of all would be as large as the first.
    var place = 0
    var isSame = true
    _ = try ResultFolder.readLog(trials.path) { record in
      isSame = isSame && place < log.records.count && log.records[place] == record
      place += 1
    }
    guard isSame, place == log.records.count else { throw lost() }
    if leavesRoundsOut {
      if !rounds.isInPlace { throw .lost(path: rounds.path, reason: "it was replaced") }
      return
    }
    let roundsFile = RoundsFile(in: folder)
    let finished = log.latest
    let lacking =
      rounds.isInPlace ? try roundsFile.contents(for: finished, layout: layout).lacking : finished
    let known = Set(lackingRounds.map(\.identity))
    let missing = lacking.filter { !known.contains($0.identity) }
    guard missing.isEmpty, rounds.isInPlace else {
      throw .lost(
        path: rounds.path,
        reason: Self.text(missing, of: finished, verb: "rows of")
          + "; the same command runs them again")
    }
  }

  private static let pieceLength = 1 << 20

  /// What the log lacks of what was written to it.
  private func lost() -> ResultError {
    let there = (try? ResultFolder.readLog(trials.path).log.records) ?? []
    let known = Set(there)
    let missing = log.latest.filter { !known.contains($0) }
    let wayOn =
      there.isEmpty ? "--fresh starts over" : "the same command runs them again"
    return .lost(
      path: trials.path,
      reason: missing.isEmpty
        ? "it holds lines that the run did not write"
        : Self.text(missing, of: log.latest, verb: "") + "; \(wayOn)")
  }

  /// `lacks 2 of 8 finished trials: a/b with seed 1, a/b with seed 2`.
  private static func text(
    _ missing: [TrialRecordV1], of all: [TrialRecordV1], verb: String
  ) -> String {
    let shown = missing.prefix(5).map { "\($0.cell) with seed \($0.seed)" }
    let more = missing.count > 5 ? " and \(missing.count - 5) more" : ""
    return "it lacks \(verb.isEmpty ? "" : verb + " ")\(missing.count) of \(all.count) finished "
      + "\(all.count == 1 ? "trial" : "trials"): " + shown.joined(separator: ", ") + more
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
