import Datasets
import Determinism
import Federation
import Kernels
import Synchronization
import Tensors
import Training

/// The synchronous federated loop: train, craft, aggregate, apply, evaluate.
///
/// The n × d matrix of updates is made once; clients write their rows in place, attacks and
/// defenses see the same storage.
struct RoundLoop {
  /// What stays the same over the rounds of one trial.
  struct Setup: Sendable {
    let scenario: Scenario
    let model: any Model
    let data: FederationData
    let backdoors: [Backdoor]
    let seed: SeedPath
    let pool: WorkPool
    var substitutions = Substitutions.none
  }

  private(set) var global: [Float]
  private(set) var hygiene = DefenseHygiene()
  /// What the attack recorded last.
  private(set) var resolved: [String: Double] = [:]
  let controlled: Set<ClientID>

  private let setup: Setup
  private let sampling: ClientSampling
  private let names: OpaqueNames
  private let evaluator: Evaluator
  private let workers: [Worker]
  private let poisoned: [ClientID: Shard]
  private let accuracyRounds: Set<Int>
  /// The rounds in which the attack acts: the declared window, unless a substitution moves it.
  private let attackRounds: Range<Int>
  private var attack: any Attack
  private var defense: DefensePipeline
  private var round = 0
  private var updates: Matrix<Float>
  private var crafted: Matrix<Float>
  private var velocity: [Float] = []
  /// FedSGD: the momentum of each client, clients × d.
  private var momenta: Matrix<Float>?

  init(_ setup: Setup, attack: any Attack, defense: DefensePipeline) {
    self.setup = setup
    self.attack = attack
    self.defense = defense
    let scenario = setup.scenario
    let d = setup.model.layout.count
    let sampling = ClientSampling(
      clients: scenario.clients, threat: scenario.threat, seed: setup.seed)
    self.sampling = sampling
    controlled = Set(sampling.controlled)
    names = OpaqueNames(clientCount: scenario.clients.count, seed: setup.seed.child("ids"))
    var initial = setup.seed.child("model").stream()
    global = setup.model.initialParameters(using: &initial)
    updates = Matrix(rowCount: scenario.clients.participantCount, columnCount: d)
    crafted = Matrix(rowCount: 0, columnCount: d)
    if case .fedSGD = scenario.server.algorithm {
      momenta = Matrix(rowCount: scenario.clients.count, columnCount: d)
    }
    let largest = setup.data.shards.map(\.count).max() ?? 1
    workers = (0..<setup.pool.width).map { _ in
      Worker(model: setup.model, batchSize: min(scenario.task.local.batchSize, largest))
    }
    evaluator = Evaluator(
      model: setup.model, test: setup.data.test, backdoors: setup.backdoors,
      seed: setup.seed.child("trigger-evaluation"))
    attackRounds = setup.substitutions.window(scenario.threat.window)
    accuracyRounds = Self.spread(5, over: scenario.threat.window)
    poisoned = Self.poison(setup, sampling.controlled, attack)
  }

  /// Accuracy of the current model over the honest clients' own training data.
  func trainingAccuracy() -> Double {
    var hits = 0.0
    var examples = 0
    for (index, shard) in setup.data.shards.enumerated()
    where !controlled.contains(ClientID(index)) {
      let accuracy = evaluator.accuracy(on: shard, global, pool: setup.pool, workers: workers)
      hits += (accuracy * Double(shard.count)).rounded()
      examples += shard.count
    }
    return hits / Double(max(examples, 1))
  }

  /// Runs one round.
  mutating func advance() throws(DefenseError) -> RoundObservation {
    let clock = ContinuousClock()
    let start = clock.now
    var seconds = RoundSeconds()
    let isActing = attackRounds.contains(round)
    let clients = sampling.participants(round: round)
    updates.resize(rowCount: clients.count)

    train(clients, isActing: isActing)
    let trained = clock.now
    seconds.training = (trained - start).inSeconds
    if isActing { craft(clients) }
    let attacked = clock.now
    seconds.attack = (attacked - trained).inSeconds

    let dropped = dropNonFiniteRows(of: clients)
    let kept = clients.filter { !dropped.contains($0) }
    var decision: Decision?
    if !kept.isEmpty { decision = try decide(on: kept) }
    let defended = clock.now
    seconds.defense = (defended - attacked).inSeconds

    // What only measures is left out of the times.
    if let decision, round == 0 { hygiene = decision.hygiene() }
    let localAccuracy = accuracyRounds.contains(round) ? rowAccuracies() : nil
    let resumed = clock.now
    if let decision { apply(decision.outcome.update) }
    let evaluation = evaluator.evaluate(global, pool: setup.pool, workers: workers)
    seconds.total = (clock.now - resumed + (defended - start)).inSeconds
    defer { round += 1 }
    return RoundObservation(
      round: round, isInWindow: setup.scenario.threat.window.contains(round),
      updates: updates, clients: kept,
      isControlled: kept.map { controlled.contains($0) }, dropped: dropped,
      droppedControlled: dropped.filter { controlled.contains($0) },
      verdicts: decision.map { names.real($0.outcome.verdicts) } ?? [:],
      aggregate: decision?.outcome.update,
      evaluation: evaluation,
      localAccuracy: localAccuracy, seconds: seconds)
  }
}

