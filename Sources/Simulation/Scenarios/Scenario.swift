import Components
public import Datasets
public import Diagnostics
import Federation
public import Training

/// What to simulate, for one combination of the matrix axes.
public struct Scenario: Sendable {
  public var name: String
  public var seeds: [UInt64]
  /// Seeds that are the same in every trial.
  public var fixedSeeds: FixedSeeds
  public var rounds: Int
  public var evaluation: EvaluationSettings
  public var task: TaskSettings
  public var clients: ClientSettings
  public var server: ServerSettings
  public var threat: ThreatSettings
  /// What the defense is told about the number of attackers.
  public var declared: DeclaredByzantine
  /// What the server has of its own.
  public var serverData: ServerDataSettings
  public var attacks: [AttackChoice]
  public var defenses: [DefenseChoice]
}

/// Seeds that replace the trial's; `nil`: the trial's own.
public struct FixedSeeds: Sendable, Hashable {
  /// Of drawn data, the test split and the partition.
  public var data: UInt64?
  /// Of the initial parameters.
  public var initialization: UInt64?
}

/// When the global model is evaluated.
public struct EvaluationSettings: Sendable, Hashable {
  /// After rounds r with (r + 1) mod k = 0.
  public var every: Int

  /// Whether the model is evaluated after a round: besides every k-th one after the last round before
  /// the window, at the window's end and after the last round.
  func includes(round: Int, window: Range<Int>, rounds: Int) -> Bool {
    (round + 1) % every == 0 || round == window.lowerBound - 1 || round == window.upperBound - 1
      || round == rounds - 1
  }
}

/// The learning task of honest clients.
///
/// Where a trainer in another process has data and model, those here stand for nothing.
public struct TaskSettings: Sendable {
  /// Who has data and model; `nil`: they are here.
  public var trainer: TrainerSettings?
  public var dataset: Chosen<DatasetEntry>
  /// What is done to the inputs.
  public var normalization: Normalization?
  public var model: Chosen<ModelEntry>
  /// A file with the initial parameters, instead of drawn ones, and where the scenario names it.
  public var initialFile: String?
  public var initialFilePosition: SourcePosition?
  public var local: LocalSchedule
  public var learningRate: Chosen<LearningRateEntry>
  /// What is drawn of training images; `nil`: nothing.
  public var augmentation: AugmentationSettings?

  /// Where what is trained is named.
  var position: SourcePosition? {
    trainer?.position ?? model.position ?? dataset.position
  }
}

/// Who takes part, and with which data.
public struct ClientSettings: Sendable {
  public var count: Int
  /// The share of clients that takes part in a round.
  public var participation: Double
  /// The probability with which a client that was chosen for a round does not answer.
  public var dropout: Double = 0
  /// How many times the median of a round's work a client may take; `nil`: as long as it likes.
  public var deadline: Double?
  public var partition: Chosen<PartitionEntry>

  /// Whether fewer updates may count than clients were chosen.
  public var losesUpdates: Bool { dropout > 0 || deadline != nil }

  /// The number of clients that are chosen for a round; at least 1.
  public var participantCount: Int {
    max(1, DecimalShare(participation).count(of: count, rounded: .toNearestOrAwayFromZero))
  }
}

/// How the server combines submissions.
public struct ServerSettings: Sendable, Hashable {
  public enum Algorithm: Sendable, Hashable {
    /// Clients train locally and send what changed.
    case fedAvg
    /// Clients send one gradient per round with momentum kept across rounds,
    /// m = βm + (1 − β)g; a row is −learning rate × m.
    case fedSGD(workerMomentum: Float)
  }

  public enum Weighting: Sendable, Hashable {
    case uniform
    /// By reported number of examples, at most `cap` of them counted.
    case samples(cap: Int?)
  }

  /// What the server does with the aggregate.
  public enum Optimizer: Sendable, Hashable {
    /// Velocity v = momentum × v + aggregate; the model moves by learning rate × v.
    case gradientDescent(momentum: Double)
    case adaptive(AdaptiveOptimizer)
  }

  public var algorithm: Algorithm
  public var weighting: Weighting
  public var learningRate: Double
  public var optimizer: Optimizer

  public init(
    algorithm: Algorithm, weighting: Weighting, learningRate: Double,
    optimizer: Optimizer = .gradientDescent(momentum: 0)
  ) {
    self.algorithm = algorithm
    self.weighting = weighting
    self.learningRate = learningRate
    self.optimizer = optimizer
  }
}

/// What the server holds besides the model; withheld before the partition in every trial.
public struct ServerDataSettings: Sendable {
  /// Clean examples of the task's training data.
  public var rootSamples: Int?
  /// Examples of another data set.
  public var outOfDistribution: OutOfDistributionSettings?
}

/// Examples of another distribution than the task's.
public struct OutOfDistributionSettings: Sendable {
  public var dataset: Chosen<DatasetEntry>
  public var samples: Int
}

/// What the defense is told about the number of attackers.
public enum DeclaredByzantine: Sendable, Hashable {
  /// The true share, as a head count of the participants, rounded up.
  case exact
  /// An upper bound on the share, as a head count of the participants, rounded up.
  case bound(Double)
  case count(Int)
  /// Nothing: rules that need f have to be given one.
  case unknown
}

extension Scenario {
  /// The number of Byzantine submissions that the defense is told to expect in a round; `nil` if
  /// it is told nothing.
  public var declaredByzantine: Int? {
    let participants = clients.participantCount
    switch declared {
    case .exact:
      // Every controlled client takes part if participation is 1 or forced.
      let expected =
        threat.participation == .always
        ? threat.maliciousCount
        : (threat.maliciousCount * participants + clients.count - 1) / clients.count
      return min(expected, participants)
    case .bound(let share):
      return DecimalShare(share).count(of: participants, rounded: .up)
    case .count(let count):
      return count
    case .unknown:
      return nil
    }
  }

  /// How many examples are withheld from the clients: the server's, and the attacker's own.
  var withheldCount: Int { (serverData.rootSamples ?? 0) + (threat.auxiliary?.withheldCount ?? 0) }
}
