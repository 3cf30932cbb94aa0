import Diagnostics
import Foundation

/// Results of several folders, joined: parts of one scenario that were run apart.
///
/// Of lines that say the same about a trial the first one stays; one of a trial that ran to its end
/// stays instead of one that did not. All trials are held in memory, rows of `rounds.csv` are not.
public struct ResultMerge: Sendable {
  private struct Source {
    let folder: String
    let manifest: RunManifestV1
    let log: ResultFolder.TrialLog

    var rounds: RoundsFile { RoundsFile(in: folder) }
  }

  /// The trials of all folders, in the order of the folders, or, where these are parts of one plan,
  /// in its order.
  public private(set) var records: [TrialRecordV1] = []
  /// The folders whose log had a last line that breaks off; it was passed over.
  public private(set) var tornFolders: [String] = []
  private var sources: [Source] = []
  /// The source of each record.
  private var origins: [Int] = []
  /// The columns of `rounds.csv`, which are those of the first folder that has rows.
  private var layout = RoundsLayout(axes: [], series: [])

  /// Reads the folders and checks that they fit together; nothing is written.
  ///
  /// - Throws: `cannotJoin` for another engine number or scenario, a cell that has another key with
  ///   the same seed, or other columns of `rounds.csv`; `nondeterministic` for equal keys with
  ///   unequal numbers, all of them; `incomplete`, `malformed`, `unsupportedSchema` or `unreadable`
  ///   for a folder that is damaged. The complexity is O(trials and rows).
  public init(
    _ folders: [String], ranges: MetricRanges = .unknown
  ) throws(ResultError) {
    var run: ExpectedRun?
    var layout: RoundsLayout?
    for folder in folders {
      // Once, since it may be long; without one what is wrong with the log comes first.
      var manifest: RunManifestV1?
      let path = { ResultFolder.path($0, in: folder) }
      if FileManager.default.fileExists(atPath: path(ResultFolder.manifestName)) {
        manifest = try ResultFolder.readManifest(folder)
      }
      let log = try ResultFolder.readLog(path(ResultFolder.trialsName), ranges).log
      guard let manifest else {
        throw .unreadable(path: path(ResultFolder.manifestName), reason: "no such file")
      }
      if log.tornLine != nil { tornFolders.append(folder) }
      let source = Source(folder: folder, manifest: manifest, log: log)
      try Self.check(source, &run)
      try Self.check(source, &layout)
      sources.append(source)
    }
    if let layout { self.layout = layout }
    if let order = ShardedFolders(sources.map { ($0.folder, $0.manifest.shard) }).order {
      sources = order.map { sources[$0] }
    }
    try join()
  }

  /// Checks the rows of a folder, and takes their columns if it is the first one that has rows.
  private static func check(_ source: Source, _ layout: inout RoundsLayout?) throws(ResultError) {
    let found = try source.rounds.layout()
    let expected = layout ?? found ?? RoundsLayout(axes: [], series: [])
    do throws(ResultError) {
      let latest = source.log.latest
      let contents = try source.rounds.contents(for: latest, layout: expected)
      if source.manifest.withoutRounds != true {
        try source.rounds.refuseGaps(contents, for: latest)
      }
      if !contents.roundCounts.isEmpty { layout = expected }
    } catch .differs(let path, let reason) {
      throw .cannotJoin(
        path: path,
        reason: reason + "; run it again, or join folders with the version that wrote them")
    }
  }

  /// Holds a folder against those before it, and adds it to them.
  private static func check(_ source: Source, _ known: inout ExpectedRun?) throws(ResultError) {
    let manifest = source.manifest
    let isFirst = known == nil
    var run = known ?? ExpectedRun(scenario: manifest.scenario.name, engine: manifest.engine)
    // With a second copy about, every addition would copy all keys.
    known = nil
    if isFirst { run.expect(resolved: manifest.scenario.resolved, data: manifest.data) }
    let latest = source.log.latest
    for record in latest { run.expect(key: record.key, cell: record.cell, seed: record.seed) }
    do throws(ResultError) {
      try run.check(latest, manifest: manifest, folder: source.folder, recordedFirst: false)
    } catch .differs(let path, let reason) {
      throw .cannotJoin(path: path, reason: reason)
    }
    run.expect(resolved: manifest.scenario.resolved, data: manifest.data)
    known = run
  }

  private mutating func join() throws(ResultError) {
    var places: [TrialIdentity: Int] = [:]
    var settled: [String: TrialRecordV1] = [:]
    var differences: [String: TrialDifference] = [:]
    for (origin, source) in sources.enumerated() {
      differences.merge(source.log.contradictions) { first, _ in first }
      for record in source.log.latest {
        if record.isSettled {
          if let other = settled[record.key], differences[record.key] == nil {
            differences[record.key] = TrialDifference(other, record)
          }
          settled[record.key] = settled[record.key] ?? record
        }
        guard let place = places[record.identity] else {
          places[record.identity] = records.count
          records.append(record)
          origins.append(origin)
          continue
        }
        let isImplied = records[place].isImplied && record.isImplied
        if record.isSettled && !records[place].isSettled {
          records[place] = record
          origins[place] = origin
        }
        // A trial that one of the runs was asked for was asked for.
        records[place].isImplied = isImplied
      }
    }
    if !differences.isEmpty {
      throw .nondeterministic(
        differences.values.sorted { ($0.cell, $0.seed, $0.key) < ($1.cell, $1.seed, $1.key) })
    }
  }

