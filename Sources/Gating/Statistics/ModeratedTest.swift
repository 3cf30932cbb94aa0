import Statistics

/// The tests of one gate: paired, one-sided t tests with a moderated variance, adjusted for their
/// number.
///
/// Each test asks whether the mean worsening of one check, over the seeds that both sides have,
/// may be zero or less. With three to five seeds a variance is hardly known, so it borrows from
/// the other checks of its metric (Smyth, Stat. Appl. Genet. Mol. Biol. 3, 2004, eq. for the
/// posterior variance): `(d0·s0² + (n-1)·s²) / (d0 + n-1)` with `d0 = 4` and `s0²` the median
/// variance of the metric's checks that changed.
///
/// Deviations: the variance never falls below the check's own, because one noisy cell among quiet
/// ones would else be red by chance, and where it is the check's own the prior's degrees of freedom
/// fade with the square of the ratio; and `d0` is fixed, not estimated. Measured on re-runs of the
/// core scenario whose batch order was re-keyed: see the README, "What the gate sees".
struct ModeratedTest {
  /// What the prior weighs, in degrees of freedom.
  static let priorDegrees = 4.0

  /// One check that changed.
  struct Sample: Hashable {
    var metric: String
    /// The worsening of each seed, at least two.
    var worsening: [Double]
    /// Whether a change either way would have been one for the worse: then p is twice the tail.
    var isTwoSided = false
  }

  /// How p values are adjusted for the number of tests.
  enum Adjustment {
    /// Holm: more power, and no simple intervals that say the same.
    case stepwise
    /// Bonferroni: intervals hold all at once, and say the same as p.
    case singleStep
  }

  /// What the test says about one check.
  struct Outcome {
    var mean: Double
    /// Of the mean; 0 only if no check of the metric varies.
    var standardError: Double
    var degrees: Double
    /// Of "not worse", adjusted.
    var pValue: Double
    /// Of "not better", adjusted among its like.
    var betterPValue: Double
    /// The prior variance of its metric.
    var prior: Double
  }

  /// One outcome per sample, in their order.
  let outcomes: [Outcome]
  /// The median variance of the checks that changed, by metric.
  let priors: [String: Double]
  /// The number of tests: samples of one metric that are equal are one test.
  ///
  /// What depends on the defense alone, such as its cost on clean data, is in the cells of every
  /// attack; it is one fact, and all its copies are rejected or none.
  let count: Int

  init(_ samples: [Sample], adjustment: Adjustment = .stepwise) {
    var places: [Sample: Int] = [:]
    var distinct: [Sample] = []
    for sample in samples where places[sample] == nil {
      places[sample] = distinct.count
      distinct.append(sample)
    }
    let variances = distinct.map { Moments.sampleVariance($0.worsening) ?? 0 }
    var byMetric: [String: [Double]] = [:]
    for (sample, variance) in zip(distinct, variances) {
      byMetric[sample.metric, default: []].append(variance)
    }
    let priors = byMetric.mapValues { Median.of($0) ?? 0 }
    var outcomes = zip(distinct, variances).map { sample, variance in
      let prior = priors[sample.metric] ?? variance
      let spread = Spread(own: variance, prior: prior, count: sample.worsening.count)
      let mean = Moments.mean(sample.worsening) ?? 0
      return Outcome(
        mean: mean, standardError: spread.standardError, degrees: spread.degrees,
        pValue: spread.pValue(of: mean, isTwoSided: sample.isTwoSided),
        betterPValue: spread.pValue(of: -mean), prior: prior)
    }
    let worse = adjustment.adjusted(outcomes.map(\.pValue))
    let better = adjustment.adjusted(outcomes.map(\.betterPValue))
    for index in outcomes.indices {
      outcomes[index].pValue = worse[index]
      outcomes[index].betterPValue = better[index]
    }
    self.outcomes = samples.map { outcomes[places[$0] ?? 0] }
    self.priors = priors
    count = distinct.count
  }

  /// How uncertain a mean over `count` seeds is.
  struct Spread {
    var standardError: Double
    var degrees: Double

    init(own: Double, prior: Double, count: Int) {
      let own2 = Double(count - 1)
      let moderated =
        (ModeratedTest.priorDegrees * prior + own2 * own) / (ModeratedTest.priorDegrees + own2)
      standardError = (max(moderated, own) / Double(count)).squareRoot()
      // The prior says less about a variance, the further it lies below it: its degrees of freedom
      // fade, so that a noisy check is tested as what it is.
      let agreement = own > moderated ? moderated / own : 1
      degrees = own2 + ModeratedTest.priorDegrees * agreement * agreement
    }

    /// The chance of such a mean, or a larger one, if nothing changed; without any variance it is
    /// 0 for a worsening, else 1.
    func pValue(of mean: Double, isTwoSided: Bool = false) -> Double {
      // What overflowed says nothing.
      guard standardError.isFinite, mean.isFinite else { return 1 }
      guard standardError > 0 else { return mean > 0 ? 0 : 1 }
      let tail = StudentT.upperTail(mean / standardError, degrees: degrees)
      return isTwoSided ? min(1, 2 * tail) : tail
    }
  }

  /// Adjusts p values so that a threshold on them bounds the chance of any false one.
  ///
  /// Ties keep their order. Source: Holm, Scandinavian Journal of Statistics 6, 1979.
  static func holm(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var adjusted = values
    var running = 0.0
    for (rank, index) in order.enumerated() {
      running = max(running, min(1, values[index] * Double(values.count - rank)))
      adjusted[index] = running
    }
    return adjusted
  }
}

extension ModeratedTest.Adjustment {
  /// The p values, each adjusted for being one of them.
  fileprivate func adjusted(_ values: [Double]) -> [Double] {
    switch self {
    case .stepwise: ModeratedTest.holm(values)
    case .singleStep: values.map { min(1, $0 * Double(values.count)) }
    }
  }
}
