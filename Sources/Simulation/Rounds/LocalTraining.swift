import Datasets
import Determinism
import Federation
import Kernels
import Synchronization
import Tensors
import Training

/// The clients' part of a round: each trains on its data and writes its update into its row.
struct LocalTraining: ClientTrainer {
  private let context: TrialContext
  /// The data of controlled clients while they act, if the attack changes them once for the run.
  let poisoned: [ClientID: Shard]
  /// FedSGD: what each client remembers.
  let momentum: WorkerMomentum?

  /// - Parameters:
  ///   - context: What stays the same over the rounds.
  ///   - attack: The attacks as they are made, which may change data once for the run.
  ///   - momentum: What clients remember of earlier rounds, to be changed by nobody else; `nil`: these
  ///     are the first ones.
  init(_ context: TrialContext, attack: AttackGroups, momentum: WorkerMomentum? = nil) {
    self.context = context
    poisoned = Self.poison(context, attack)
    if let momentum {
      self.momentum = momentum
    } else if case .fedSGD(let beta) = context.scenario.server.algorithm {
      self.momentum = WorkerMomentum(
        beta: beta, clientCount: context.scenario.clients.count,
        parameterCount: context.task.layout.count)
    } else {
      self.momentum = nil
    }
  }

  private static func poison(
    _ context: TrialContext, _ attacks: AttackGroups
  ) -> [ClientID: Shard] {
    var shards: [ClientID: Shard] = [:]
    for client in context.sampling.controlled {
      guard let attack = attacks.attack(of: client),
        attack.threatModel.surface.contains(.data), attack.roundTrigger == nil
      else { continue }
      var random = context.seed.child("poison").child(client.index).stream()
      var shard = context.data.shards[client.index]
      attack.poison(&shard, of: client, random: &random)
      shards[client] = shard
    }
    return shards
  }

  func run(
    into updates: inout Matrix<Float>, clients: [ClientID], isActing: [Bool], round: Int,
    global: [Float], attacks: AttackGroups
  ) -> [Int] {
    let counts = Mutex([Int](repeating: 0, count: clients.count))
    let schedule = context.schedule(round: round)
    let (context, poisoned, momentum) = (self.context, self.poisoned, self.momentum)
    updates.forEachRow(pool: context.pool) { worker, row, update in
      if context.stop.isStopped { return }
      let client = clients[row]
      let attack = isActing[row] ? attacks.attack(of: client) : nil
      var shard =
        (attack == nil ? nil : poisoned[client]) ?? context.data.shards[client.index]
      if let attack, attack.roundTrigger != nil {
        var random = context.seed.child("poison").child(client.index).child(round).stream()
        attack.poison(&shard, of: client, random: &random)
      }
      let path = context.seed.child("client").child(client.index).child(round)
      var random = path.stream()
      let count = context.workers[worker].state.withLock { state in
        let before = state.trainer.gradientCount
        if let momentum {
          state.trainer.computeGradient(
            at: global, inputs: shard.inputs, labels: shard.labels, schedule: schedule,
            random: &random)
          momentum.step(
            of: client, gradient: state.trainer.lastGradient, learningRate: schedule.learningRate,
            into: &update)
          return state.trainer.gradientCount - before
        }
        let job = LocalJob(
          client: client, round: round, global: global, shard: shard, schedule: schedule,
          seed: path)
        if let attack {
          attack.train(job, with: &state.trainer, random: &random)
        } else {
          job.train(with: &state.trainer, random: &random)
        }
        Vectors.subtract(state.trainer.parameters.span, global.span, into: &update)
        return state.trainer.gradientCount - before
      }
      counts.withLock { $0[row] = count }
    }
    return counts.withLock { $0 }
  }

  func honestGradientCount(of client: ClientID, round: Int) -> Int {
    let schedule = context.schedule(round: round)
    let count = context.data.shards[client.index].count
    return momentum == nil
      ? schedule.gradientCount(exampleCount: count) : min(schedule.batchSize, count)
  }
}
