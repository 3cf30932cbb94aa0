/// Returns min(1, bound / norm), the factor that shortens a vector to the bound; 1 for norm 0.
func clippingFactor(norm: Double, bound: Double) -> Double {
  norm > bound ? bound / norm : 1
}
