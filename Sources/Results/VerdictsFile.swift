import Foundation

/// `verdicts.csv`, which a run writes on request: what the defense decided about every client that
/// took part, one line per trial, round and client.
///
/// Lines begin with the columns of `rounds.csv` (`key`, `attack`, `defense`, the axes, `seed`,
/// `round`), so that the two join; then come `client`, `malicious`, `acting`, `verdict`, `kept`,
/// `weight` and `suspicion`. Flags are 0 and 1; `kept` is 1 for a client with weight; `verdict` is
/// `dropped` where an update was not finite. Numbers have the digits of single precision;
/// `suspicion` is empty where the rule has none.
///
/// The file is no part of the identity of results: `run.json` has no digest of it, and `merge` leaves
/// it out.
public final class VerdictsFile {
  public static let name = "verdicts.csv"

  private let layout: RoundsLayout
  private let file: POSIXFile

  /// Opens the file of a folder of results, and keeps the lines of trials that are recorded.
  ///
  /// - Parameters:
  ///   - folder: The folder, which has to be there.
  ///   - axes: The dotted keys of the axes.
  ///   - recorded: The trials whose lines stay; what an interrupted run left of others goes.
  /// - Throws: `differs` for a file with other columns; `notOurs`; and what writing throws.
  public init(
    in folder: String, axes: [String], recorded: [TrialRecordV1]
  ) throws(ResultError) {
    layout = RoundsLayout(axes: axes, series: ClientVerdict.columns)
    let lines = RoundsFile(in: folder, name: Self.name)
    try lines.check(layout, for: recorded)
    try lines.rewrite(keeping: recorded, layout: layout)
    file = try POSIXFile.own(lines.path)
  }

  /// Whether a folder has such a file.
  public static func isThere(in folder: String) -> Bool {
    FileManager.default.fileExists(atPath: ResultFolder.path(name, in: folder))
  }

  /// Removes the file of a folder, for results that start over.
  public static func remove(from folder: String) throws(ResultError) {
    try POSIXFile.remove(ResultFolder.path(name, in: folder))
  }

  /// Appends the lines of a trial, all or none.
  ///
  /// Written before the trial's line in `trials.jsonl`, they are complete for every trial there.
  public func append(_ verdicts: [ClientVerdict], of trial: TrialRecordV1) throws(ResultError) {
    guard !verdicts.isEmpty else { return }
    let start = layout.start(of: trial)
    let text = verdicts.map { start + CSV.line($0.fields) }.joined()
    try file.append(Array(text.utf8))
  }
}
