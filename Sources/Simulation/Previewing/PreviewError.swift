import Diagnostics

/// Why there is nothing to look at.
public enum PreviewError: Error, CustomStringConvertible, Equatable {
  /// Data and model are in another process.
  case elsewhere
  /// Inputs are neither images nor text; their shape.
  case noPicture(String)
  /// The plan has no attack of this name; those that it has.
  case unknown(String, among: [String])
  /// The attack changes no examples.
  case leavesData(String)
  /// The attack is not applicable, and why.
  case notApplicable(String, reason: String)
  /// No attack changes examples.
  case noAttack
  /// The data cannot be read.
  case data(String)

  public var description: String {
    switch self {
    case .elsewhere:
      "the program of task.exec has the data; there is nothing to look at here"
    case .noPicture(let shape):
      "inputs of \(shape) are neither images nor text; there is nothing to look at"
    case .unknown(let name, let known):
      "the scenario has no attack '\(excerpt(name))'" + suggestion(for: name, among: known)
    case .leavesData(let name):
      "the attack '\(excerpt(name))' changes no examples; there is nothing to look at"
    case .notApplicable(let name, let reason):
      "the attack '\(excerpt(name))' is not applicable: \(reason)"
    case .noAttack:
      "no attack of the scenario changes examples; there is nothing to look at"
    case .data(let reason): reason
    }
  }
}
