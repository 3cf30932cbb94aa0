import Components
public import Datasets
public import Determinism
public import Kernels
public import Tensors
public import Training

/// An attack, then its modifiers in order.
public struct AttackPipeline: Checkpointed, Sendable {
  private var attack: any Attack
  private var modifiers: [any AttackModifier]

  public init(_ attack: any Attack, modifiers: [any AttackModifier] = []) {
    self.attack = attack
    self.modifiers = modifiers
  }

  public var goal: AttackGoal { attack.goal }
  public var evaluated: [Backdoor] { attack.evaluated }
  public var roundTrigger: Trigger? { attack.roundTrigger }
  public var gradientCount: Int { attack.gradientCount }
  public var failure: AttackFailure? { attack.failure }
  /// Whether a copy is a snapshot of the attack and its modifiers.
  public var isCopyable: Bool { attack.isCopyable && modifiers.allSatisfy(\.isCopyable) }
  /// Modifiers see all rows.
  public var craftsRowByRow: Bool { attack.craftsRowByRow && modifiers.isEmpty }

  /// What the attack and its modifiers need together.
  public var threatModel: ThreatModel {
    modifiers.reduce(attack.threatModel) { $0.union($1.threatModel) }
  }

  /// Passes over what the attack and its modifiers remember.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.mark("attack \(type(of: attack).manifest.id)")
    attack.checkpoint(&pass)
    for index in modifiers.indices {
      pass.mark("modifier \(type(of: modifiers[index]).manifest.id)")
      modifiers[index].checkpoint(&pass)
    }
  }

  public mutating func observe(_ broadcast: Broadcast) {
    attack.observe(broadcast)
    for index in modifiers.indices { modifiers[index].observe(broadcast) }
  }

  public func poison(_ shard: inout Shard, of client: ClientID, random: inout RandomStream) {
    attack.poison(&shard, of: client, random: &random)
  }

  public func poisonRequest(of client: ClientID) -> PoisonRequest? {
    attack.poisonRequest(of: client)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    var job = job
    job.hooks = modifiers.compactMap { $0.hook(for: job) }
    attack.train(job, with: &trainer, random: &random)
  }

  /// Lets the attack craft the rows and the modifiers change them, each with a stream of its own.
  ///
  /// - Returns: The figures of all; a later one replaces an earlier one of the same name.
  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, seed: SeedPath
  ) -> [String: Double] {
    var random = seed.stream()
    var figures = attack.craft(&rows, view, random: &random)
    for index in modifiers.indices {
      var random = seed.child("with").child(index).stream()
      figures.merge(modifiers[index].transform(&rows, view, random: &random)) { _, new in new }
    }
    return figures
  }
}
