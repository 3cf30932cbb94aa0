public import Diagnostics
public import Federation
public import Training

/// What to simulate, for one combination of the matrix axes.
public struct Scenario: Sendable {
  public var name: String
  public var seeds: [UInt64]
  public var rounds: Int
  public var task: TaskSettings
  public var clients: ClientSettings
  public var server: ServerSettings
  public var threat: ThreatSettings
  /// What the defense is told about the number of attackers.
  public var declared: DeclaredByzantine
  public var attacks: [AttackChoice]
  public var defenses: [DefenseChoice]
}

/// The learning task of honest clients.
public struct TaskSettings: Sendable {
  public var dataset: DatasetSettings
  /// Where the file names the data set.
  public var datasetPosition: SourcePosition?
  public var model: ModelSettings
  public var local: LocalSchedule
  public var learningRateSchedule: LearningRateSchedule
}

/// Which data.
public enum DatasetSettings: Sendable, Hashable {
  /// The bundled 8 × 8 digits.
  case digits
  /// The tutorial's synthetic data; `train` examples in all unless the partition draws sizes.
  case gaussianClasses(features: Int, classes: Int, shift: Double, train: Int?, test: Int)
  /// IDX files of a folder; at most `limit` examples of each part if given.
  case idx(folder: String, classes: Int, trainLimit: Int?, testLimit: Int?)
}

/// Which architecture: no hidden layer is logistic regression.
public struct ModelSettings: Sendable, Hashable {
  public var hidden: [Int]
  public var initialization: Initialization
}

/// Who takes part, and with which data.
public struct ClientSettings: Sendable {
  public var count: Int
  /// The share of clients that takes part in a round.
  public var participation: Double
  public var partition: PartitionSettings

  /// The number of clients that take part in a round; at least 1.
  public var participantCount: Int { max(1, Int((participation * Double(count)).rounded())) }
}

/// How training examples are dealt to clients.
public enum PartitionSettings: Sendable, Hashable {
  case iid
  case dirichlet(alpha: Double)
  case labelShards(perClient: Int)
  case quantitySkew(alpha: Double)
  case uniformSizes(minimum: Int, maximum: Int)
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

  public var algorithm: Algorithm
  public var weighting: Weighting
  public var learningRate: Double
  /// Velocity v = momentum × v + aggregate; the model moves by learning rate × v.
  public var momentum: Double
}

/// Who attacks, and when.
public struct ThreatSettings: Sendable, Hashable {
  public enum Placement: String, Sendable, Hashable, CaseIterable {
    case first
    case last
    case random
  }

  public enum Outside: String, Sendable, Hashable, CaseIterable {
    /// Outside the window the controlled clients train on their clean data.
    case honest
    /// Outside the window the controlled clients do not take part.
    case absent
  }

  public enum Participation: String, Sendable, Hashable, CaseIterable {
    /// Controlled clients are sampled like all others.
    case sampled
    /// In the window every controlled client takes part; honest ones fill the rest.
    case always
  }

  public enum Knowledge: String, Sendable, Hashable, CaseIterable {
    /// What the attack asks for.
    case full
    /// No more than the attacker's own clients.
    case own
  }

  /// The number of clients that an attack controls.
  public var maliciousCount: Int
  public var placement: Placement
  public var window: Range<Int>
  public var outside: Outside
  public var participation: Participation
  public var knowledge: Knowledge
  public var backdoor: BackdoorSettings?
  /// Where the file describes the backdoor.
  public var backdoorPosition: SourcePosition?
}

/// The trigger and target that every trial reports `asr.*` for, unless its attack has its own.
public struct BackdoorSettings: Sendable, Hashable {
  public var pattern: Trigger.Pattern
  public var size: Int
  public var value: Double
  public var corner: Trigger.Corner
  public var target: Int
  public var source: Int?
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
      return Int((share * Double(participants) - 1e-9).rounded(.up))
    case .count(let count):
      return count
    case .unknown:
      return nil
    }
  }
}
