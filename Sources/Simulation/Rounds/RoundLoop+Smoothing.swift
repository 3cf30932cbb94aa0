import Datasets
import Federation
import Kernels
import Tensors
import Training

/// A round in which controlled clients acted.
struct ActingRound: Sendable {
  private(set) var round: Int
  /// The norm of the global parameters that it started from.
  private(set) var parameterNorm: Double
  /// The clients that acted, with what the defense made of each; `nil` for one whose row was dropped.
  private(set) var clients: [(client: ClientID, weight: Double?)]

  init(round: Int, global: [Float], verdicts: [(ClientID, Verdict?)]) {
    self.round = round
    parameterNorm = Float.squaredNorm(global.span).squareRoot()
    clients = verdicts.map { ($0.0, $0.1?.weight) }
  }

  mutating func checkpoint(_ pass: inout CheckpointPass, clientCount: Int) {
    pass.visit(&round)
    pass.visit(&parameterNorm)
    pass.visit(&clients, from: (ClientID(0), nil)) { pass, entry in
      pass.visit(&entry.client)
      pass.visit(&entry.weight, from: 0) { $0.visit(&$1) }
      if !(0..<clientCount).contains(entry.client.index) {
        pass.fail("there is no client \(entry.client.index)")
      }
    }
  }
}

extension RoundLoop {
  /// Gathers the last predictions by the vote of noisy copies, and what a certificate of them needs.
  ///
  /// - Parameters:
  ///   - trial: The trial, all of whose rounds have been run.
  ///   - surface: Where the attack acts.
  /// - Returns: `nil` where predictions are not made by vote.
  func smoothedOutcome(
    of trial: PlannedTrial, surface: ThreatModel.Surface
  ) -> SmoothedOutcome? {
    guard let smoothing = defense.smoothing, let vote = lastVote else { return nil }
    let exposure: SmoothedOutcome.Exposure
    do throws(Uncovered) {
      exposure = .poisoned(try poisonedRound(of: trial, surface: surface))
    } catch {
      exposure = .uncovered(error.reason)
    }
    return SmoothedOutcome(
      smoothing: smoothing, winnerVotes: vote.winnerCounts,
      isRight: zip(vote.winners, context.data.test.labels).map { $0 == $1 }, exposure: exposure)
  }

  /// Why a certificate of one poisoned round does not cover the trial.
  private struct Uncovered: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private func poisonedRound(
    of trial: PlannedTrial, surface: ThreatModel.Surface
  ) throws(Uncovered) -> PoisonedRound {
    guard !surface.isEmpty else { throw Uncovered("there is no attack") }
    guard let acting = actingRounds.first else { throw Uncovered("no controlled client acted") }
    guard actingRounds.count == 1 else {
      throw Uncovered("controlled clients acted in more than one round")
    }
    guard !attacks.hasRoundTriggers else {
      throw Uncovered("the trigger of the attack depends on the model")
    }
    guard context.scenario.clients.deadline == nil else {
      throw Uncovered("under a deadline the attack has a say in whose updates count")
    }
    let schedule = context.schedule(round: acting.round)
    try checkTraining(of: trial, schedule)
    let scale = try scale(of: trial, surface: surface)
    var attackers: [PoisonedRound.Attacker] = []
    var changes = ShardChanges()
    for (client, weight) in acting.clients {
      guard let weight else { throw Uncovered("an update of a controlled client was dropped") }
      let clean = context.data.shards[client.index]
      guard let count = changes.add(clean, training.poisoned[client] ?? clean) else {
        throw Uncovered("the attack changes how many examples a client has")
      }
      let steps = PoisonedSteps(changed: count, of: clean.count, schedule: schedule)
      attackers.append(
        PoisonedRound.Attacker(
          weight: weight * context.scenario.server.learningRate, scale: scale, steps: steps.count,
          poisonedSteps: steps.poisoned))
    }
    guard changes.magnitude > 0 else { throw Uncovered("no example was changed") }
    return PoisonedRound(
      attackers: attackers, learningRate: Double(schedule.learningRate),
      weightDecay: Double(schedule.weightDecay), parameterNorm: acting.parameterNorm,
      inputNorm: changes.inputNorm, magnitude: changes.magnitude,
      laterRounds: trial.rounds - 1 - acting.round)
  }

