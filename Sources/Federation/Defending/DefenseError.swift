public import Components

/// Why a defense could not answer.
public enum DefenseError: Error, Sendable, Equatable, CustomStringConvertible {
  case noRows
  case failed(component: ComponentID, reason: String)

  public var description: String {
    switch self {
    case .noRows: "no finite update is left to aggregate"
    case .failed(let component, let reason): "\(component): \(reason)"
    }
  }
}
