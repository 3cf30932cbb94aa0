import Diagnostics
import Foundation

/// Reads `rounds.csv` in pieces, however long it is.
struct RoundsFile {
  /// What a whole file was found to hold.
  struct Contents {
    /// The bytes up to the end of the last row of a known trial; 0 without the header.
    var length = 0
    /// How many rounds of each trial have rows, counted up to the first that has none.
    var roundCounts: [TrialIdentity: Int] = [:]
    /// The trials of which not every round has one row.
    var lacking: [TrialRecordV1] = []
    /// Whether there is a file.
    var isThere = false
  }

  /// The first line of a file.
  private enum Header {
    /// It breaks off, or there is no file.
    case none
    case layout(RoundsLayout)
    /// That of Gauntlet 0.1.0, with one line per value.
    case long
    case foreign
  }

  let folder: String
  let path: String
  private let name: String

  /// `name` is that of another file whose lines begin alike, such as ``VerdictsFile/name``.
  init(in folder: String, name: String = ResultFolder.roundsName) {
    self.folder = folder
    self.name = name
    path = ResultFolder.path(name, in: folder)
  }

  /// The columns of the file; `nil` without a whole first line, or for another form.
  func layout() throws(ResultError) -> RoundsLayout? {
    if case .layout(let layout) = try header() { layout } else { nil }
  }

  /// Refuses a file to which lines of this layout cannot be added, if it has lines to keep.
  ///
  /// - Throws: `differs` for the form of Gauntlet 0.1.0 and for other columns; `notOurs`.
  func check(_ layout: RoundsLayout, for records: [TrialRecordV1]) throws(ResultError) {
    _ = try keepsLines(layout, Self.withRounds(records))
  }

  /// Whether the lines that are there stay: the file has these columns and not only a part of them.
  private func keepsLines(
    _ layout: RoundsLayout, _ withRounds: [TrialRecordV1]
  ) throws(ResultError) -> Bool {
    let difference: String
    switch try header() {
    case .none: return true
    case .layout(layout): return true
    case .foreign: throw .notOurs(path: path)
    case .long: difference = Self.longReason
    case .layout(let there):
      difference =
        "the results have other columns in \(name): "
        + (there.difference(from: layout) ?? "none")
    }
    // Without trials nothing is lost with the lines.
    guard withRounds.isEmpty else { throw .differs(path: folder, reason: difference) }
    return false
  }

  private static let longReason =
    "the results are of Gauntlet 0.1.0, which wrote \(ResultFolder.roundsName) in another form"

  private static func withRounds(_ records: [TrialRecordV1]) -> [TrialRecordV1] {
    records.filter { $0.status == .ok && $0.rounds > 0 }
  }

  private func header() throws(ResultError) -> Header {
    guard FileManager.default.fileExists(atPath: path) else { return .none }
    var header = Header.none
    try forEachRow { row, _, _ throws(ResultError) in
      let text = String(decoding: row, as: UTF8.self)
      header =
        text + "\n" == RoundsLayout.longHeader
        ? .long : RoundsLayout(header: row).map { .layout($0) } ?? .foreign
      return false
    }
    return header
  }

  /// Reads the file and finds where the rows of known trials end.
  ///
  /// What follows them, whole or not, is of a trial that a kill kept from its line in the log.
  ///
  /// - Throws: What ``check(_:for:)`` throws; `malformed` for a row of an unknown trial before one of
  ///   a known trial.
  func contents(
    for records: [TrialRecordV1], layout: RoundsLayout
  ) throws(ResultError) -> Contents {
    let withRounds = Self.withRounds(records)
    guard try keepsLines(layout, withRounds) else { return Contents() }
    guard FileManager.default.fileExists(atPath: path) else {
      return Contents(lacking: withRounds)
    }
    var owners = RowOwners(records, layout)
    var found = Contents(isThere: true)
    var rowCounts: [TrialIdentity: Int] = [:]
    var stranger: Int?
    try forEachRow { row, line, end throws(ResultError) in
      if line == 1 {
        found.length = end
      } else if let owner = owners.owner(of: row) {
        if let stranger {
          throw .malformed(path: path, line: stranger, reason: "its trial is not in the log")
        }
        found.length = end
        rowCounts[owner, default: 0] += 1
        let count = found.roundCounts[owner] ?? 0
        if owners.round(of: row) == count { found.roundCounts[owner] = count + 1 }
      } else if stranger == nil {
        stranger = line
      }
      return true
    }
    found.lacking = withRounds.filter {
      found.roundCounts[$0.identity] != $0.rounds || rowCounts[$0.identity] != $0.rounds
    }
    return found
  }

