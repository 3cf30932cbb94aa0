import Tensors

extension ParameterLayout {
  /// The positions of the output layer's parameters, ascending; `nil` where there is none to tell
  /// apart: on a bare matrix, and where all parameters belong to it.
  var outputColumns: [Int]? {
    let segments = segments.filter { $0.role == .outputWeight || $0.role == .outputBias }
    let columns = segments.flatMap(\.range)
    return columns.isEmpty || columns.count == count ? nil : columns
  }
}
