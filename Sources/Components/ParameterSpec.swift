/// The value of one parameter.
public enum ArgumentValue: Sendable, Hashable, CustomStringConvertible {
  case real(Double)
  case integer(Int)
  case text(String)
  case list([ArgumentValue])

  public var description: String {
    switch self {
    // Beyond 2^53 the digits of an integer would be invented.
    case .real(let value) where value == value.rounded() && abs(value) < 0x1p53: "\(Int(value))"
    case .real(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .text(let value): value
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    }
  }
}

/// One parameter of a component: its name, legal values and default.
public struct ParameterSpec: Sendable {
  /// The legal values.
  public indirect enum Kind: Sendable, Equatable {
    /// A number in a range, or one of some words (`auto`, `none`).
    case real(ClosedRange<Double>, orWords: [String] = [])
    /// A whole number in a range, or one of some words.
    case integer(ClosedRange<Int>, orWords: [String] = [])
    /// One of some words; numbers may stand for words that are written like them.
    case choice([String])
    /// Any text that is not empty.
    case text
    /// The path of a file or folder; what lies there, not the path, identifies a trial.
    case path
    /// A mapping of anything; its value is a text, the mapping as canonical JSON.
    case mapping
    /// A list of so many values, each of one kind.
    case list(of: Kind, count: ClosedRange<Int>)

    /// A list of at least one value.
    public static func list(of kind: Kind) -> Kind { .list(of: kind, count: 1...1_000_000) }

    /// A number above 0, or one of some words.
    public static func positive(orWords words: [String] = []) -> Kind {
      .real(.leastNonzeroMagnitude ... .greatestFiniteMagnitude, orWords: words)
    }
  }

  /// What holds where nothing is given.
  public enum Default: Sendable, Hashable {
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
  /// The value with which everything is as if there were no such parameter; `nil`: there is none.
  ///
  /// What identifies a trial leaves the parameter out where it has this value, so that trials keep
  /// their identity when a component gets a parameter more.
  public let neutral: ArgumentValue?

  public init(
    _ name: String, _ kind: Kind, default: Default, help: String, neutral: ArgumentValue? = nil
  ) {
    self.name = name
    self.kind = kind
    self.default = `default`
    self.help = help
    self.neutral = neutral
  }

  /// Creates a spec whose default is a value.
  public init(
    _ name: String, _ kind: Kind, default value: ArgumentValue, help: String,
    neutral: ArgumentValue? = nil
  ) {
    self.init(name, kind, default: .value(value), help: help, neutral: neutral)
  }
}
