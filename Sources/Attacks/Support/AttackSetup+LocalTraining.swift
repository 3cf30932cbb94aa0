import Components
import Federation

extension AttackSetup {
  /// The problem of a part that acts in local training where clients send one gradient instead.
  func localTrainingProblem(
    of what: String, component: ComponentID
  ) -> ConfigurationError.Problem? {
    guard isFedSGD else { return nil }
    return .invalid(
      component: component,
      reason: "\(what) needs local training; under FedSGD clients send one gradient")
  }

  /// Refuses a part that acts in local training where there is none.
  func requireLocalTraining(
    for what: String, component: ComponentID
  ) throws(ConfigurationError) {
    if let problem = localTrainingProblem(of: what, component: component) {
      throw ConfigurationError(problem)
    }
  }
}