extension RoundLoop {
  /// What the defense made of a round, and what is needed to test it.
  private struct Decision {
    let before: DefensePipeline
    let submissions: UpdateMatrix<Float>
    let context: RoundContext
    let outcome: DefensePipeline.Outcome<Float>

    func hygiene() -> DefenseHygiene {
      DefenseHygiene(of: before, on: submissions, in: context, outcome: outcome.update)
    }
  }

  /// Runs the defense on the rows of `clients`, under their opaque ids.
  private mutating func decide(on clients: [ClientID]) throws(DefenseError) -> Decision {
    let submissions = UpdateMatrix(
      values: updates, provenance: clients.map { Provenance(names.opaque($0)) },
      weights: weights(of: clients))
    let context = RoundContext(
      round: round, global: global, seed: setup.seed.child("defense").child(round),
      pool: setup.pool)
    let before = defense
    let outcome = try defense.aggregate(submissions, in: context)
    return Decision(
      before: before, submissions: submissions, context: context, outcome: outcome)
  }

  /// Returns up to `count` evenly spaced rounds of the window, its last one among them.
  private static func spread(_ count: Int, over window: Range<Int>) -> Set<Int> {
    let picks = min(count, window.count)
    return Set((0..<picks).map { window.lowerBound + (($0 + 1) * window.count) / picks - 1 })
  }

  private static func poison(
    _ setup: Setup, _ controlled: [ClientID], _ attack: any Attack
  ) -> [ClientID: Shard] {
    guard attack.threatModel.surface.contains(.data) else { return [:] }
    var shards: [ClientID: Shard] = [:]
    for client in controlled {
      var random = setup.seed.child("poison").child(client.index).stream()
      var shard = setup.data.shards[client.index]
      attack.poison(&shard, of: client, random: &random)
      shards[client] = shard
    }
    return shards
  }

  /// The schedule of this round.
  private var schedule: LocalSchedule {
    let task = setup.scenario.task
    var schedule = task.local
    let factor = task.learningRateSchedule.factor(round: round, of: setup.scenario.rounds)
    if factor != 1 { schedule.learningRate = Float(Double(schedule.learningRate) * factor) }
    return setup.substitutions.schedule(schedule)
  }

  /// Trains every participant and writes its update into its row.
  private mutating func train(_ clients: [ClientID], isActing: Bool) {
    let global = self.global
    let schedule = self.schedule
    let isFedSGD = momenta != nil
    let (setup, workers, poisoned, attack, controlled, round) =
      (self.setup, self.workers, self.poisoned, self.attack, self.controlled, self.round)
    updates.forEachRow(pool: setup.pool) { worker, row, update in
      let client = clients[row]
      let isAttacking = isActing && controlled.contains(client)
      let shard = (isAttacking ? poisoned[client] : nil) ?? setup.data.shards[client.index]
      var random = setup.seed.child("client").child(client.index).child(round).stream()
      workers[worker].state.withLock { state in
        if isFedSGD {
          state.trainer.computeGradient(
            at: global, inputs: shard.inputs, labels: shard.labels, schedule: schedule,
            random: &random)
          let gradient = state.trainer.lastGradient
          for j in gradient.indices { update[j] = gradient[j] }
          return
        }
        let job = LocalJob(
          client: client, round: round, global: global, shard: shard, schedule: schedule)
        if isAttacking {
          attack.train(job, with: &state.trainer, random: &random)
        } else {
          job.train(with: &state.trainer, random: &random)
        }
        Vectors.subtract(state.trainer.parameters.span, global.span, into: &update)
      }
    }
    if case .fedSGD(let beta) = setup.scenario.server.algorithm {
      applyMomentum(clients, beta: beta, learningRate: schedule.learningRate)
    }
  }

