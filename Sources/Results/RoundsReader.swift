import Diagnostics
import Foundation

/// Reads the values of `rounds.csv`, row by row, however long the file is.
public struct RoundsReader: Sendable {
  /// Why a folder has no rows that can be read.
  public enum Absence: Hashable, Sendable, CustomStringConvertible {
    /// There is no such file, or nothing in it.
    case missing
    /// Gauntlet 0.1.0 wrote it, with one line per value.
    case long
    /// Its first line is none of ours.
    case foreign

    public var description: String {
      switch self {
      case .missing: "there is no \(ResultFolder.roundsName)"
      case .long: "\(ResultFolder.roundsName) is of Gauntlet 0.1.0, which wrote it in another form"
      case .foreign: "\(ResultFolder.roundsName) starts with columns that are none of Gauntlet's"
      }
    }
  }

  private let path: String

  public init(folder: String) {
    path = ResultFolder.path(ResultFolder.roundsName, in: folder)
  }

  /// Passes on the rows of the given trials, in the order of the file.
  ///
  /// Rows of other trials are passed over, whatever they hold, and so is a last row that breaks off.
  ///
  /// - Parameters:
  ///   - records: The trials; those that are not `ok` have no rows.
  ///   - series: The columns to read.
  ///   - body: Called with the place of the trial in `records`, the round, and one value per entry of
  ///     `series`, NaN where the field is empty or the file has no such column. The rounds of a
  ///     trial come in ascending order.
  /// - Returns: Why there are no rows to read; `nil` if there could be some.
  /// - Throws: `malformed` for a row of one of the trials with another number of fields, what is no
  ///   number, or a round that does not come after the one before it; `unreadable`; what `body`
  ///   throws.
  /// - Complexity: O(length of the file) time, O(trials) memory.
  public func read(
    _ records: [TrialRecordV1], series: [String],
    _ body: (_ trial: Int, _ round: Int, _ values: [Double]) throws(ResultError) -> Void
  ) throws(ResultError) -> Absence? {
    guard FileManager.default.fileExists(atPath: path) else { return .missing }
    var absence: Absence? = .missing
    var rows: RowReader?
    try CSVRows(path: path).forEach { bytes, row throws(ResultError) in
      guard rows != nil else {
        absence = Self.absence(header: bytes[row.range])
        rows = RoundsLayout(header: bytes[row.range]).map { RowReader(records, series, $0) }
        return rows != nil
      }
      let trial: Int?
      do throws(JSONScanner.Problem) {
        trial = try rows?.read(bytes, row)
      } catch {
        throw .malformed(path: path, line: row.line, reason: error.reason)
      }
      if let trial, let rows { try body(trial, rows.round, rows.values) }
      return true
    }
    return absence
  }

  private static func absence(header: ArraySlice<UInt8>) -> Absence? {
    if RoundsLayout(header: header) != nil { return nil }
    return header.elementsEqual(RoundsLayout.longHeader.utf8.dropLast()) ? .long : .foreign
  }
}

/// Reads the fields of one row after another.
///
/// Rows of a trial follow each other and start alike, so the last answer is tried first.
private final class RowReader {
  /// Of the row that was read last.
  private(set) var round = 0
  private(set) var values: [Double]

  /// The place of a trial in the records, by the bytes that its rows start with.
  private var trials: [[UInt8]: Int] = [:]
  private var lastRounds: [Int]
  /// For each column of the file that is wanted, in their order, its place after the round and its
  /// places among the values.
  private var columns: [(column: Int, places: [Int])] = []
  /// Fields up to the round.
  private let leadingCount: Int
  private let fieldCount: Int
  /// What the last row started with, and whose it is.
  private var start: [UInt8] = []
  private var trial: Int?
  private let words = WordTable()

  init(_ records: [TrialRecordV1], _ series: [String], _ layout: RoundsLayout) {
    leadingCount = layout.columns.count - layout.series.count - 1
    fieldCount = layout.columns.count
    lastRounds = Array(repeating: -1, count: records.count)
    values = Array(repeating: .nan, count: series.count)
    for (place, record) in records.enumerated() where record.status == .ok {
      trials[Array(layout.start(of: record).utf8)] = place
    }
    for (column, name) in layout.series.enumerated() {
      let places = series.indices.filter { series[$0] == name }
      if !places.isEmpty { columns.append((column, places)) }
    }
  }

  /// The trial of a row, whose ``round`` and ``values`` are then those of the row; `nil` for a row of
  /// another trial.
  func read(
    _ bytes: [UInt8], _ row: CSVRows.Row
  ) throws(JSONScanner.Problem) -> Int? {
    if start.isEmpty || !Self.starts(bytes, row.range, with: start) {
      start = Array(bytes[leading(bytes, row.range)])
      trial = trials[start]
    }
    guard let trial else { return nil }
    guard row.fieldCount == fieldCount else {
      throw .init(
        line: row.line, reason: "has \(row.fieldCount) fields, and the first line \(fieldCount)")
    }
    var position = row.range.lowerBound + start.count
    var field = Self.field(bytes, from: position, in: row.range)
    var scanner = JSONScanner(bytes, in: field, firstLine: row.line, words: words)
    round = try scanner.integer()
    try scanner.finish()
    guard round > lastRounds[trial] else {
      throw .init(
        line: row.line,
        reason: round < 0
          ? "the round is \(round)"
          : "round \(round) of a trial comes after its round \(lastRounds[trial])")
    }
    lastRounds[trial] = round
    var column = -1
    for wanted in columns {
      while column < wanted.column {
        position = field.upperBound + 1
        field = Self.field(bytes, from: position, in: row.range)
        column += 1
      }
      var value = Double.nan
      if !field.isEmpty {
        var scanner = JSONScanner(bytes, in: field, firstLine: row.line, words: words)
        value = try scanner.number()
        try scanner.finish()
      }
      for place in wanted.places { values[place] = value }
    }
    return trial
  }

  private static func starts(
    _ bytes: [UInt8], _ range: Range<Int>, with start: [UInt8]
  ) -> Bool {
    guard range.count >= start.count else { return false }
    for index in start.indices where bytes[range.lowerBound + index] != start[index] {
      return false
    }
    return true
  }

  /// The bytes of a row up to and with the comma before the round; all of it if it has fewer fields.
  private func leading(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var count = 0
    var isQuoted = false
    for index in range {
      switch bytes[index] {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        count += 1
        if count == leadingCount { return range.lowerBound..<index + 1 }
      default: break
      }
    }
    return range
  }

  private static func field(
    _ bytes: [UInt8], from start: Int, in row: Range<Int>
  ) -> Range<Int> {
    var end = start
    while end < row.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
    return start..<end
  }
}
