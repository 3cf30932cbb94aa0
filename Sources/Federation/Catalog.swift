public import Components
public import Datasets
public import Training

/// Everything that a scenario may name, by kind.
///
/// Arrays are sorted by id. A catalog is passed in, never global.
public struct Catalog: Sendable {
  public var attacks: [AttackEntry]
  public var modifiers: [ModifierEntry]
  public var aggregators: [AggregatorEntry]
  public var stages: [StageEntry]
  public var finishers: [FinisherEntry]
  public var datasets: [DatasetEntry]
  public var partitions: [PartitionEntry]
  public var models: [ModelEntry]
  public var learningRates: [LearningRateEntry]
  public var triggers: [TriggerEntry]
  public var attackSchedules: [AttackScheduleEntry]
  /// What starts trainers in other processes; `nil`: scenarios cannot name any.
  public var trainers: (any TrainerHost)?

  /// Creates a catalog; data, models, triggers and schedules are the built-in ones unless given.
  public init(
    attacks: [AttackEntry], modifiers: [ModifierEntry] = [], aggregators: [AggregatorEntry],
    stages: [StageEntry] = [], finishers: [FinisherEntry] = [],
    datasets: [DatasetEntry] = builtInDatasets, partitions: [PartitionEntry] = builtInPartitions,
    models: [ModelEntry] = builtInModels,
    learningRates: [LearningRateEntry] = builtInLearningRates,
    triggers: [TriggerEntry] = builtInTriggers,
    attackSchedules: [AttackScheduleEntry] = builtInAttackSchedules
  ) {
    self.attacks = attacks
    self.modifiers = modifiers
    self.aggregators = aggregators
    self.stages = stages
    self.finishers = finishers
    self.datasets = datasets
    self.partitions = partitions
    self.models = models
    self.learningRates = learningRates
    self.triggers = triggers
    self.attackSchedules = attackSchedules
  }

  /// This catalog with further components, which replace those of the same id.
  public func adding(
    attacks: [AttackEntry] = [], modifiers: [ModifierEntry] = [],
    aggregators: [AggregatorEntry] = [], stages: [StageEntry] = [],
    finishers: [FinisherEntry] = [], datasets: [DatasetEntry] = [],
    partitions: [PartitionEntry] = [], models: [ModelEntry] = [],
    learningRates: [LearningRateEntry] = [], triggers: [TriggerEntry] = [],
    attackSchedules: [AttackScheduleEntry] = []
  ) -> Catalog {
    var catalog = self
    catalog.attacks = catalog.attacks.adding(attacks)
    catalog.modifiers = catalog.modifiers.adding(modifiers)
    catalog.aggregators = catalog.aggregators.adding(aggregators)
    catalog.stages = catalog.stages.adding(stages)
    catalog.finishers = catalog.finishers.adding(finishers)
    catalog.datasets = catalog.datasets.adding(datasets)
    catalog.partitions = catalog.partitions.adding(partitions)
    catalog.models = catalog.models.adding(models)
    catalog.learningRates = catalog.learningRates.adding(learningRates)
    catalog.triggers = catalog.triggers.adding(triggers)
    catalog.attackSchedules = catalog.attackSchedules.adding(attackSchedules)
    return catalog
  }

  public func attack(_ id: ComponentID) throws(ConfigurationError) -> AttackEntry {
    try attacks.entry(id, kind: "attack")
  }

  public func modifier(_ id: ComponentID) throws(ConfigurationError) -> ModifierEntry {
    try modifiers.entry(id, kind: "modifier")
  }

  public func aggregator(_ id: ComponentID) throws(ConfigurationError) -> AggregatorEntry {
    try aggregators.entry(id, kind: "defense")
  }

  public func stage(_ id: ComponentID) throws(ConfigurationError) -> StageEntry {
    try stages.entry(id, kind: "stage")
  }

  public func finisher(_ id: ComponentID) throws(ConfigurationError) -> FinisherEntry {
    try finishers.entry(id, kind: "finisher")
  }
}
