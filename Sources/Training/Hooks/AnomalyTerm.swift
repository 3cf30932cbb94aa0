import Kernels

/// Makes local training minimize alpha · L_class + (1 − alpha) · L_ano.
///
/// With X the local and G the global parameters, L_ano is ‖X − G‖², whose gradient is 2(X − G), or
/// 1 − cos(X, G), whose gradient is −(G / (‖X‖ ‖G‖) − cos(X, G) · X / ‖X‖²). Where X or G is zero
/// the cosine counts as 0 with gradient 0, because it has no limit there.
///
/// Norms and the dot product are in double precision; each coordinate is rounded once. Nothing is
/// allocated.
///
/// - Complexity: O(d) per step.
public struct AnomalyTerm: LocalTrainingHook {
  /// What counts as an anomaly.
  public enum Kind: String, CaseIterable, Sendable {
    case cosine
    case l2
  }

  public let kind: Kind
  /// The share of the main loss, in 0...1.
  public let alpha: Double

  public init(kind: Kind, alpha: Double) {
    self.kind = kind
    self.alpha = alpha
  }

  public mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>,
    step _: LocalStep
  ) {
    let ownPart: Double
    let globalPart: Double
    switch kind {
    case .l2:
      ownPart = 2
      globalPart = -2
    case .cosine:
      (ownPart, globalPart) = Self.cosineParts(parameters, anchor)
    }
    let beta = 1 - alpha
    for i in gradient.indices {
      let anomaly = ownPart * Double(parameters[i]) + globalPart * Double(anchor[i])
      gradient[i] = Float(alpha * Double(gradient[i]) + beta * anomaly)
    }
  }

  /// Returns the factors of X and G in the gradient of 1 − cos(X, G).
  private static func cosineParts(
    _ own: Span<Float>, _ global: Span<Float>
  ) -> (own: Double, global: Double) {
    let ownSquare = Float.squaredNorm(own)
    let norms = (ownSquare * Float.squaredNorm(global)).squareRoot()
    guard norms > 0 else { return (0, 0) }
    return (Float.dot(own, global) / norms / ownSquare, -1 / norms)
  }
}
