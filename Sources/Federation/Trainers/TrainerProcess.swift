public import Kernels
public import Tensors
public import Training

/// A trainer that runs; used by one trial at a time.
///
/// Every call may throw ``TrainerError``; after a fault the process has ended.
public protocol TrainerProcess: AnyObject, Sendable {
  /// Begins a trial.
  ///
  /// - Returns: What it says of itself; the identity is left empty.
  func begin(_ setup: TrainerSetup) throws(TrainerError) -> TrainerFacts

  /// Draws the parameters before the first round.
  func initialParameters(seed: UInt64) throws(TrainerError) -> [Float]

  /// Trains the clients of a round.
  ///
  /// - Parameters:
  ///   - round: Who trains, and how.
  ///   - updates: One row per client, local − global, overwritten.
  /// - Returns: The gradients of single examples that each client took.
  /// - Throws: ``TrainerError``
  func train(
    _ round: TrainerRound, into updates: inout Matrix<Float>
  ) throws(TrainerError) -> [Int]

  /// Scores parameters on clean test data and, for each backdoor, on triggered ones.
  func evaluate(
    _ parameters: [Float], round: Int, backdoors: [TrainerBackdoor]
  ) throws(TrainerError) -> TrainerScores

  /// Ends the process, which is asked for nothing.
  func end()

  /// Ends the process at once; from any thread, also while it is asked for something.
  func abort()
}

/// What a trainer does in a round.
public struct TrainerRound: Sendable {
  public var round: Int
  /// Client numbers, one per row.
  public var clients: [Int]
  /// What each draws from.
  public var seeds: [UInt64]
  /// What is done to the data of each; `nil`: nothing.
  public var poisons: [TrainerPoison?]
  public var schedule: LocalSchedule
  public var global: [Float]

  public init(
    round: Int, clients: [Int], seeds: [UInt64], poisons: [TrainerPoison?],
    schedule: LocalSchedule, global: [Float]
  ) {
    self.round = round
    self.clients = clients
    self.seeds = seeds
    self.poisons = poisons
    self.schedule = schedule
    self.global = global
  }
}

/// A poison request with what it draws from.
public struct TrainerPoison: Sendable, Hashable {
  public var request: PoisonRequest
  public var seed: UInt64

  public init(_ request: PoisonRequest, seed: UInt64) {
    self.request = request
    self.seed = seed
  }
}

/// A trigger and the class that it leads to.
public struct TrainerBackdoor: Sendable, Hashable {
  public var trigger: Trigger
  public var target: Int
  /// Only test examples of this class count; `nil`: all but those of the target.
  public var source: Int?

  public init(_ trigger: Trigger, target: Int, source: Int? = nil) {
    self.trigger = trigger
    self.target = target
    self.source = source
  }
}

/// How parameters do on a trainer's test data; counts.
public struct TrainerScores: Sendable, Equatable {
  public struct Triggered: Sendable, Equatable {
    /// Triggered test examples that count.
    public var exampleCount: Int
    /// Those predicted as the target.
    public var hitCount: Int
    /// Those predicted as their true label; `nil` where it is not said.
    public var robustCount: Int?
    /// Those predicted right without the trigger; `nil` where it is not said.
    public var correctCount: Int?
    /// Those of them that are predicted as the target with it.
    public var correctHitCount: Int

    public init(
      exampleCount: Int, hitCount: Int, robustCount: Int? = nil, correctCount: Int? = nil,
      correctHitCount: Int = 0
    ) {
      self.exampleCount = exampleCount
      self.hitCount = hitCount
      self.robustCount = robustCount
      self.correctCount = correctCount
      self.correctHitCount = correctHitCount
    }
  }

  /// Clean test examples per class, and those predicted right.
  public var exampleCounts: [Int]
  public var hitCounts: [Int]
  /// One entry per backdoor.
  public var triggered: [Triggered]

  public init(exampleCounts: [Int], hitCounts: [Int], triggered: [Triggered]) {
    self.exampleCounts = exampleCounts
    self.hitCounts = hitCounts
    self.triggered = triggered
  }
}
