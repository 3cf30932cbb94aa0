import Components
import Federation

extension DefenseSetup {
  /// Why a component that needs more honest submissions than f cannot work; `nil` if it can.
  func problem(ofMinority f: Int, component: ComponentID) -> ConfigurationError.Problem? {
    let n = participantCount
    guard n < 2 * f + 1 else { return nil }
    return .infeasible(
      component: component,
      reason: "needs n >= 2f + 1 = \(2 * f + 1) submissions for f = \(f), got \(n)")
  }

  /// Refuses an f that is no minority.
  func requireMinority(_ f: Int, component: ComponentID) throws(ConfigurationError) {
    if let problem = problem(ofMinority: f, component: component) {
      throw ConfigurationError(problem)
    }
  }
}
