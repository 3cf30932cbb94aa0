import Kernels

/// The share of positive minus that of negative coordinates.
enum SignBalance {
  /// Returns the balance of a row, in -1...1; zeros of both signs count as neither.
  ///
  /// - Complexity: O(d).
  static func balance(_ values: Span<Float>) -> Double {
    values.count > 0 ? Double(Vectors.signSurplus(values)) / Double(values.count) : 0
  }
}
