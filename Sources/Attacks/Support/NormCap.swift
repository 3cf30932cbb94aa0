import Components
import Federation
import Kernels
import Tensors

/// The largest norm that a sent row may have.
struct NormCap: Sendable {
  let bound: Double

  init(_ bound: Double) { self.bound = bound }

  /// The parameter `norm-bound` of attacks that may go without.
  static let parameter = ParameterSpec(
    "norm-bound", .positive(orWords: ["none"]), default: .text("none"),
    help: "largest norm of the sent update")

  /// Reads the parameter `norm-bound`; `nil` where it is `none`.
  init?(_ arguments: Arguments) {
    guard let bound = arguments.number("norm-bound") else { return nil }
    self.bound = bound
  }

  /// Returns the factor that takes a row of some norm to the bound; infinite for a row of zeros.
  func factor(forNorm norm: Double) -> Double { norm > 0 ? bound / norm : .infinity }

  /// Shortens the rows that are longer than the bound, to it within a rounding of each coordinate;
  /// the others keep their bits, and so do rows with a NaN.
  ///
  /// - Returns: How many rows were shortened.
  func apply(to rows: inout Matrix<Float>) -> Int {
    var shortened = 0
    for row in 0..<rows.rowCount {
      let norm = rows.norm(ofRow: row)
      guard norm > bound else { continue }
      rows.scaleRow(row, by: factor(forNorm: norm))
      shortened += 1
    }
    return shortened
  }
}