  /// Finds the files of the folders that were changed after their run ended.
  ///
  /// A log that breaks off is told by ``tornFolders``.
  ///
  /// - Parameter digest: The SHA-256 of the file at a path, in hexadecimal.
  /// - Returns: their paths.
  public func altered(digest: (_ path: String) -> String?) -> [String] {
    sources.flatMap { source in
      ResultFolder.altered(in: source.folder, source.manifest, digest: digest)
        .filter { $0 != ResultFolder.trialsName || source.log.tornLine == nil }
        .map { ResultFolder.path($0, in: source.folder) }
    }
  }

  /// What is missing where the folders are parts of one plan, in sentences.
  public var missing: [String] {
    let settled = sources.map { $0.log.latest.count { $0.isSettled } }
    return ShardedFolders(sources.map { ($0.folder, $0.manifest.shard) }).missing(settled: settled)
  }

  /// Writes the four files to a new or empty folder: all of them, or, if that fails, nothing.
  ///
  /// `run.json` is that of the first folder, with the data of all and their names.
  ///
  /// - Parameters:
  ///   - folder: Where to; none of the folders that are joined.
  ///   - fresh: Whether results that are there are replaced.
  ///   - keepsRounds: Whether rows of `rounds.csv` are written.
  ///   - invocation: The command line, program name first.
  ///   - metricOrder: The metrics that come first in `trials.csv`.
  ///   - digest: The SHA-256 of the file at a path, in hexadecimal.
  ///   - flagged: The trials as `trials.csv` has them, with the flags of their cells.
  /// - Throws: `alreadyHasTrials` without `fresh`; `outputIsInput` if the folder is one of those
  ///   that are joined; what ``ResultWriter`` throws.
  public func write(
    to folder: String, fresh: Bool = false, keepsRounds: Bool = true, invocation: [String],
    metricOrder: [String] = [],
    digest: (_ path: String) -> String?,
    flagged: (ResultSet) -> [TrialRecordV1] = \.records
  ) throws(ResultError) {
    guard !sources.contains(where: { Self.isSame($0.folder, folder) }) else {
      throw .outputIsInput(path: folder)
    }
    let staging = try StagingFolder(for: folder, fresh: fresh)
    do throws(ResultError) {
      try write(
        staging.path, keepsRounds: keepsRounds, invocation: invocation, metricOrder: metricOrder,
        digest: digest,
        flagged: flagged)
      try staging.commit()
    } catch {
      staging.discard()
      throw error
    }
  }

  private func write(
    _ folder: String, keepsRounds: Bool, invocation: [String], metricOrder: [String],
    digest: (_ path: String) -> String?, flagged: (ResultSet) -> [TrialRecordV1]
  ) throws(ResultError) {
    var manifest = manifest(invocation: invocation)
    if !keepsRounds { manifest.withoutRounds = true }
    let writer = try ResultWriter(
      folder: folder, layout: layout, keepsRounds: manifest.withoutRounds != true)
    if keepsRounds {
      var owned = sources.map { _ in [TrialRecordV1]() }
      for (record, origin) in zip(records, origins) { owned[origin].append(record) }
      for (source, own) in zip(sources, owned) {
        try source.rounds.forEachPiece(of: own, layout: layout) { rows throws(ResultError) in
          try writer.append(rows: rows)
        }
      }
    }
    try writer.append(records)
    for source in sources {
      manifest.markAltered(
        ResultFolder.altered(in: source.folder, source.manifest, digest: digest))
    }
    try writer.finish(manifest, metricOrder: metricOrder, digest: digest, flagged: flagged)
  }

  private func manifest(invocation: [String]) -> RunManifestV1 {
    guard var manifest = sources.first?.manifest else {
      preconditionFailure("a merge has at least one folder")
    }
    for source in sources.dropFirst() {
      manifest = manifest.continuing(source.manifest)
    }
    manifest.invocation = invocation
    manifest.finished = RunManifestV1.timestamp(Date())
    manifest.files = [:]
    manifest.count(records)
    // Names alone: where the folders were is nobody's business.
    manifest.merged = sources.map { source in
      let name = UserPath.name(of: source.folder)
      return ["", ".", ".."].contains(name)
        ? UserPath.name(of: POSIXFile.resolved(source.folder)) : name
    }
    return manifest
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    POSIXFile.resolved(one) == POSIXFile.resolved(other)
  }
}
