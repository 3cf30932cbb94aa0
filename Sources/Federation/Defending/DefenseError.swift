public import Components

/// Why a defense could not answer.
public enum DefenseError: Error, Sendable, Equatable, CustomStringConvertible {
  case noRows
  case failed(component: ComponentID, reason: String)
  /// What it remembered of earlier rounds is lost; the trial may be run again from its start.
  case interrupted(component: ComponentID, reason: String)

  public var description: String {
    switch self {
    case .noRows: "no finite update is left to aggregate"
    case .failed(let component, let reason), .interrupted(let component, let reason):
      "\(component): \(reason)"
    }
  }
}
