import Federation
import Statistics

extension OperatingCurve {
  /// Visits the sums over the rounds that were added.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    var (count, high, low) = (count, high, low)
    pass.visit(&count)
    pass.visit(&high)
    pass.visit(&low)
    guard let curve = OperatingCurve(count: count, high: high, low: low) else {
      return pass.fail("a curve has another number of points")
    }
    self = curve
  }
}
