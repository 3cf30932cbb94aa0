import Federation
import Tensors
import Testing

/// A matrix at an end of what a defense may be given.
struct DegenerateMatrix: Sendable, CustomTestStringConvertible {
  let name: String
  let rows: [[Double]]

  var testDescription: String { name }
  var updates: UpdateMatrix { makeUpdates(rows) }

  /// Each with twelve columns.
  static let all: [DegenerateMatrix] = {
    let columns = 12
    let normal = makeNormal(rows: 11, columns: columns, seed: 61)
    func constant(_ value: Double) -> [Double] { .init(repeating: value, count: columns) }
    func scaled(_ factor: Double) -> [[Double]] { normal.map { $0.map { $0 * factor } } }
    let large = Double(Float.greatestFiniteMagnitude)
    let small = Double(Float.leastNonzeroMagnitude)
    let unit = (0..<11).map { row in (0..<columns).map { $0 == row ? 1.0 : 0 } }
    let ends = (0..<11).map { row in constant(row.isMultiple(of: 2) ? large : -large) }
    return [
      DegenerateMatrix(name: "one row", rows: [normal[0]]),
      DegenerateMatrix(name: "one row of zeros", rows: [constant(0)]),
      DegenerateMatrix(name: "two rows", rows: [normal[0], normal[1]]),
      DegenerateMatrix(name: "two opposite rows", rows: [normal[0], normal[0].map { -$0 }]),
      DegenerateMatrix(name: "all zero", rows: .init(repeating: constant(0), count: 11)),
      DegenerateMatrix(name: "all equal", rows: .init(repeating: normal[0], count: 11)),
      DegenerateMatrix(name: "pairs of equal rows", rows: (0..<11).map { normal[$0 / 2] }),
      DegenerateMatrix(
        name: "two equal clusters", rows: (0..<10).map { constant($0 < 5 ? 1 : -1) }),
      DegenerateMatrix(
        name: "one row apart", rows: (0..<11).map { constant($0 == 4 ? 1 : 0) }),
      DegenerateMatrix(
        name: "half of the rows zero", rows: (0..<11).map { $0 % 2 == 0 ? constant(0) : normal[$0] }
      ),
      DegenerateMatrix(name: "one value each", rows: unit),
      DegenerateMatrix(
        name: "one column that is not zero", rows: normal.map { [$0[0]] + constant(0).dropFirst() }),
      DegenerateMatrix(name: "signs alone", rows: normal.map { $0.map { $0 < 0 ? -1 : 1 } }),
      DegenerateMatrix(name: "huge", rows: scaled(1e37)),
      DegenerateMatrix(name: "tiny", rows: scaled(1e-37)),
      DegenerateMatrix(
        name: "the smallest values", rows: normal.map { $0.map { $0 < 0 ? -small : small } }),
      DegenerateMatrix(
        name: "the largest values", rows: normal.map { $0.map { $0 < 0 ? -large : large } }),
      DegenerateMatrix(name: "opposite ends", rows: ends),
      DegenerateMatrix(
        name: "both magnitudes",
        rows: (0..<11).map { row in normal[row].map { $0 * (row < 4 ? 1e37 : 1e-37) } }),
      DegenerateMatrix(
        name: "both magnitudes in a row",
        rows: normal.map {
          $0.enumerated().map { $0.offset < 6 ? $0.element * 1e37 : $0.element * 1e-37 }
        }),
      DegenerateMatrix(
        name: "one huge row", rows: [constant(large)] + normal.dropFirst()),
    ]
  }()
}
