/// Why a worker did not do what it was asked for.
public enum WorkerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It said so itself; asking again would not help.
  case declined(String)
  /// It ended, hung or broke the protocol; another process may do better.
  case lost(String)

  public var description: String {
    switch self {
    case .declined(let reason), .lost(let reason): reason
    }
  }
}
