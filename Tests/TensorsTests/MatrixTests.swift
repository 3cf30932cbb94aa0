import Determinism
import Tensors
import Testing

@Suite struct MatrixTests {
  private let matrix = Matrix<Float>(rowCount: 3, columnCount: 2, values: [1, 2, 3, 4, 5, 6])

  @Test func `rows lie one after the other`() {
    #expect(matrix.range(ofRow: 1) == 2..<4)
    #expect(matrix.row(2) == [5, 6])
    #expect(matrix == Matrix(rows: [[1, 2], [3, 4], [5, 6]]))
    #expect(matrix != Matrix(rowCount: 2, columnCount: 3, values: [1, 2, 3, 4, 5, 6]))
  }

  @Test func `empty matrices are legal`() {
    #expect(Matrix<Double>(rows: []) == Matrix(rowCount: 0, columnCount: 0))
    #expect(Matrix<Double>(rowCount: 0, columnCount: 5).values.isEmpty)
    #expect(Matrix<Double>(rowCount: 4, columnCount: 0).row(3).isEmpty)
  }

  @Test func `new matrices hold zeros`() {
    #expect(Matrix<Float>(rowCount: 2, columnCount: 2).values == [0, 0, 0, 0])
  }

  @Test func `a row can be changed in place`() {
    var changed = matrix
    let old = changed.withMutableRow(1) { row in
      defer { row[0] = 30 }
      return row[0]
    }
    #expect(old == 3)
    #expect(changed.values == [1, 2, 30, 4, 5, 6])
    #expect(matrix.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func `rows can be overwritten`() {
    var changed = matrix
    let row: [Float] = [7, 8]
    changed.setRow(0, to: row.span)
    changed.setRow(2, toRow: 1, of: matrix)
    #expect(changed.values == [7, 8, 3, 4, 3, 4])
  }

  private static let removals: [(rows: Set<Int>, left: [Float])] = [
    ([], [1, 2, 3, 4, 5, 6]), ([0], [3, 4, 5, 6]), ([1], [1, 2, 5, 6]), ([2], [1, 2, 3, 4]),
    ([0, 2], [3, 4]), ([0, 1, 2], []), ([7], [1, 2, 3, 4, 5, 6]),
  ]

  @Test(arguments: removals)
  func `removing rows keeps the order of the others`(rows: Set<Int>, left: [Float]) {
    var changed = matrix
    changed.removeRows(rows)
    #expect(changed.values == left)
    #expect(changed.rowCount == left.count / 2)
  }

  @Test func `resizing drops from the end and appends zeros`() {
    var changed = matrix
    changed.resize(rowCount: 1)
    #expect(changed == Matrix(rows: [[1, 2]]))
    changed.resize(rowCount: 3)
    #expect(changed == Matrix(rows: [[1, 2], [0, 0], [0, 0]]))
    changed.resize(rowCount: 3)
    #expect(changed.rowCount == 3)
    changed.resize(rowCount: 0)
    #expect(changed.values.isEmpty)
  }

  @Test(arguments: [1, 2, 5])
  func `every row is visited once whatever the width`(width: Int) {
    var target = Matrix<Float>(rowCount: 37, columnCount: 3)
    target.forEachRow(pool: WorkPool(width: width)) { worker, row, values in
      precondition((0..<width).contains(worker))
      for column in 0..<values.count { values[column] += Float(10 * row + column) }
    }
    for row in 0..<37 { #expect(target.row(row) == (0..<3).map { Float(10 * row + $0) }) }
  }

  @Test func `writing rows in parallel leaves copies alone`() {
    let copy = matrix
    var changed = matrix
    changed.forEachRow(pool: WorkPool(width: 2)) { _, _, values in values[0] = -1 }
    #expect(copy.values == [1, 2, 3, 4, 5, 6])
    #expect(changed.values == [-1, 2, -1, 4, -1, 6])
  }

  @Test func `a row is known by the first one with its bits`() {
    let matrix = Matrix<Float>(
      rows: [[1, 2], [2, 1], [1, 2], [0, -0.0], [-0.0, 0], [0, -0.0], [2, 1], [1, 2]])
    for width in [1, 3] {
      #expect(matrix.firstEqualRows(pool: WorkPool(width: width)) == [0, 1, 0, 3, 4, 3, 1, 0])
    }
    let empty = Matrix<Float>(rowCount: 2, columnCount: 0)
    #expect(empty.firstEqualRows(squaredNorms: [0, 0]) == [0, 0])
    #expect(Matrix<Float>(rows: []).firstEqualRows(squaredNorms: []).isEmpty)
  }

  @Test func `sizes that do not fit trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 2, columnCount: 2, values: [1])
    }
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>(rows: [[1], [1, 2]]) }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 1, columnCount: 1).row(1)
    }
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 1, columnCount: 2)
      matrix.setRow(0, toRow: 0, of: Matrix(rowCount: 1, columnCount: 3))
    }
  }
}