  /// Turns rows of gradients into rows −learning rate × m, where m = βm + (1 − β)g is kept per
  /// client across rounds.
  ///
  /// - Note: Karimireddy, He, Jaggi, "Learning from history", ICML 2021; m starts at zero.
  private mutating func applyMomentum(_ clients: [ClientID], beta: Float, learningRate: Float) {
    guard var momenta else { return }
    self.momenta = nil
    for (row, client) in clients.enumerated() {
      let gradient = updates.row(row)
      momenta.withMutableRow(client.index) { m in
        for j in gradient.indices { m[j] = beta * m[j] + (1 - beta) * gradient[j] }
      }
      let values = momenta.values
      let range = momenta.range(ofRow: client.index)
      updates.withMutableRow(row) { update in
        for j in 0..<update.count { update[j] = -learningRate * values[range.lowerBound + j] }
      }
    }
    self.momenta = momenta
  }

  /// Lets the attack replace the rows of the controlled participants.
  private mutating func craft(_ clients: [ClientID]) {
    let rows = clients.indices.filter { controlled.contains(clients[$0]) }
    guard !rows.isEmpty, attack.goal != .none else { return }
    crafted.resize(rowCount: rows.count)
    for (slot, row) in rows.enumerated() {
      crafted.setRow(slot, toRow: row, of: updates)
    }
    let allWeights = weights(of: clients)
    let mayKnow =
      setup.scenario.threat.knowledge == .full && attack.threatModel.knowledge >= .honestUpdates
    let honest =
      mayKnow
      ? HonestUpdates(
        all: updates, rows: clients.indices.filter { !controlled.contains(clients[$0]) }) : nil
    let view = AttackerView(
      round: round, global: global, clients: rows.map { clients[$0] },
      participantCount: clients.count, weightShare: rows.reduce(0) { $0 + allWeights[$1] },
      honest: honest)
    var random = setup.seed.child("craft").child(round).stream()
    for (name, value) in attack.craft(&crafted, view, random: &random) { resolved[name] = value }
    _ = consume view
    _ = consume honest
    for (slot, row) in rows.enumerated() {
      updates.setRow(row, toRow: slot, of: crafted)
    }
  }

  /// Removes rows with a non-finite value and returns their clients, ascending.
  private mutating func dropNonFiniteRows(of clients: [ClientID]) -> [ClientID] {
    let bad = (0..<updates.rowCount).filter { row in
      !Float.allFinite(updates.values.span.extracting(updates.range(ofRow: row)))
    }
    guard !bad.isEmpty else { return [] }
    updates.removeRows(Set(bad))
    return bad.map { clients[$0] }.sorted()
  }

  /// The share of each row in a weighted average.
  private func weights(of clients: [ClientID]) -> [Double] {
    switch setup.scenario.server.weighting {
    case .uniform:
      return [Double](repeating: 1 / Double(clients.count), count: clients.count)
    case .samples(let cap):
      let counts = clients.map { min(setup.data.shards[$0.index].count, cap ?? .max) }
      let total = Double(counts.reduce(0, +))
      return counts.map { Double($0) / total }
    }
  }

  /// Moves the global model by the server's learning rate times the aggregate, or its velocity.
  private mutating func apply(_ aggregate: [Float]) {
    let server = setup.scenario.server
    if server.momentum == 0 {
      Self.add(Float(server.learningRate), aggregate, to: &global)
      return
    }
    if velocity.isEmpty { velocity = [Float](repeating: 0, count: global.count) }
    let momentum = Float(server.momentum)
    for j in velocity.indices { velocity[j] = momentum * velocity[j] + aggregate[j] }
    Self.add(Float(server.learningRate), velocity, to: &global)
  }

  private static func add(_ factor: Float, _ x: [Float], to y: inout [Float]) {
    var target = y.mutableSpan
    Vectors.axpy(factor, x.span, into: &target)
  }

  /// Accuracy of `global + row` for every row, on at most 500 test examples.
  private func rowAccuracies() -> [Double] {
    (0..<updates.rowCount).map { row in
      var local = global
      Self.add(1, updates.row(row), to: &local)
      return evaluator.accuracy(local, limit: 500, pool: setup.pool, workers: workers)
    }
  }
}

extension Duration {
  /// The length in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
