public import Results

/// How a metric goes with the values of one axis of the matrix, all other axes held: curves over what a
/// scenario varies.
public struct Sweep: Hashable, Sendable {
  /// What an axis varies, so far as its key tells.
  public enum Role: Hashable, Sendable {
    /// How many clients attack: the curve shows where a defense breaks down.
    case attackers
    /// How unlike the data of the clients are.
    case heterogeneity
    /// A parameter of this attack.
    case attack(String)
    /// A parameter of this defense.
    case defense(String)
    case other
  }

  /// What the lines of a panel are measured under.
  public enum Subject: Hashable, Sendable {
    case attack(String)
    /// At each value the attack that is worst there, for each defense over the attacks that have a
    /// mean at every value at which it has any.
    case worstCase
  }

  /// Which attack is the worst at a value.
  public struct Worst: Hashable, Sendable {
    public var attack: String
    public var cell: CellID
    /// Attacks, each of their settings for itself, over which the worst is taken: the same at all
    /// values of a line.
    public var count: Int
    /// Other attacks of the panel: those without a mean at some value, and those that only other
    /// defenses meet.
    public var missingCount: Int

    public init(attack: String, cell: CellID, count: Int, missingCount: Int) {
      self.attack = attack
      self.cell = cell
      self.count = count
      self.missingCount = missingCount
    }
  }

  /// The curve of one defense.
  public struct Line: Hashable, Sendable {
    public var defense: String
    /// Axes of the defense's own parameters, but for that of the sweep.
    public var axes: [String: String]
    /// By value; `nil` where no trial is there.
    public var points: [CellSummary?]
    /// By value, in a panel of worst cases; else empty.
    public var worst: [Worst?]

    public init(
      defense: String, axes: [String: String] = [:], points: [CellSummary?], worst: [Worst?] = []
    ) {
      self.defense = defense
      self.axes = axes
      self.points = points
      self.worst = worst
    }
  }

  /// Curves to be drawn together.
  public struct Panel: Hashable, Sendable {
    public var subject: Subject
    /// The other axes with the values that they are held at; those of defenses are told by the lines.
    public var axes: [String: String]
    public var lines: [Line]

    public init(_ subject: Subject, axes: [String: String], lines: [Line]) {
      self.subject = subject
      self.axes = axes
      self.lines = lines
    }
  }

  /// The dotted key, such as `threat.malicious`.
  public var axis: String
  /// The short name of the axis, as tables have it.
  public var name: String
  public var role: Role
  public var metric: String
  public var better: Score.Direction
  /// As they stand in the results: numbers ascending, else sorted by their characters.
  public var values: [String]
  /// The values as numbers; `nil` where one of them is none, so that they are categories.
  public var numbers: [Double]?
  /// Worst cases first, then the attacks in the order of the study.
  public var panels: [Panel]

  /// Whether the axis is better drawn with a logarithmic scale: positive numbers of a
  /// concentration, or that span more than a hundredfold.
  public var isLogarithmic: Bool {
    guard let numbers, let low = numbers.min(), let high = numbers.max(), low > 0 else {
      return false
    }
    return role == .heterogeneity || high / low > 100
  }

  public init(
    axis: String, name: String, role: Role, metric: String, better: Score.Direction,
    values: [String], numbers: [Double]?, panels: [Panel]
  ) {
    self.axis = axis
    self.name = name
    self.role = role
    self.metric = metric
    self.better = better
    self.values = values
    self.numbers = numbers
    self.panels = panels
  }
}

extension Sweep.Role {
  /// The role of an axis by its dotted key.
  public init(axis: String) {
    let parts = axis.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    switch parts.first {
    case "threat" where parts.count > 1 && parts[1] == "malicious": self = .attackers
    case "clients" where parts.count > 1 && parts[1] == "partition": self = .heterogeneity
    // The last part is the parameter; an id may hold points.
    case "attacks" where parts.count > 2:
      self = .attack(parts[1..<(parts.count - 1)].joined(separator: "."))
    case "defenses" where parts.count > 2:
      self = .defense(parts[1..<(parts.count - 1)].joined(separator: "."))
    default: self = .other
    }
  }
}
