import Components

extension ConfigurationError.Problem {
  /// The problem of an inner component as one of the component that it works for; with the id of the
  /// inner one where the message has to say it.
  func of(_ component: ComponentID, for inner: ComponentID? = nil) -> Self {
    let start = inner.map { "\($0) " } ?? ""
    return switch self {
    case .infeasible(_, let reason): .infeasible(component: component, reason: start + reason)
    case .invalid(_, let reason): .invalid(component: component, reason: start + reason)
    case .missingValue(_, let name) where inner != nil:
      .invalid(component: component, reason: start + "needs a value for \(name)")
    case .missingValue(_, let name): .missingValue(component: component, name: name)
    case .badValue(_, let name, let value, let allowed):
      .badValue(component: component, name: name, value: value, allowed: allowed)
    case .unknownComponent, .unknownParameter: self
    }
  }
}