  /// Refuses training whose result need not stay close where the data do.
  private func checkTraining(
    of trial: PlannedTrial, _ schedule: LocalSchedule
  ) throws(Uncovered) {
    let server = context.scenario.server
    let defense = trial.defenseChoice
    guard
      server.algorithm == .fedAvg && schedule.momentum == 0 && schedule.proximal == 0
        && schedule.augmentation == nil && server.optimizer == .gradientDescent(momentum: 0)
    else {
      throw Uncovered(
        "it is known for FedAvg without momentum of clients or of the server, a proximal term, "
          + "augmentation or an adaptive optimizer")
    }
    let roles = context.task.layout.segments.map(\.role)
    guard roles.allSatisfy({ $0 == .outputWeight || $0 == .outputBias }) else {
      throw Uncovered("it is known for models without a hidden layer")
    }
    guard defense.rule.entry.traits.contains(.fixedWeights) && defense.stages.isEmpty else {
      throw Uncovered("it is known for averages with fixed weights, without stages")
    }
    guard defense.finishers.count == 1 else {
      throw Uncovered("the model is finished by more than what smooths it")
    }
  }

  /// The factor that controlled clients send their updates times.
  private func scale(
    of trial: PlannedTrial, surface: ThreatModel.Surface
  ) throws(Uncovered) -> Double {
    guard let single = trial.attackChoice.single else {
      throw Uncovered("it is known for one attack at a time")
    }
    guard surface.contains(.data), !surface.contains(.training), single.modifiers.isEmpty else {
      throw Uncovered("it is known for attacks that change data alone, or scale updates too")
    }
    guard surface.contains(.update) else { return 1 }
    // What an attack says of a row that it only multiplies.
    guard resolved.count == 1, let scale = resolved["boost"] ?? resolved["gamma"] else {
      throw Uncovered("the attack changes updates by more than a factor")
    }
    return scale
  }
}

/// How far examples of several clients were changed.
struct ShardChanges {
  private(set) var magnitude = 0.0
  private(set) var inputNorm = 0.0

  /// Takes in the examples of a client, before and after.
  ///
  /// - Returns: The number of changed ones; `nil` where there are not as many as before.
  mutating func add(_ before: Shard, _ after: Shard) -> Int? {
    guard before.count == after.count else { return nil }
    var changed = 0
    for row in 0..<before.count {
      let (squared, norm) = before.inputs.withRow(row) { old in
        after.inputs.withRow(row) { new in
          (
            Float.squaredDistance(old, new),
            max(Float.squaredNorm(old), Float.squaredNorm(new)).squareRoot()
          )
        }
      }
      // One-hot labels of two classes are √2 apart.
      let distance = (squared + (before.labels[row] == after.labels[row] ? 0 : 2)).squareRoot()
      if distance > 0 { changed += 1 }
      magnitude = max(magnitude, distance)
      inputNorm = max(inputNorm, norm)
    }
    return changed
  }
}

/// The steps of local training, and how much of their batches was changed.
struct PoisonedSteps {
  let count: Int
  /// The sum over the steps of the share of changed examples, in the worst order of the examples.
  let poisoned: Double

  init(changed: Int, of exampleCount: Int, schedule: LocalSchedule) {
    let batch = min(schedule.batchSize, exampleCount)
    let rest = exampleCount % batch
    // They count most in the last, smaller batch of a pass.
    let inRest = min(changed, rest)
    let shareOfRest = rest == 0 ? 0 : Double(inRest) / Double(rest)
    switch schedule.length {
    case .epochs(let epochs):
      count = epochs * ((exampleCount + batch - 1) / batch)
      poisoned = Double(epochs) * (shareOfRest + Double(changed - inRest) / Double(batch))
    case .steps(let steps):
      count = steps
      poisoned = Double(steps) * max(shareOfRest, Double(min(changed, batch)) / Double(batch))
    }
  }
}
