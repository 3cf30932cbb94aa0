import Components
import Datasets
import Determinism
import Federation
import Tensors
import Training

/// The facts that components of one combination are built from.
struct ComponentSetups: Sendable {
  let scenario: Scenario
  let task: TaskFacts

  /// What an attack is built from.
  ///
  /// - Parameters:
  ///   - seed: The seed of the trial.
  ///   - data: The data of the trial; `nil` before they are loaded, when one example of zeros stands
  ///     for what the scenario gives the attacker.
  /// - Returns: What the initializer of an attack gets.
  func attack(seed: UInt64, data: FederationData?) -> AttackSetup {
    let path = SeedPath(root: seed)
    let auxiliary = scenario.threat.auxiliary
    let controlled = ClientSampling(
      clients: scenario.clients, threat: scenario.threat, seed: path
    ).controlled
    return AttackSetup(
      participantCount: scenario.clients.participantCount,
      controlled: controlled,
      shards: data.map { data in
        data.shards.isEmpty ? [] : controlled.map { data.shards[$0.index] }
      } ?? [],
      auxiliary: outside(auxiliary, data?.auxiliary, isLoaded: data != nil),
      auxiliaryTest: outside(auxiliary, data?.auxiliaryTest, isLoaded: data != nil),
      test: task.local == nil ? nil : data?.test,
      trigger: scenario.threat.backdoor.map { ($0.trigger.entry, $0.trigger.arguments) },
      pattern: task.patterns.pattern,
      roundCount: scenario.rounds, window: scenario.threat.window,
      classCount: task.classCount, shape: task.shape,
      normalization: task.normalization, alphabet: task.local?.source.alphabet,
      layout: task.layout,
      model: task.local?.model, serverRate: scenario.server.learningRate,
      schedule: scenario.task.schedule(for: task),
      isFedSGD: scenario.server.algorithm != .fedAvg, seed: path)
  }

  /// What a defense is built from; `data` as for an attack.
  func defense(data: FederationData?) -> DefenseSetup {
    let serverData = scenario.serverData
    return DefenseSetup(
      participantCount: scenario.clients.participantCount, clientCount: scenario.clients.count,
      roundCount: scenario.rounds, layout: task.layout, model: task.local?.model,
      rootData: data.map { $0.root } ?? serverData.rootSamples.map { _ in placeholder(0) },
      outOfDistributionData: data.map { $0.outOfDistribution }
        ?? serverData.outOfDistribution.map { _ in placeholder(0) })
  }

  /// The scenario-wide backdoor.
  ///
  /// - Throws: ``ConfigurationError`` where its trigger does not fit the inputs.
  func backdoor(
    _ settings: BackdoorSettings, seed: UInt64
  ) throws(ConfigurationError) -> Backdoor {
    let trigger = try settings.trigger.entry.make(
      settings.trigger.arguments,
      TriggerSetup(
        shape: task.shape, normalization: task.normalization,
        alphabet: task.local?.source.alphabet,
        seed: SeedPath(root: seed).child("trigger"), pattern: task.patterns.pattern))
    return Backdoor(trigger: trigger, target: settings.target, source: settings.source)
  }

  /// The attacker's own examples, or what stands for them before they are loaded.
  ///
  /// Where a trainer has the data there are none, and an attack that takes some is not applicable: what
  /// stands for them there is of several classes, so that nothing else is wrong with it.
  private func outside(
    _ settings: AuxiliarySettings?, _ examples: Shard?, isLoaded: Bool
  ) -> Shard? {
    if task.trainer != nil { return placeholder(0, min(1, task.classCount - 1)) }
    return isLoaded ? examples : settings.map { placeholder($0.label) }
  }

  /// Examples of zeros.
  private func placeholder(_ labels: Int...) -> Shard {
    Shard(
      inputs: Matrix(rowCount: labels.count, columnCount: task.shape.count), labels: labels,
      classCount: task.classCount, shape: task.shape)
  }
}
