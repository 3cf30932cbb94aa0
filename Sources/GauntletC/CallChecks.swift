import BareRounds
import Determinism

/// What numbers from outside have to be before anything is made of them.
enum CallChecks {
  /// Clients and rows: more do not fit any machine, and sums of them no integer.
  static let most: Int64 = 1 << 40

  static func number(
    _ value: Int64, _ name: String, in range: ClosedRange<Int64>
  ) throws(BareRoundError) -> Int {
    guard range.contains(value) else {
      throw BareRoundError(
        "\(name) is \(value); it has to be from \(range.lowerBound) to \(range.upperBound)")
    }
    return Int(value)
  }

  /// The number of values of a matrix.
  static func count(_ rows: Int64, _ columns: Int64) throws(BareRoundError) -> Int {
    guard rows > 0, columns > 0 else {
      throw BareRoundError(
        "the matrix is \(rows) x \(columns); at least one row and one column are needed")
    }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= most else {
      throw BareRoundError("the matrix is \(rows) x \(columns), which is too large")
    }
    return Int(count)
  }

  static func pool(_ threads: Int32) throws(BareRoundError) -> WorkPool {
    WorkPool(width: try number(Int64(threads), "threads", in: 1...4096))
  }
}
