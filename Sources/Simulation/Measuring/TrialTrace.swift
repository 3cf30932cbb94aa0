public import Federation

/// All that the engine and the meters kept of one trial; metrics are functions of this.
public struct TrialTrace: Sendable {
  /// One entry per round, in order: the evaluation of the global model after the round, where there
  /// was one, and the meters' figures.
  public struct Round: Sendable {
    public private(set) var evaluation: Evaluation?
    public private(set) var figures: [String: Double]
    /// Clients dropped for non-finite updates.
    public private(set) var droppedCount: Int

    init(_ other: Round, figures: [String: Double]) {
      self.init(
        evaluation: other.evaluation, figures: figures, droppedCount: other.droppedCount)
    }

    public init(evaluation: Evaluation?, figures: [String: Double], droppedCount: Int) {
      self.evaluation = evaluation
      self.figures = figures
      self.droppedCount = droppedCount
    }

    /// One to be read.
    static let empty = Round(evaluation: nil, figures: [:], droppedCount: 0)

    mutating func checkpoint(_ pass: inout CheckpointPass, backdoors: [Backdoor]) {
      pass.visit(&evaluation, from: Evaluation(examples: [], correct: [], triggered: [:])) {
        $1.checkpoint(&$0, backdoors: backdoors)
      }
      pass.visit(&figures)
      pass.visit(&droppedCount)
    }
  }

  public var rounds: [Round]
  /// The attack window: rounds `start ..< stop`, clipped to the rounds of the trial.
  public let window: Range<Int>
  public let classCount: Int
  public let goal: AttackGoal
  /// The backdoor that `asr.*` reports on: the attack's own, else the scenario's.
  public let backdoor: Backdoor?
  /// What the meters pooled.
  public var summary: [String: Double] = [:]
  /// The receiver operating characteristics of detectors, by their names: the true positive rates
  /// at the false positive rates 0, 0.05, …, 1, ascending.
  public var operatingCurves: [String: [Double]] = [:]
  /// How large the trigger of ``backdoor`` is after the last round; `nil` where it has none.
  public var triggerSize: TriggerSize?
  /// What meters find in a clean trial where other clients would act than the scenario's schedule
  /// says, by ``ResolvedAttack/rosterKey``.
  var views: [String: MeterView] = [:]
  /// What the clean twin is measured with, if the trigger changes over the rounds.
  var control: TriggerControl?
  /// The global model after rounds, for attacks whose triggers are known later only.
  var models: [Int: FinishedRound] = [:]
  /// Accuracy of the final global model over the honest clients' own training data; `nil` where a
  /// trainer has them.
  public var trainingAccuracy: Double? = 0
  /// Accuracy of the final global model on the training data of each honest client that has some, by
  /// client number.
  public var honestAccuracies: [Double] = []
  /// Whether the data are a trainer's in another process, so that what is measured on them is not known.
  public var isTrainedElsewhere = false
  /// Whether any global parameter became non-finite.
  public var isDiverged = false
  /// Whether the rule declares clients malicious.
  public let declaresMalicious: Bool
  /// Whether the defense ran although a precondition that its proof needs does not hold.
  public var isOutsideProof = false
  /// The last predictions, where they are made by the vote of noisy copies.
  public var smoothed: SmoothedOutcome?
  /// Figures that the attack recorded, such as a resolved boost; the last value of each.
  public var resolved: [String: Double] = [:]
  /// SHA-256 of the final global parameters, 64 hex digits.
  public var parametersDigest = ""

  public init(
    rounds: [Round], window: Range<Int>, classCount: Int, goal: AttackGoal, backdoor: Backdoor?,
    declaresMalicious: Bool
  ) {
    self.rounds = rounds
    self.window = window
    self.classCount = classCount
    self.goal = goal
    self.backdoor = backdoor
    self.declaresMalicious = declaresMalicious
  }

  /// The last round of the window, after which `.stop` figures are read.
  public var lastWindowRound: Int? { window.isEmpty ? nil : window.upperBound - 1 }
}

/// How much of an example a trigger changes.
public struct TriggerSize: Sendable, Hashable {
  /// The number of pixels (of features of a vector) that it sets.
  public let pixels: Int
  /// The mean distance between a test example that counts and the same with the trigger, as the model
  /// sees them; `nil` where those are not here.
  public let distance: Double?

  public init(pixels: Int, distance: Double?) {
    self.pixels = pixels
    self.distance = distance
  }
}

/// A trial with the trials its metrics compare it to; all share the seed and the axes.
public struct TrialEvidence: Sendable {
  public let trial: TrialTrace
  /// (none, same defense); the trial itself under the attack `none`.
  public let twin: TrialTrace?
  /// (none, mean).
  public let undefendedTwin: TrialTrace?
  /// (same attack, mean).
  public let undefended: TrialTrace?

  public init(
    trial: TrialTrace, twin: TrialTrace?, undefendedTwin: TrialTrace?, undefended: TrialTrace?
  ) {
    self.trial = trial
    self.twin = twin
    self.undefendedTwin = undefendedTwin
    self.undefended = undefended
  }
}
