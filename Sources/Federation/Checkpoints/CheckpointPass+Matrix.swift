public import Kernels
public import Tensors

extension CheckpointPass {
  /// Visits a matrix, the number of its rows and columns before its values.
  public mutating func visit(_ matrix: inout Matrix<Float>) {
    var (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
    // No copy, where the memory is the matrix's own.
    var values = matrix.values
    visit(&rowCount)
    visit(&columnCount)
    visit(&values)
    guard isReading, problem == nil else { return }
    let (count, overflows) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard rowCount >= 0, columnCount >= 0, !overflows, count == values.count else {
      return fail("a \(rowCount)x\(columnCount) matrix cannot hold \(values.count) values")
    }
    matrix = Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
  }
}
