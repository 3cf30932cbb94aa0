extension RandomStream {
  /// Returns the logarithm of a gamma draw with the given shape and scale 1.
  ///
  /// Logarithms, because draws of small shapes underflow: at shape 0.01 a third of them lie below
  /// the least positive double.
  ///
  /// - Precondition: `shape > 0`
  /// - Note: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26,
  ///   2000; shapes below 1 by their relation Γ(a) = Γ(a + 1) U^(1/a).
  public mutating func logGamma(shape: Double) -> Double {
    precondition(shape > 0, "gamma shape must be positive, got \(shape)")
    guard shape >= 1 else {
      return logGamma(shape: shape + 1) + ElementaryFunctions.log(1 - unit()) / shape
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let t = 1 + c * x
      guard t > 0 else { continue }
      let v = t * t * t
      let logV = ElementaryFunctions.log(v)
      if ElementaryFunctions.log(1 - unit()) < 0.5 * x * x + d - d * v + d * logV {
        return ElementaryFunctions.log(d) + logV
      }
    }
  }

  /// Returns one draw of the symmetric Dirichlet distribution: `count` shares that sum to 1.
  ///
  /// - Precondition: `concentration > 0` and `count > 0`
  public mutating func dirichlet(concentration: Double, count: Int) -> [Double] {
    precondition(count > 0, "a Dirichlet draw needs at least one share")
    let logs = (0..<count).map { _ in logGamma(shape: concentration) }
    let top = logs.reduce(-Double.infinity, max)
    let shares = logs.map { ElementaryFunctions.exp($0 - top) }
    let total = shares.reduce(0, +)
    return shares.map { $0 / total }
  }
}
