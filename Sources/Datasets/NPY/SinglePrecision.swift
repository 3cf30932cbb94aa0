/// Rounds the float64 elements of an array to single precision, and refuses what that cannot hold.
///
/// Refused are a finite value that becomes infinite, and a row with values other than zero that
/// becomes zero altogether: either would change what the array says. Each value is rounded once, to
/// nearest, ties to even; NaN and infinite values pass.
struct SinglePrecision {
  private let header: NPYHeader
  private let path: String
  /// Rows in which a value other than zero became zero.
  private var thinned: Set<Int> = []

  init(_ header: NPYHeader, path: String) {
    self.header = header
    self.path = path
  }

  /// Rounds the elements that follow, in the order of the file, and appends them.
  mutating func append(_ piece: borrowing Span<Double>, to values: inout [Float])
    throws(DatasetError)
  {
    let start = values.count
    var isLossy = false
    values.append(addingCapacity: piece.count) { target in
      for index in piece.indices {
        let value = piece[index]
        let rounded = Float(value)
        let lost = (rounded == 0) != (value == 0) || rounded.isInfinite != value.isInfinite
        isLossy = isLossy || lost
        target.append(rounded)
      }
    }
    guard isLossy else { return }
    for index in piece.indices {
      let value = piece[index]
      let rounded = values[start + index]
      guard rounded.isInfinite == value.isInfinite else {
        throw .malformed(
          path: path,
          reason: "\(header.place(ofElement: start + index)) is \(value), outside single precision")
      }
      if rounded == 0, value != 0 { thinned.insert(header.row(ofElement: start + index)) }
    }
  }

  /// Makes sure that no row vanished, given all values in the order of rows.
  func checkRows(_ values: [Float]) throws(DatasetError) {
    let width = header.columnCount
    for row in thinned.sorted()
    where values[row * width..<(row + 1) * width].allSatisfy({ $0 == 0 }) {
      throw .malformed(
        path: path,
        reason: "row \(row) is not zero, but all of it rounds to zero in single precision")
    }
  }
}
