import Diagnostics

/// Everything wrong with the configuration of components, found before any training.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Problem: Sendable, Equatable {
    case unknownComponent(kind: String, id: ComponentID, known: [ComponentID])
    case unknownParameter(component: ComponentID, name: String, known: [String])
    case missingValue(component: ComponentID, name: String)
    case badValue(
      component: ComponentID, name: String, value: ArgumentValue, allowed: ParameterSpec.Kind)
    /// The rule cannot work with so few rows for that many Byzantine ones; the pair is
    /// not applicable, which in a matrix is a result and not an error.
    case infeasible(component: ComponentID, reason: String)
    /// Two values that do not go together, or one that does not fit the task.
    case invalid(component: ComponentID, reason: String)
  }

  public let problems: [Problem]

  public init(_ problems: [Problem]) { self.problems = problems }
  public init(_ problem: Problem) { self.init([problem]) }

  /// Whether nothing is wrong but that (n, f) is infeasible.
  public var isInfeasibility: Bool {
    problems.allSatisfy { if case .infeasible = $0 { true } else { false } }
  }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension ConfigurationError.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownComponent(let kind, let id, let known):
      "unknown \(kind) '\(excerpt(id.rawValue))'"
        + suggestion(for: id.rawValue, among: known.map(\.rawValue))
    case .unknownParameter(let component, let name, let known):
      known.isEmpty
        ? "\(component): unknown parameter '\(excerpt(name))' (it has none)"
        : "\(component): unknown parameter '\(excerpt(name))'" + suggestion(for: name, among: known)
    case .missingValue(let component, let name):
      "\(component): parameter '\(name)' has to be given here (\(component):\(name)=…)"
    case .badValue(let component, let name, let value, let allowed):
      "\(component): \(name) is '\(excerpt(value.shown(where: allowed)))'; it has to be \(allowed)"
        + allowed.precisionHint(value)
    case .infeasible(let component, let reason), .invalid(let component, let reason):
      "\(component): \(reason)"
    }
  }
}

extension ArgumentValue {
  /// As in a message: where whole numbers are wanted, `1.0` is none, and must not look like one.
  fileprivate func shown(where allowed: ParameterSpec.Kind) -> String {
    guard case .integer = allowed, case .real(let value) = self else { return description }
    return "\(value)"
  }
}

extension ParameterSpec.Kind: CustomStringConvertible {
  public var description: String {
    func or(_ words: [String]) -> String { words.isEmpty ? "" : " or " + listed(words) }
    func listed(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: ", ") }
    func described(_ range: ClosedRange<Double>) -> String {
      let low = ArgumentValue.real(range.lowerBound)
      let high = ArgumentValue.real(range.upperBound)
      let isOpenAbove = range.upperBound == .greatestFiniteMagnitude
      return switch range.lowerBound {
      case .leastNonzeroMagnitude: "above 0" + (isOpenAbove ? "" : " and up to \(high)")
      case -.greatestFiniteMagnitude: isOpenAbove ? "(finite)" : "of at most \(high)"
      default: isOpenAbove ? "of at least \(low)" : "from \(low) to \(high)"
      }
    }
    switch self {
    case .real(let range, let words):
      return "a number " + described(range) + or(words)
    case .integer(let range, let words):
      return range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)" + or(words)
        : "a whole number from \(range.lowerBound) to \(range.upperBound)" + or(words)
    case .choice(let words):
      return "one of " + listed(words)
    case .text:
      return "a text"
    case .path:
      return "a path"
    case .mapping:
      return "a mapping"
    case .list(let kind, let count):
      let number =
        count.lowerBound == count.upperBound
        ? "\(count.lowerBound)"
        : count.upperBound < 1_000_000
          ? "\(count.lowerBound) to \(count.upperBound)" : "at least \(count.lowerBound)"
      return "a list of \(number), each \(kind)"
    }
  }
}
