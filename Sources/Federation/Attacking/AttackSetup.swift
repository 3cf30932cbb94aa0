public import Components
public import Datasets
public import Determinism
public import Tensors
public import Training

/// Fixed facts an attack may use when a run starts.
public struct AttackSetup: Sendable {
  /// The number of submissions per round.
  public let participantCount: Int
  /// The clients that the attack controls, ascending; empty on a bare matrix.
  public private(set) var controlled: [ClientID]
  /// The examples of each of ``controlled``, unpoisoned; empty on a bare matrix and before data are
  /// loaded.
  public private(set) var shards: [Shard]
  /// Examples from outside the federation that the scenario gives the attacker, labelled by what
  /// they are; `nil` where it gives none.
  public let auxiliary: Shard?
  /// Further examples of the same kind, kept apart to measure success on; `nil` where it gives none.
  public let auxiliaryTest: Shard?
  /// The test examples, of which an attack on given inputs, or on a kind of them, takes those that its
  /// success is measured on; `nil` before the data are loaded and on a bare matrix.
  public let test: Shard?
  /// The scenario's trigger with its parameters; `nil` where the scenario has no backdoor.
  public let trigger: (entry: TriggerEntry, arguments: Arguments)?
  /// Reads the file of a pattern that the scenario names.
  public let pattern: PatternReader
  /// The number of rounds of the trial, and those of the attack window.
  public let roundCount: Int
  public let window: Range<Int>
  public let classCount: Int
  public let shape: InputShape
  /// What is done to inputs; values of a trigger are stated before it.
  public let normalization: Normalization?
  /// The characters that inputs are the numbers of, in their order; `nil`: inputs are no text.
  public let alphabet: [UInt8]?
  public let layout: ParameterLayout
  /// What is trained; `nil` on a bare matrix.
  public let model: (any Model)?
  /// The learning rate of the server.
  public let serverRate: Double
  /// How honest clients train, where an attacker starts from; `nil` on a bare matrix.
  public let schedule: LocalSchedule?
  /// Whether clients send one gradient per round instead of training locally.
  public let isFedSGD: Bool
  /// The path of draws that are fixed for the run, such as a trigger's positions.
  public let seed: SeedPath

  public init(
    participantCount: Int, controlled: [ClientID] = [], shards: [Shard] = [],
    auxiliary: Shard? = nil, auxiliaryTest: Shard? = nil, test: Shard? = nil,
    trigger: (entry: TriggerEntry, arguments: Arguments)? = nil,
    pattern: @escaping PatternReader = readPattern,
    roundCount: Int = 1, window: Range<Int>? = nil, classCount: Int, shape: InputShape,
    normalization: Normalization? = nil, alphabet: [UInt8]? = nil, layout: ParameterLayout,
    model: (any Model)? = nil,
    serverRate: Double, schedule: LocalSchedule?, isFedSGD: Bool = false, seed: SeedPath
  ) {
    self.participantCount = participantCount
    self.controlled = controlled
    self.shards = shards
    self.auxiliary = auxiliary
    self.auxiliaryTest = auxiliaryTest
    self.test = test
    self.trigger = trigger
    self.pattern = pattern
    self.roundCount = roundCount
    self.window = window ?? 0..<roundCount
    self.classCount = classCount
    self.shape = shape
    self.normalization = normalization
    self.alphabet = alphabet
    self.layout = layout
    self.model = model
    self.serverRate = serverRate
    self.schedule = schedule
    self.isFedSGD = isFedSGD
    self.seed = seed
  }

  /// The facts for an attack of some of ``controlled``: it has their data alone, and controls no other.
  public func limited(to clients: [ClientID]) -> AttackSetup {
    let own = Set(clients)
    var setup = self
    setup.shards = zip(controlled, shards).filter { own.contains($0.0) }.map(\.1)
    setup.controlled = clients
    return setup
  }

  /// What a trigger of this run is made for.
  public var triggerSetup: TriggerSetup {
    TriggerSetup(
      shape: shape, normalization: normalization, alphabet: alphabet, seed: seed.child("trigger"),
      pattern: pattern)
  }
}