  /// Refuses a file in which trials of the log lack rows.
  ///
  /// - Throws: `incomplete`.
  func refuseGaps(_ found: Contents, for records: [TrialRecordV1]) throws(ResultError) {
    guard let example = found.lacking.first else { return }
    let count = Self.withRounds(records).count
    let trials = count == 1 ? "1 trial" : "\(count) trials"
    throw .incomplete(
      path: path,
      reason: !found.isThere
        ? "is missing, and the log has \(trials)"
        : found.roundCounts.isEmpty
          ? "has no rows, and the log has \(trials)"
          : "lacks rows of \(found.lacking.count) trials of the log, such as \(example.cell) with "
            + "seed \(example.seed)")
  }

  /// Writes the file anew with the rows of these trials alone; readers see the old or the new one.
  func rewrite(keeping records: [TrialRecordV1], layout: RoundsLayout) throws(ResultError) {
    let partial = POSIXFile.partialName(of: path)
    do throws(ResultError) {
      let file = try POSIXFile(appendingTo: partial)
      try file.append(Array(layout.header.utf8), waiting: false)
      if FileManager.default.fileExists(atPath: path) {
        try forEachPiece(of: records, layout: layout) { rows throws(ResultError) in
          try file.append(rows, waiting: false)
        }
      }
      try file.append([])
      try POSIXFile.rename(partial, to: path)
    } catch {
      try? POSIXFile.remove(partial)
      throw error
    }
  }

  /// Passes on the rows of the given trials, without line feeds, in pieces of the file's order.
  func forEachPiece(
    of records: [TrialRecordV1], layout: RoundsLayout,
    _ body: (_ rows: [UInt8]) throws(ResultError) -> Void
  ) throws(ResultError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    var owners = RowOwners(records, layout)
    var piece: [UInt8] = []
    try forEachRow { row, line, _ throws(ResultError) in
      guard line > 1, owners.owner(of: row) != nil else { return true }
      piece += row
      piece.append(Self.lineFeed)
      guard piece.count >= Self.pieceLength else { return true }
      try body(piece)
      piece.removeAll(keepingCapacity: true)
      return true
    }
    if !piece.isEmpty { try body(piece) }
  }

  /// Calls with each row that has its line feed, its number from 1, and the offset of its end,
  /// until `body` returns `false`.
  private func forEachRow(
    _ body: (_ row: ArraySlice<UInt8>, _ line: Int, _ end: Int) throws(ResultError) -> Bool
  ) throws(ResultError) {
    let file = try UserFile.opened(path)
    var buffer: [UInt8] = []
    var (line, offset) = (0, 0)
    while true {
      var from = buffer.count
      let piece = try file.piece(of: path)
      if piece.isEmpty { return }
      buffer += piece
      var start = 0
      while let end = buffer[from...].firstIndex(of: Self.lineFeed) {
        line += 1
        offset += end + 1 - start
        guard try body(buffer[start..<end], line, offset) else { return }
        start = end + 1
        from = start
      }
      buffer.removeFirst(start)
      guard buffer.count <= UserFile.lineLimit else {
        throw .malformed(path: path, line: line + 1, reason: UserFile.lineReason)
      }
    }
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let pieceLength = 1 << 20
}

/// Tells which trial a row belongs to, by the fields that it starts with.
///
/// Rows of a trial follow each other, so the last answer is tried first.
private struct RowOwners {
  private typealias Owner = (identity: TrialIdentity, start: [UInt8])

  private var owners: [String: [Owner]] = [:]
  private var current: Owner?

  init(_ records: [TrialRecordV1], _ layout: RoundsLayout) {
    for record in records where record.status == .ok {
      let start = Array(layout.start(of: record).utf8)
      owners[RoundsLayout.shortKey(record.key), default: []].append((record.identity, start))
    }
  }

  mutating func owner(of row: ArraySlice<UInt8>) -> TrialIdentity? {
    if let current, row.starts(with: current.start) { return current.identity }
    let key = String(decoding: row.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)
    current = owners[key]?.first { row.starts(with: $0.start) }
    return current?.identity
  }

  /// The round of the row that was asked about last.
  func round(of row: ArraySlice<UInt8>) -> Int? {
    let rest = row.dropFirst(current?.start.count ?? 0).prefix { $0 != UInt8(ascii: ",") }
    return Int(String(decoding: rest, as: UTF8.self))
  }
}
