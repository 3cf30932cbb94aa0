import Components

extension ConfigurationError.Problem {
  /// The problem of an inner component as one of the component that it works for.
  func of(_ component: ComponentID) -> Self {
    switch self {
    case .infeasible(_, let reason): .infeasible(component: component, reason: reason)
    case .invalid(_, let reason): .invalid(component: component, reason: reason)
    case .missingValue(_, let name): .missingValue(component: component, name: name)
    case .badValue(_, let name, let value, let allowed):
      .badValue(component: component, name: name, value: value, allowed: allowed)
    case .unknownComponent, .unknownParameter: self
    }
  }
}
