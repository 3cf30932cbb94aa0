import Tensors

/// Which rows of a round are equal, so that what follows from a row alone is computed once for them.
///
/// Attackers that agree send the same row many times.
struct EqualRows {
  /// For every row the first one with the same bits.
  private let firsts: [Int]

  init(_ rows: borrowing Matrix<Float>, squaredNorms: [Double]) {
    firsts = rows.firstEqualRows(squaredNorms: squaredNorms)
  }

  /// Returns the first of the equal ones among some rows, in order, and for each of the rows its place
  /// among them.
  func distinct(_ rows: [Int]) -> (rows: [Int], places: [Int]) {
    var distinct: [Int] = []
    var known: [Int: Int] = [:]
    let places = rows.map { row in
      if let place = known[firsts[row]] { return place }
      known[firsts[row]] = distinct.count
      distinct.append(row)
      return distinct.count - 1
    }
    return (distinct, places)
  }

  /// Returns one value for each of some rows; `values` gives those of different ones, in order.
  func spread(_ rows: [Int], _ values: ([Int]) -> [Double]) -> [Double] {
    let (distinct, places) = distinct(rows)
    let found = values(distinct)
    return places.map { found[$0] }
  }
}
