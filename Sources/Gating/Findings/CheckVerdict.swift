/// What the gate says about one metric of one cell.
public enum CheckVerdict: String, Hashable, Sendable, CaseIterable {
  /// Every seed gave the number of the baseline, bit for bit.
  case identical
  /// Not worse by more than the tolerance.
  case pass
  /// Better by more than the tolerance, and more than chance explains.
  case improved
  /// Worse by more than the tolerance, and more than chance explains.
  case regression
  /// Worse by more than the tolerance, but chance may explain it; or too few seeds to tell.
  case inconclusive
  /// The baseline has it and the results have not.
  case missing
  /// The two sides are not measurements of the same thing.
  case incomparable
}
