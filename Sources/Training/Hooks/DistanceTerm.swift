import Kernels

/// Makes local training minimize a share of the loss plus a weighted distance from a center.
///
/// With X the local parameters and C the center, the distance is ‖X − C‖, whose gradient is
/// (X − C) / ‖X − C‖ and counts as 0 at the center, or its square, whose gradient is 2(X − C).
///
/// The norm is in double precision, coordinates ascending; each coordinate is rounded once. Nothing is
/// allocated.
///
/// - Complexity: O(d) per step.
public struct DistanceTerm: LocalTrainingHook {
  /// What is added to the loss.
  public enum Kind: Sendable {
    case norm
    case square
  }

  public let kind: Kind
  /// What the loss itself is multiplied by.
  public let lossShare: Double
  /// What the distance is multiplied by.
  public let weight: Double
  /// d values.
  public let center: [Float]

  public init(_ kind: Kind, lossShare: Double = 1, weight: Double, center: [Float]) {
    self.kind = kind
    self.lossShare = lossShare
    self.weight = weight
    self.center = center
  }

  public mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor _: Span<Float>,
    step _: LocalStep
  ) {
    precondition(
      gradient.count == center.count, "a center of \(center.count) for \(gradient.count) values")
    var factor = 2 * weight
    if kind == .norm {
      let distance = Float.squaredDistance(parameters, center.span).squareRoot()
      factor = distance > 0 ? weight / distance : 0
    }
    for index in gradient.indices {
      let difference = Double(parameters[index]) - Double(center[index])
      gradient[index] = Float(lossShare * Double(gradient[index]) + factor * difference)
    }
  }
}
