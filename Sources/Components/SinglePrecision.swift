/// Numbers of users that the engine computes with in single precision.
enum SinglePrecision {
  /// Whether a number is one there, too: neither infinite, nor zero, nor so small that its reciprocal
  /// is infinite, unless it is zero itself.
  static func holds(_ value: Double) -> Bool {
    value == 0
      || (Double(Float.leastNormalMagnitude)...Double(Float.greatestFiniteMagnitude)).contains(
        value.magnitude)
  }
}

extension ParameterSpec.Kind {
  /// Why a value that is in the range is refused all the same, in words that follow what is legal;
  /// empty for a value with no such reason.
  public func precisionHint(_ value: ArgumentValue) -> String {
    switch (self, value) {
    case (.real(let range, _), .real(let x)) where range.contains(x) && !SinglePrecision.holds(x):
      return x.magnitude < 1
        ? " and not too small for single precision (below 1.2e-38)"
        : " and not too large for single precision (above 3.4e38)"
    case (.list(let kind, _), .list(let values)):
      return values.lazy.map(kind.precisionHint).first { !$0.isEmpty } ?? ""
    case (.list(let kind, _), _): return kind.precisionHint(value)
    default: return ""
    }
  }
}
