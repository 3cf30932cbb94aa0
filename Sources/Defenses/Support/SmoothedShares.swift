/// The shares that a smoothed Weiszfeld step gives the rows.
///
/// - Parameters:
///   - weights: The weights p of the rows.
///   - distances: The squared distance of each row from the point that the step starts from.
///   - nu: The distance ν that shorter ones count as.
/// - Returns: β_i / Σ β with β_i = p_i / max(ν, distance_i).
func smoothedShares(
  _ weights: [Double], squaredDistances distances: [Double], nu: Double
) -> [Double] {
  let pulls = zip(weights, distances).map { $0 / max(nu, $1.squareRoot()) }
  let total = pulls.reduce(0, +)
  guard total == 0 || total == .infinity else { return pulls.map { $0 / total } }
  // A ν at an end of the range of numbers: relative to the least distance nothing leaves it.
  let lengths = distances.map { max(nu, $0.squareRoot()) }
  let least = lengths.reduce(.infinity, min)
  let relative = zip(weights, lengths).map { $0 * (least / $1) }
  let sum = relative.reduce(0, +)
  return relative.map { $0 / sum }
}
