public import Determinism
public import Federation
public import Kernels
public import Tensors

/// What happened in one round; meters are functions of this.
///
/// Matrices are shared with the engine, not copied; a meter must not keep them.
public struct RoundObservation: Sendable {
  public let round: Int
  /// Whether the round lies in the attack window.
  public let isInWindow: Bool
  /// The rows that were submitted, one per client with finite values, in ascending order of opaque
  /// ids; only in the window, for outside it stages may have changed them in place.
  public let updates: Matrix<Float>
  /// The client of each row of ``updates``.
  public let clients: [ClientID]
  /// The share of each row in a plain average, by the scenario's weights.
  public let weights: [Double]
  /// Whether an attack controls the client of each row of the matrix.
  ///
  /// Under the attack `none` these are the clients that an attack would control.
  public let isControlled: [Bool]
  /// Whether the client of each row acted as the attack says: it is controlled, and the schedule of
  /// the attack lets it act in this round of the window.
  ///
  /// Under the attack `none` these are the clients that would act.
  public internal(set) var isActing: [Bool]
  /// Clients whose update was not finite; they were removed before the defense, ascending.
  public let dropped: [ClientID]
  /// Those of ``dropped`` that an attack controls.
  public let droppedControlled: [ClientID]
  /// Those of ``dropped`` that acted as the attack says.
  public internal(set) var droppedActing: [ClientID]
  /// The number of clients that were chosen for the round and did not answer.
  public let silentCount: Int
  /// Clients whose update came after the deadline, which nobody looked at, ascending.
  public let late: [ClientID]
  /// Those of ``late`` that acted as the attack says.
  public internal(set) var lateActing: [ClientID]
  /// What the defense decided, per client that took part (dropped ones excluded).
  public let verdicts: [ClientID: Verdict]
  /// The defense's aggregate, d values, before the server's learning rate; `nil` where no row was
  /// left.
  public let aggregate: [Float]?
  /// What the rule reported about itself.
  public let report: [String: ReportValue]
  /// How the new global model does on test data; `nil` in rounds in which it was not evaluated.
  public internal(set) var evaluation: Evaluation?
  /// Accuracy on clean test data of `global + row` for the rows of ``updates``, in the rounds in
  /// which it was measured; `nil` in others, and where no attack controls a client.
  public let localAccuracy: [Double]?
  /// Seconds, for the cost figures.
  public internal(set) var seconds: RoundSeconds
  /// What the clients that acted had to compute.
  public internal(set) var work: RoundWork
  /// The threads a meter may use; results must not depend on their number.
  public let pool: WorkPool

  /// Creates an observation; ``isActing`` and ``droppedActing`` are `nil` where every controlled
  /// client acts, ``weights`` where all are equal.
  public init(
    round: Int, isInWindow: Bool, updates: Matrix<Float>, clients: [ClientID],
    weights: [Double]? = nil, isControlled: [Bool], isActing: [Bool]? = nil, dropped: [ClientID],
    droppedControlled: [ClientID], droppedActing: [ClientID]? = nil, silentCount: Int = 0,
    late: [ClientID] = [], lateActing: [ClientID] = [],
    verdicts: [ClientID: Verdict], aggregate: [Float]?, report: [String: ReportValue] = [:],
    evaluation: Evaluation?, localAccuracy: [Double]?, seconds: RoundSeconds,
    work: RoundWork = RoundWork(), pool: WorkPool = WorkPool(width: 1)
  ) {
    self.round = round
    self.isInWindow = isInWindow
    self.updates = updates
    self.clients = clients
    self.weights =
      weights ?? [Double](repeating: 1 / Double(max(clients.count, 1)), count: clients.count)
    self.isControlled = isControlled
    self.isActing = isActing ?? isControlled
    self.dropped = dropped
    self.droppedControlled = droppedControlled
    self.droppedActing = droppedActing ?? droppedControlled
    self.silentCount = silentCount
    self.late = late
    self.lateActing = lateActing
    self.verdicts = verdicts
    self.aggregate = aggregate
    self.report = report
    self.evaluation = evaluation
    self.localAccuracy = localAccuracy
    self.seconds = seconds
    self.work = work
    self.pool = pool
  }
}

/// Where the time of one round went; never part of a gated file's identity.
public struct RoundSeconds: Sendable, Hashable {
  public var total = 0.0
  public var training = 0.0
  public var attack = 0.0
  public var defense = 0.0

  public init() {}
}

/// How a global model does on test data; counts, so that pooling is exact.
public struct Evaluation: Sendable, Hashable {
  /// Clean test examples per class.
  public var examples: [Int]
  /// Those predicted right, per class.
  ///
  /// A row with a non-finite score counts as wrong.
  public var correct: [Int]
  /// Per backdoor that is evaluated in this run: triggered examples that count.
  public var triggered: [Backdoor: Triggered]
  /// The votes on the clean test examples, where predictions are made by vote and nobody has taken
  /// them out.
  public var vote: MajorityVote?

  public struct Triggered: Sendable, Hashable {
    /// Triggered test examples whose true label is not the target (only the source class, if any).
    public var examples: Int
    /// Those predicted as the target.
    public var hits: Int
    /// Those predicted as their true label; `nil` where a trainer does not say it.
    public var robust: Int?
    /// Those of ``examples`` that the same model predicts as their true label without the trigger;
    /// `nil` where they have no version without it, or a trainer does not say it.
    public var correct: Int?
    /// Those of ``correct`` predicted as the target with the trigger.
    public var correctHits: Int
    /// The mean softmax probability of the target, where an attack wants these very inputs; `nil` for
    /// other backdoors, where a score is not finite, and where predictions are made by vote.
    public var confidence: Double?

    public init(
      examples: Int, hits: Int, robust: Int?, correct: Int? = nil, correctHits: Int = 0,
      confidence: Double? = nil
    ) {
      self.examples = examples
      self.hits = hits
      self.robust = robust
      self.correct = correct
      self.correctHits = correctHits
      self.confidence = confidence
    }
  }

  public init(examples: [Int], correct: [Int], triggered: [Backdoor: Triggered]) {
    self.examples = examples
    self.correct = correct
    self.triggered = triggered
  }

  /// The share of clean test examples predicted right.
  public var accuracy: Double {
    Double(correct.reduce(0, +)) / Double(max(examples.reduce(0, +), 1))
  }
}
