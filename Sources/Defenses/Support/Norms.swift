/// Returns min(1, bound / norm), the factor that shortens a vector to the bound; 1 for norm 0.
func clippingFactor(norm: Double, bound: Double) -> Double {
  norm > bound ? bound / norm : 1
}

/// Returns the median, the mean of the two middle values for an even count.
///
/// - Precondition: At least one value.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
