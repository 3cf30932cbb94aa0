/// How to build one attack by name.
///
/// `make` may be replaced, for a variant that stands in for the original under its manifest.
public struct AttackEntry: Sendable {
  public let manifest: ComponentManifest
  public var make: @Sendable (Arguments, AttackSetup) throws(ConfigurationError) -> any Attack

  public init<A: Attack>(_: A.Type) {
    manifest = A.manifest
    make = { (arguments, setup) throws(ConfigurationError) in try A(arguments, setup: setup) }
  }
}

/// How to build one rule by name.
///
/// `make` may be replaced, for a variant that stands in for the original under its manifest.
public struct AggregatorEntry: Sendable {
  public let manifest: ComponentManifest
  public let needs: DefenseNeeds
  public let declaresMalicious: Bool
  public let isStateful: Bool
  public var make: @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any Aggregator

  public init<A: Aggregator>(_: A.Type) {
    manifest = A.manifest
    needs = A.needs
    declaresMalicious = A.declaresMalicious
    isStateful = A.isStateful
    make = { (arguments, setup) throws(ConfigurationError) in try A(arguments, setup: setup) }
  }
}

/// How to build one pre-aggregation stage by name.
public struct StageEntry: Sendable {
  public let manifest: ComponentManifest
  public let make:
    @Sendable (Arguments, DefenseSetup) throws(ConfigurationError) -> any PreAggregator

  public init<P: PreAggregator>(_: P.Type) {
    manifest = P.manifest
    make = { (arguments, setup) throws(ConfigurationError) in try P(arguments, setup: setup) }
  }
}

/// Every attack, rule and stage that a scenario may name.
public struct Catalog: Sendable {
  public var attacks: [AttackEntry]
  public var aggregators: [AggregatorEntry]
  public var stages: [StageEntry]

  public init(attacks: [AttackEntry], aggregators: [AggregatorEntry], stages: [StageEntry]) {
    self.attacks = attacks
    self.aggregators = aggregators
    self.stages = stages
  }

  /// This catalog with further components, which replace those of the same id.
  public func adding(
    attacks: [AttackEntry] = [], aggregators: [AggregatorEntry] = [], stages: [StageEntry] = []
  ) -> Catalog {
    func merged<Entry>(
      _ old: [Entry], _ new: [Entry], _ id: (Entry) -> ComponentID
    ) -> [Entry] {
      old.filter { entry in !new.contains { id($0) == id(entry) } } + new
    }
    return Catalog(
      attacks: merged(self.attacks, attacks) { $0.manifest.id },
      aggregators: merged(self.aggregators, aggregators) { $0.manifest.id },
      stages: merged(self.stages, stages) { $0.manifest.id })
  }

  public func attack(_ id: ComponentID) throws(ConfigurationError) -> AttackEntry {
    guard let entry = attacks.first(where: { $0.manifest.id == id }) else {
      throw ConfigurationError(
        .unknownComponent(kind: "attack", id: id, known: attacks.map(\.manifest.id)))
    }
    return entry
  }

  public func aggregator(_ id: ComponentID) throws(ConfigurationError) -> AggregatorEntry {
    guard let entry = aggregators.first(where: { $0.manifest.id == id }) else {
      throw ConfigurationError(
        .unknownComponent(kind: "defense", id: id, known: aggregators.map(\.manifest.id)))
    }
    return entry
  }

  public func stage(_ id: ComponentID) throws(ConfigurationError) -> StageEntry {
    guard let entry = stages.first(where: { $0.manifest.id == id }) else {
      throw ConfigurationError(
        .unknownComponent(kind: "stage", id: id, known: stages.map(\.manifest.id)))
    }
    return entry
  }
}
