public import Components

/// A proven upper bound on how far a rule can be brought from the mean of the honest rows.
///
/// A rule is (f, κ)-robust if for all n rows, and any n − f of them taken as the honest ones, the
/// squared distance of its result from the mean of the honest rows is at most κ times their mean
/// squared distance from it (Allouah et al., AISTATS 2023, definition 2). No rule has a κ below
/// f / (n − 2f). What a run shows, `influence.kappa`, is a lower bound; one above this bound is a
/// fault of the program.
public struct RobustnessBound: Sendable {
  /// In plain text, with n and f, and for a stage κ of the rule behind it.
  public let formula: String
  public let source: Citation
  private let bound: @Sendable (_ n: Double, _ f: Double, _ kappa: Double) -> Double

  /// The bound of a rule.
  public init(
    _ formula: String, source: Citation,
    _ bound: @escaping @Sendable (_ n: Double, _ f: Double) -> Double
  ) {
    self.init(formula, source: source) { n, f, _ in bound(n, f) }
  }

  /// The bound of a stage, for each bound κ of what comes behind it.
  public init(
    _ formula: String, source: Citation,
    _ bound: @escaping @Sendable (_ n: Double, _ f: Double, _ kappa: Double) -> Double
  ) {
    self.formula = formula
    self.source = source
    self.bound = bound
  }

  /// The least κ that any rule has.
  ///
  /// - Precondition: 2 f < n.
  public static func universal(n: Int, f: Int) -> Double {
    precondition(2 * f < n && f >= 0, "no rule is robust with f = \(f) of \(n)")
    return Double(f) / Double(n - 2 * f)
  }

  /// Returns the bound; for a stage with the bound of what comes behind it.
  ///
  /// - Precondition: 2 f < n.
  public func value(n: Int, f: Int, behind kappa: Double = 0) -> Double {
    precondition(2 * f < n && f >= 0, "no rule is robust with f = \(f) of \(n)")
    return bound(Double(n), Double(f), kappa)
  }
}
