import Diagnostics
import Foundation

/// What a folder holds, as a run sees it that goes on there; reading changes nothing.
struct FolderState {
  let manifest: RunManifestV1?
  let trials: ResultFolder.LogFile

  /// Reads `run.json` and `trials.jsonl`, each of which may be missing.
  ///
  /// - Throws: `notOurs`, `incomplete`, or what reading throws.
  init(_ folder: String, _ ranges: MetricRanges = .unknown) throws(ResultError) {
    try Self.refuseForeign(folder)
    manifest =
      Self.size(ResultFolder.manifestName, in: folder) > 0
      ? try ResultFolder.readManifest(folder) : nil
    let path = ResultFolder.path(ResultFolder.trialsName, in: folder)
    guard FileManager.default.fileExists(atPath: path) else {
      trials = ResultFolder.LogFile()
      return
    }
    trials = try ResultFolder.readLog(path, ranges)
    guard Self.isOurs(torn: trials.torn) else { throw .notOurs(path: path) }
  }

  /// Refuses a file that has one of our names and is not ours, and results without their log.
  static func refuseForeign(_ folder: String) throws(ResultError) {
    let path = { ResultFolder.path($0, in: folder) }
    for (name, headers) in [
      (ResultFolder.roundsName, [RoundsLayout.beginning, RoundsLayout.longHeader]),
      (ResultFolder.tableName, ["scenario,cell,"]),
    ] {
      // A kill may have left a part of the header.
      let start = try beginning(of: path(name), headers.map(\.utf8.count).max() ?? 0)
      let isOurs = headers.contains { $0.utf8.starts(with: start.prefix($0.utf8.count)) }
      guard isOurs else { throw .notOurs(path: path(name)) }
    }
    if size(ResultFolder.manifestName, in: folder) > 0 {
      do throws(ResultError) {
        _ = try ResultFolder.readManifest(folder)
      } catch .malformed(let path, _, _) {
        throw .notOurs(path: path)
      }
    }
    let others = ResultFolder.fileNames.filter { $0 != ResultFolder.trialsName }
    if !FileManager.default.fileExists(atPath: path(ResultFolder.trialsName)),
      let name = others.first(where: { size($0, in: folder) > 0 })
    {
      throw .incomplete(
        path: path(ResultFolder.trialsName), reason: "is missing beside \(name)")
    }
  }

  /// Whether a line that breaks off is the start of one of ours, or what a power cut makes of it.
  private static func isOurs(torn: Data) -> Bool {
    let start = torn.prefix(lineStart.count)
    return lineStart.starts(with: start) || torn.contains(0)
  }

  private static let lineStart = Array(#"{"absent":"#.utf8)

  private static func size(_ name: String, in folder: String) -> Int {
    let path = ResultFolder.path(name, in: folder)
    // Links are followed; what has no size of its own is not empty.
    guard FileManager.default.fileExists(atPath: path) else { return 0 }
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else { return 1 }
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  private static func beginning(
    of path: String, _ count: Int
  ) throws(ResultError) -> [UInt8] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    do throws(UserFile.Problem) {
      return try UserFile(path).read(upTo: count)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
  }
}

extension ResultFolder {
  /// The trials that a run would find in a folder; none where there is no folder yet.
  ///
  /// - Parameters:
  ///   - folder: Where to look.
  ///   - run: What would be run.
  ///   - layout: The columns of `rounds.csv` that it would write.
  ///   - ranges: The values that metrics can have.
  /// - Returns: The log, with a layout without the trials that lack rows in `rounds.csv`, which the
  ///   run would run again.
  /// - Throws: `notAFolder` for a file; what would keep the run from going on there.
  public static func survey(
    _ folder: String, for run: ExpectedRun? = nil, layout: RoundsLayout? = nil,
    ranges: MetricRanges = .unknown
  ) throws(ResultError) -> TrialLog {
    if POSIXFile.isFile(folder) { throw .notAFolder(path: folder) }
    let state = try FolderState(folder, ranges)
    let latest = state.trials.log.latest
    try run?.check(latest, manifest: state.manifest, folder: folder)
    guard let layout, state.manifest?.withoutRounds != true else { return state.trials.log }
    let lacking = try RoundsFile(in: folder).contents(for: latest, layout: layout).lacking
    return state.trials.log.without(lacking)
  }
}
