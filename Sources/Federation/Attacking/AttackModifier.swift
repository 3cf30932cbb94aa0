public import Components
public import Determinism
public import Kernels
public import Tensors
public import Training

/// A change of any attack: how its clients train, or what becomes of the rows they send.
///
/// A scenario lists modifiers under `with:`; they act in that order, after the attack itself.
public protocol AttackModifier: Checkpointed, Sendable {
  static var manifest: ComponentManifest { get }
  init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError)

  /// Where it acts, and what it has to know.
  var threatModel: ThreatModel { get }

  /// Whether a copy is a snapshot.
  var isCopyable: Bool { get }

  /// Sees the global model of every round, as the attack does.
  mutating func observe(_ broadcast: Broadcast)

  /// Returns what it changes in the local training of one client; `nil`: nothing in this round.
  func hook(for job: LocalJob) -> (any LocalTrainingHook)?

  /// Changes the rows that the controlled clients send; returns figures to record.
  mutating func transform(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random: inout RandomStream
  ) -> [String: Double]
}

extension AttackModifier {
  public var isCopyable: Bool { true }
  public mutating func observe(_: Broadcast) {}
  public func hook(for _: LocalJob) -> (any LocalTrainingHook)? { nil }
  public mutating func transform(
    _: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] { [:] }
}
