import Federation

extension FinishedRound {
  /// Passes over a model that is kept; fresh ones begin empty.
  mutating func checkpoint(_ pass: inout CheckpointPass, parameterCount: Int) {
    var (global, smoothing) = (global, smoothing)
    pass.visit(&global, count: parameterCount)
    pass.visit(&smoothing, from: ParameterSmoothing(votes: 1, deviation: 0)) { pass, value in
      var (votes, deviation, bound) = (value.votes, value.deviation, value.modelBound)
      pass.visit(&votes)
      pass.visit(&deviation)
      pass.visit(&bound, from: 0) { $0.visit(&$1) }
      guard votes > 0, deviation >= 0 else { return pass.fail("a model is smoothed by nothing") }
      value = ParameterSmoothing(votes: votes, deviation: deviation, modelBound: bound)
    }
    self = FinishedRound(global: global, smoothing: smoothing)
  }
}
