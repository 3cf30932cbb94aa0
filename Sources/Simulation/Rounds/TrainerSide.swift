import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// Clients and test data of a trainer in another process.
///
/// It is told which of its clients train and what is done to their data; who attacks, apart from that,
/// it is not told.
struct TrainerSide: ClientTrainer, ModelScorer {
  private let context: TrialContext
  private let process: any TrainerProcess
  private let facts: TrainerFacts
  private let backdoors: [Backdoor]

  var poisoned: [ClientID: Shard] { [:] }
  var momentum: WorkerMomentum? { nil }

  init(
    _ context: TrialContext, process: any TrainerProcess, facts: TrainerFacts,
    backdoors: [Backdoor]
  ) {
    self.context = context
    self.process = process
    self.facts = facts
    // Those of given examples need data that are not here; a plan refuses them.
    self.backdoors = backdoors.filter { $0.trigger?.setsFixedFeatures == true }
  }

  func run(
    into updates: inout Matrix<Float>, clients: [ClientID], isActing: [Bool], round: Int,
    global: [Float], attacks: AttackGroups
  ) throws(RoundFailure) -> [Int] {
    guard !clients.isEmpty else { return [] }
    let poisons = zip(clients, isActing).map { client, acts in
      acts ? poison(client, attacks) : nil
    }
    let seed = context.seed.child("client")
    let request = TrainerRound(
      round: round, clients: clients.map(\.index),
      seeds: clients.map { seed.child($0.index).child(round).foreignSeed },
      poisons: poisons, schedule: context.schedule(round: round), global: global)
    do throws(TrainerError) {
      return try process.train(request, into: &updates)
    } catch {
      throw .trainer(error)
    }
  }

  /// What is done to the data of a client that acts; the same in every round.
  private func poison(_ client: ClientID, _ attacks: AttackGroups) -> TrainerPoison? {
    guard let attack = attacks.attack(of: client), attack.threatModel.surface.contains(.data),
      let request = attack.poisonRequest(of: client)
    else { return nil }
    return TrainerPoison(
      request, seed: context.seed.child("poison").child(client.index).foreignSeed)
  }

  func honestGradientCount(of client: ClientID, round: Int) -> Int {
    context.schedule(round: round).gradientCount(exampleCount: facts.exampleCounts[client.index])
  }

  // MARK: - Scores

  /// Only attacks that are not applicable here change their triggers.
  mutating func mark(_: Backdoor, with _: Trigger) {}

  /// The trainer keeps its examples.
  func triggeredExamples(of backdoor: Backdoor, limit: Int) -> (triggered: Shard, clean: Shard?)? {
    nil
  }

  func triggerSize(of backdoor: Backdoor) -> TriggerSize? {
    guard let trigger = backdoor.trigger, let shape = facts.shape else { return nil }
    return TriggerSize(pixels: trigger.pixelCount(on: shape), distance: nil)
  }

  func evaluate(
    _ parameters: [Float], round: Int, smoothing _: ParameterSmoothing?, seed _: SeedPath
  ) throws(RoundFailure) -> Evaluation {
    let asked = backdoors.compactMap { backdoor in
      backdoor.trigger.map {
        TrainerBackdoor($0, target: backdoor.target, source: backdoor.source)
      }
    }
    let scores: TrainerScores
    do throws(TrainerError) {
      scores = try process.evaluate(parameters, round: round, backdoors: asked)
    } catch {
      throw .trainer(error)
    }
    var triggered: [Backdoor: Evaluation.Triggered] = [:]
    for (backdoor, counts) in zip(backdoors, scores.triggered) {
      triggered[backdoor] = Evaluation.Triggered(
        examples: counts.exampleCount, hits: counts.hitCount, robust: counts.robustCount,
        correct: counts.correctCount, correctHits: counts.correctHitCount)
    }
    return Evaluation(
      examples: scores.exampleCounts, correct: scores.hitCounts, triggered: triggered)
  }

  func accuracies(ofRows _: Matrix<Float>, global _: [Float]) -> [Double]? { nil }

  func trainingAccuracy(_: [Float]) -> (pooled: Double, each: [Double])? { nil }
}

extension SeedPath {
  /// A seed for another program, which tells nothing of the run's: 63 bits, as all readers of JSON take.
  var foreignSeed: UInt64 {
    var random = child("foreign").stream()
    return random.next() >> 1
  }
}
