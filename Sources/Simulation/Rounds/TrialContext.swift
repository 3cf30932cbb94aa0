import Datasets
import Determinism
import Federation
import Training

/// What stays the same over the rounds of one trial; a class, as everything that runs in parallel refers to it.
final class TrialContext: Sendable {
  let scenario: Scenario
  let task: TaskFacts
  let data: FederationData
  let seed: SeedPath
  let pool: WorkPool
  /// Ends rounds between batches; what they computed is then dropped.
  let stop: StopSignal
  let substitutions: Substitutions
  let sampling: ClientSampling
  let names: OpaqueNames
  /// One per thread of the pool; none where a trainer in another process trains.
  let workers: [Worker]
  /// The rounds in which the attack may act: the declared window, unless a substitution moves it.
  let attackRounds: Range<Int>
  private let roster: AttackRoster
  private let learningRate: any LearningRateSchedule

  /// `attack` may have a schedule of its own.
  init(
    variant: Plan.Variant, attack: ResolvedAttack? = nil, seed: SeedPath, data: FederationData,
    pool: WorkPool, substitutions: Substitutions, stop: StopSignal = StopSignal()
  ) {
    let scenario = variant.scenario
    self.scenario = scenario
    task = variant.task
    self.data = data
    self.seed = seed
    self.pool = pool
    self.stop = stop
    self.substitutions = substitutions
    sampling = ClientSampling(clients: scenario.clients, threat: scenario.threat, seed: seed)
    names = OpaqueNames(clientCount: scenario.clients.count, seed: seed.child("ids"))
    roster = AttackRoster(
      controlled: sampling.controlled, threat: scenario.threat, attack: attack, seed: seed)
    attackRounds = substitutions.window(scenario.threat.window)
    learningRate = scenario.task.learningRate.entry.make(scenario.task.learningRate.arguments)
    if let task = variant.task.local {
      let largest = max(data.shards.map(\.count).max() ?? 1, data.root?.count ?? 1)
      let batchSize = min(scenario.task.local.batchSize, largest)
      workers = (0..<pool.width).map { _ in
        Worker(model: task.model, batchSize: batchSize, stop: stop)
      }
    } else {
      workers = []
    }
  }

  func isControlled(_ client: ClientID) -> Bool { roster.isControlled(client) }

  /// Whether a client acts as the attack says in a round.
  func isActing(_ client: ClientID, round: Int) -> Bool {
    roster.acts(client, round: round, window: attackRounds)
  }

  /// Whether a client acts in a round as the scenario declares it, whatever a substitution moves:
  /// what meters see.
  func isDeclaredActing(_ client: ClientID, round: Int) -> Bool {
    roster.acts(client, round: round, window: scenario.threat.window)
  }

  /// The clients that answer in a round, in the order of their rows: ascending opaque ids.
  func attendance(round: Int) -> Attendance {
    let chosen = sampling.chosen(round: round)
    let clients = chosen.filter { sampling.answers($0, round: round) }
      .sorted { names.opaque($0) < names.opaque($1) }
    return Attendance(
      clients: clients, isActing: clients.map { isActing($0, round: round) },
      silentCount: chosen.count - clients.count)
  }

  /// The schedule of a round.
  func schedule(round: Int) -> LocalSchedule {
    var schedule = scenario.task.schedule(for: task)
    let factor = learningRate.factor(round: round, of: scenario.rounds)
    if factor != 1 { schedule.learningRate = Float(Double(schedule.learningRate) * factor) }
    return substitutions.schedule(schedule)
  }

  /// The share of each client's row in a weighted average.
  func weights(of clients: [ClientID]) -> [Double] {
    switch scenario.server.weighting {
    case .uniform:
      return [Double](repeating: 1 / Double(clients.count), count: clients.count)
    case .samples(let cap):
      let counts = clients.map { min(data.exampleCounts[$0.index], cap ?? .max) }
      let total = Double(counts.reduce(0, +))
      // Clients of a trainer elsewhere may have no example at all.
      guard total > 0 else {
        return [Double](repeating: 1 / Double(clients.count), count: clients.count)
      }
      return counts.map { Double($0) / total }
    }
  }

  /// What the defense knows of clients: opaque ids.
  func provenance(of clients: [ClientID]) -> [Provenance] {
    clients.map { Provenance(names.opaque($0)) }
  }

  /// The parameters before the first round.
  func initialParameters(of task: LocalTask) -> [Float] {
    if let initial = task.initial { return initial.values }
    var random = initialSeed.stream()
    return task.model.initialParameters(using: &random)
  }

  /// The path of what the parameters before the first round are drawn from.
  var initialSeed: SeedPath {
    (scenario.fixedSeeds.initialization.map { SeedPath(root: $0) } ?? seed).child("model")
  }
}
