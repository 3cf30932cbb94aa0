public import Kernels
public import Tensors

/// A matrix as a NumPy file holds it, in the precision of the file.
public enum NPYMatrix: Sendable, Equatable {
  case float32(Matrix<Float>)
  case float64(Matrix<Double>)

  public var rowCount: Int {
    switch self {
    case .float32(let matrix): matrix.rowCount
    case .float64(let matrix): matrix.rowCount
    }
  }

  public var columnCount: Int {
    switch self {
    case .float32(let matrix): matrix.columnCount
    case .float64(let matrix): matrix.columnCount
    }
  }
}
