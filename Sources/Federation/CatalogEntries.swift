public import Components

// `make` of an entry may be replaced, for a variant that stands in for the original under its
// manifest; an entry made from values alone needs no static type at all.

/// How to build one attack by name.
public struct AttackEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public let tier: ThreatTier
  public var make: @Sendable (Arguments, AttackSetup) throws(ConfigurationError) -> any Attack
  /// Finds out what it is; `nil` where this entry says all.
  public var describing:
    (@Sendable (Arguments, _ folder: String) throws(ConfigurationError) -> Described<AttackEntry>)?

  public init(
    manifest: ComponentManifest, tier: ThreatTier,
    make: @escaping @Sendable (Arguments, AttackSetup) throws(ConfigurationError) -> any Attack
  ) {
    self.manifest = manifest
    self.tier = tier
    self.make = make
  }

  public init<A: Attack>(_: A.Type) {
    self.init(manifest: A.manifest, tier: A.tier) { (arguments, setup) throws(ConfigurationError) in
      try A(arguments, setup: setup)
    }
  }

  public func described(
    by arguments: Arguments, in folder: String
  ) throws(ConfigurationError) -> Described<AttackEntry>? { try describing?(arguments, folder) }
}

/// How to build one modifier of attacks by name.
public struct ModifierEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public var make:
    @Sendable (Arguments, AttackSetup) throws(ConfigurationError) -> any AttackModifier

  public init(
    manifest: ComponentManifest,
    make:
      @escaping @Sendable (Arguments, AttackSetup) throws(ConfigurationError) -> any AttackModifier
  ) {
    self.manifest = manifest
    self.make = make
  }

  public init<M: AttackModifier>(_: M.Type) {
    self.init(manifest: M.manifest) { (arguments, setup) throws(ConfigurationError) in
      try M(arguments, setup: setup)
    }
  }
}

/// How to build one rule by name.
public struct AggregatorEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public let needs: DefenseNeeds
  public let traits: DefenseTraits
  public let laws: RuleLaws
  /// The names of the numbers that it reports.
  public let reports: [String]
  /// How far it can be brought, where a proof says so.
  public let bound: RobustnessBound?
  /// The memory that it takes for so many rows and columns besides them.
  public let workingBytes: @Sendable (_ rowCount: Int, _ columnCount: Int) -> Double
  public var make: @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any Aggregator
  /// Finds out what it is; `nil` where this entry says all.
  public var describing:
    (
      @Sendable (Arguments, _ folder: String) throws(ConfigurationError)
        -> Described<AggregatorEntry>
    )?

  public init(
    manifest: ComponentManifest, needs: DefenseNeeds = [], traits: DefenseTraits = [],
    laws: RuleLaws = [], reports: [String] = [], bound: RobustnessBound? = nil,
    workingBytes: @escaping @Sendable (Int, Int) -> Double = { _, _ in 0 },
    make:
      @escaping @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any Aggregator
  ) {
    self.manifest = manifest
    self.needs = needs
    self.traits = traits
    self.laws = laws
    self.reports = reports
    self.bound = bound
    self.workingBytes = workingBytes
    self.make = make
  }

  public init<A: Aggregator>(_: A.Type) {
    self.init(
      manifest: A.manifest, needs: A.needs, traits: A.traits, laws: A.laws, reports: A.reports,
      bound: A.bound, workingBytes: A.workingBytes
    ) { (arguments, setup) throws(ConfigurationError) in try A(arguments, setup: setup) }
  }

  public func described(
    by arguments: Arguments, in folder: String
  ) throws(ConfigurationError) -> Described<AggregatorEntry>? { try describing?(arguments, folder) }
}

/// How to build one pre-aggregation stage by name.
public struct StageEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public let needs: DefenseNeeds
  public let traits: DefenseTraits
  /// What it makes of the bound of a rule behind it, where a proof says so.
  public let bound: RobustnessBound?
  public let mixesRows: Bool
  /// The memory that it takes for so many rows and columns besides them.
  public let workingBytes: @Sendable (_ rowCount: Int, _ columnCount: Int) -> Double
  public var make:
    @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any PreAggregator

  public init(
    manifest: ComponentManifest, needs: DefenseNeeds = [], traits: DefenseTraits = [],
    bound: RobustnessBound? = nil, mixesRows: Bool,
    workingBytes: @escaping @Sendable (Int, Int) -> Double = { _, _ in 0 },
    make:
      @escaping @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any PreAggregator
  ) {
    self.manifest = manifest
    self.needs = needs
    self.traits = traits
    self.bound = bound
    self.mixesRows = mixesRows
    self.workingBytes = workingBytes
    self.make = make
  }

  public init<P: PreAggregator>(_: P.Type) {
    self.init(
      manifest: P.manifest, needs: P.needs, traits: P.traits, bound: P.bound,
      mixesRows: P.mixesRows, workingBytes: P.workingBytes
    ) {
      (arguments, setup) throws(ConfigurationError) in try P(arguments, setup: setup)
    }
  }
}

/// How to build one finisher by name.
public struct FinisherEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public let needs: DefenseNeeds
  public let traits: DefenseTraits
  public var make:
    @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any ModelFinisher

  public init(
    manifest: ComponentManifest, needs: DefenseNeeds = [],
    traits: DefenseTraits = [.secureAggregation],
    make:
      @escaping @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any ModelFinisher
  ) {
    self.manifest = manifest
    self.needs = needs
    self.traits = traits
    self.make = make
  }

  public init<F: ModelFinisher>(_: F.Type) {
    self.init(manifest: F.manifest, needs: F.needs, traits: F.traits) {
      (arguments, setup) throws(ConfigurationError) in try F(arguments, setup: setup)
    }
  }
}
