public import Components

/// What a catalog says about the methods that results name.
///
/// Results know ids and parameters; papers, threat tiers and definitions are facts of the program
/// that shows them, which passes them in. An id that is not here is shown without them.
public struct MethodFacts: Sendable {
  /// One attack, rule, stage, finisher, modifier or data set.
  public struct Method: Sendable {
    public var manifest: ComponentManifest
    /// Of an attack, what its attacker has to be, such as `omniscient`.
    public var tier: String?
    /// What a user sees of it at a glance, such as `needs: root data`.
    public var remarks: [String]

    public init(_ manifest: ComponentManifest, tier: String? = nil, remarks: [String] = []) {
      self.manifest = manifest
      self.tier = tier
      self.remarks = remarks
    }
  }

  /// A threat tier, by its id and what its attacker has to be.
  public struct Tier: Hashable, Sendable {
    public var id: String
    public var text: String

    public init(_ id: String, _ text: String) {
      self.id = id
      self.text = text
    }
  }

  /// A metric as the catalog states it.
  public struct Metric: Hashable, Sendable {
    public var id: String
    public var definition: String
    public var unit: String
    public var better: Score.Direction
    /// The worsening that a gate tolerates by default; `nil` if it is not gated.
    public var tolerance: Double?

    public init(
      id: String, definition: String, unit: String, better: Score.Direction,
      tolerance: Double? = nil
    ) {
      self.id = id
      self.definition = definition
      self.unit = unit
      self.better = better
      self.tolerance = tolerance
    }
  }

  /// What a component is, as a scenario's resolved form names it.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case attack
    case modifier
    case rule
    case stage
    case finisher
    case dataset = "data set"
  }

  /// By kind and catalog id.
  public var methods: [Kind: [String: Method]]
  /// Weakest first.
  public var tiers: [Tier]
  /// In the order of the catalog.
  public var metrics: [Metric]
  /// Flags with their definitions, sorted by id.
  public var flags: [(id: String, text: String)]

  public init(
    methods: [Kind: [String: Method]] = [:], tiers: [Tier] = [], metrics: [Metric] = [],
    flags: [(id: String, text: String)] = []
  ) {
    self.methods = methods
    self.tiers = tiers
    self.metrics = metrics
    self.flags = flags
  }

  public subscript(kind: Kind, id: String) -> Method? { methods[kind]?[id] }

  public func metric(_ id: String) -> Metric? { metrics.first { $0.id == id } }
}
