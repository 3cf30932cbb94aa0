/// What the shape means.
extension NPYHeader {
  /// The number of elements; 1 where there are no dimensions.
  var count: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }

  /// The size of the elements; never overflows.
  var byteCount: Int { count * element.byteCount }

  /// The extent of the first of several dimensions; a vector, or a single value, is one row.
  var rowCount: Int { shape.count > 1 ? shape[0] : 1 }

  /// The number of elements in one row.
  var columnCount: Int { rowCount > 0 ? count / rowCount : 0 }

  /// Whether the elements lie in the order of rows, which Fortran order may be too.
  var isRowMajor: Bool { !isFortranOrder || shape.count { $0 > 1 } <= 1 || count == 0 }

  /// The shape as Python writes it.
  var shapeText: String { Self.text(shape) }

  /// Makes sure that the elements are a matrix (rows, columns) or a vector (columns,), not empty.
  func requireMatrix(path: String) throws(DatasetError) {
    guard shape.count == 1 || shape.count == 2 else {
      throw .malformed(
        path: path,
        reason: """
          has shape \(shapeText), \(shape.count) dimensions; accepted are matrices (rows, columns) \
          and vectors (columns,)
          """)
    }
    guard count > 0 else {
      throw .malformed(path: path, reason: "has shape \(shapeText): no elements")
    }
  }

  static func text(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
  }

  /// What to call an element, given its position in the order of the file.
  func place(ofElement index: Int) -> String {
    guard shape.count > 2 else {
      let (row, column) = (row(ofElement: index), column(ofElement: index))
      return "row \(row), column \(column)"
    }
    var rest = index
    var place = shape
    for dimension in isFortranOrder ? Array(shape.indices) : shape.indices.reversed() {
      place[dimension] = rest % shape[dimension]
      rest /= shape[dimension]
    }
    return "element \(Self.text(place))"
  }

  /// The row of an element, given its position in the order of the file.
  func row(ofElement index: Int) -> Int {
    isFortranOrder ? index % rowCount : index / columnCount
  }

  /// The column of an element of a matrix, given its position in the order of the file.
  private func column(ofElement index: Int) -> Int {
    isFortranOrder ? index / rowCount : index % columnCount
  }
}
