/// The value of one parameter.
public enum ArgumentValue: Sendable, Hashable, CustomStringConvertible {
  case real(Double)
  case integer(Int)
  case text(String)

  public var description: String {
    switch self {
    // Beyond 2^53 the digits of an integer would be invented.
    case .real(let value) where value == value.rounded() && abs(value) < 0x1p53: "\(Int(value))"
    case .real(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .text(let value): value
    }
  }
}

/// One parameter of a component: its name, legal values and default.
public struct ParameterSpec: Sendable {
  /// The legal values.
  public enum Kind: Sendable, Equatable {
    /// A number in a range, or one of some words (`auto`, `none`).
    case real(ClosedRange<Double>, orWords: [String] = [])
    /// A whole number in a range, or one of some words.
    case integer(ClosedRange<Int>, orWords: [String] = [])
    /// One of some words; numbers may stand for words that are written like them.
    case choice([String])

    /// A number above 0, or one of some words.
    public static func positive(orWords words: [String] = []) -> Kind {
      .real(.leastNonzeroMagnitude ... .greatestFiniteMagnitude, orWords: words)
    }
  }

  /// What holds where nothing is given.
  public enum Default: Sendable, Equatable {
    case value(ArgumentValue)
    /// A fact of the plan, such as `f` (the declared number of Byzantine clients); it has to be
    /// given where there is no plan, as on a bare matrix.
    case plan(PlanFact)
    /// A fact of the plan, or a value where there is no plan or another parameter is given that
    /// replaces this one.
    case planned(PlanFact, otherwise: ArgumentValue, unlessGiven: String)
    /// Nothing: it has to be given.
    case required
  }

  public let name: String
  public let kind: Kind
  public let `default`: Default
  public let help: String

  public init(_ name: String, _ kind: Kind, default: Default, help: String) {
    self.name = name
    self.kind = kind
    self.default = `default`
    self.help = help
  }

  /// Creates a spec whose default is a value.
  public init(_ name: String, _ kind: Kind, default value: ArgumentValue, help: String) {
    self.init(name, kind, default: .value(value), help: help)
  }
}

/// The facts of a plan that a parameter may default to.
public enum PlanFact: String, Sendable, Hashable, CaseIterable {
  /// The number of Byzantine clients that the defense is told to expect in a round.
  case declaredByzantine = "f"
  case triggerPattern = "backdoor.trigger"
  case triggerSize = "backdoor.size"
  case triggerValue = "backdoor.value"
  case triggerCorner = "backdoor.corner"
  case backdoorTarget = "backdoor.target"
  case backdoorSource = "backdoor.source"
}
