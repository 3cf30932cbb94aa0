public import Components
public import Datasets
public import Determinism
public import Kernels
public import Tensors
public import Training

/// A poisoning attack.
///
/// The three hooks match the three places an attacker can act. Each has an honest default, so an
/// attack overrides only the places it acts in. `poison` and `train` run in parallel over clients
/// and therefore cannot mutate the attack; `observe` and `craft` run once per round, alone, and may
/// keep state.
public protocol Attack: Checkpointed, Sendable {
  static var manifest: ComponentManifest { get }
  /// The least attacker that can do this, at the parameters' defaults.
  static var tier: ThreatTier { get }
  init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError)

  var threatModel: ThreatModel { get }
  var goal: AttackGoal { get }
  /// Backdoors whose success is measured besides the goal's, such as the parts of its trigger.
  var evaluated: [Backdoor] { get }
  /// The trigger of the round, for attacks that choose it anew while the trial goes on; `nil` for all
  /// others, whose goal has the trigger.
  ///
  /// Asked after ``observe(_:)``, which chooses it. The success of the goal's backdoor is then measured
  /// with this trigger, in the attacked trial and in its clean twin, and
  /// ``poison(_:of:random:)`` is called in every round instead of once. Either it is `nil` in all rounds
  /// or in none.
  var roundTrigger: Trigger? { get }
  /// Whether ``craft(_:_:random:)`` changes each row by itself: it draws nothing, looks at no other
  /// row, and its figures do not depend on the row.
  ///
  /// Rows may then come one at a time, which stay close to the processor.
  var craftsRowByRow: Bool { get }
  /// The gradients of single examples that the attack has taken by itself since it was made, besides
  /// the training of its clients: to fit a trigger, for a model of its own.
  ///
  /// ``train(_:with:random:)`` is counted by its trainer, a rehearsal by its probe.
  var gradientCount: Int { get }
  /// Whether a copy is a snapshot, all memory being in its stored properties; an attack in another
  /// process says no.
  var isCopyable: Bool { get }
  /// Why it could not do its part; ends the trial. An attack in another process may have a reason.
  var failure: AttackFailure? { get }

  /// Sees the global model of a round before anybody trains; called in every round, in the window or
  /// not, whether or not a controlled client takes part.
  mutating func observe(_ broadcast: Broadcast)

  /// Changes the data that a controlled client trains on; called once per client and run, or once per
  /// client and round where there is a ``roundTrigger``.
  func poison(_ shard: inout Shard, of client: ClientID, random: inout RandomStream)

  /// What ``poison(_:of:random:)`` does to the examples of a client, for a trainer in another process,
  /// which alone has them; `nil` where no request says it.
  func poisonRequest(of client: ClientID) -> PoisonRequest?

  /// Trains one controlled client; the result is in `trainer.parameters`.
  ///
  /// Not called under FedSGD, where clients send one gradient of their (poisoned) data.
  func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream)

  /// Replaces the rows that the controlled clients send.
  ///
  /// - Parameters:
  ///   - rows: One update per controlled client that acts, in the order of `view.clients`; holds
  ///     what they trained.
  ///   - view: What the attacker knows.
  ///   - random: The attack's own stream of this round.
  /// - Returns: Figures to record, such as a resolved boost factor.
  mutating func craft(_ rows: inout Matrix<Float>, _ view: AttackerView, random: inout RandomStream)
    -> [String: Double]
}

extension Attack {
  public var goal: AttackGoal { .degrade }
  public var evaluated: [Backdoor] { [] }
  public var roundTrigger: Trigger? { nil }
  public var craftsRowByRow: Bool { false }
  public var gradientCount: Int { 0 }
  public var isCopyable: Bool { true }
  public var failure: AttackFailure? { nil }

  public mutating func observe(_: Broadcast) {}

  public func poison(_: inout Shard, of _: ClientID, random _: inout RandomStream) {}

  public func poisonRequest(of _: ClientID) -> PoisonRequest? { nil }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    job.train(with: &trainer, random: &random)
  }

  public mutating func craft(
    _: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] { [:] }
}
