import Determinism
import Federation
import Tensors

/// Trials whose clients a trainer in another process has.
extension TrialRun {
  /// Plays the trial, once, with a process of the trainer.
  func attempt(_ task: TrainerTask, stop: StopSignal, onRound: () -> Void) -> Attempt {
    do throws(TrainerError) {
      let rows = variant.scenario.clients.participantCount
      let process = try trainers.take(task, rowCount: rows, stop: stop)
      var isKept = false
      defer { trainers.give(back: process, of: task, rowCount: rows, isKept: isKept) }
      let facts = try process.begin(variant.scenario.trainerSetup(seed: trial.seed))
      if let difference = task.facts.difference(from: facts) { throw .refused(difference) }
      let seed = variant.scenario.fixedSeeds.initialization ?? trial.seed
      let initial = try process.initialParameters(
        seed: SeedPath(root: seed).child("model").foreignSeed)
      let result = attempt(
        .elsewhere(process, facts, initial: initial), on: FederationData(elsewhere: facts),
        stop: stop, onRound: onRound)
      if case .ended(.finished) = result { isKept = facts.isReusable }
      return result
    } catch {
      return Attempt(error)
    }
  }
}

extension TrialRun.Attempt {
  /// Where a trainer could not go on.
  init(_ error: TrainerError) {
    self =
      switch error {
      case .refused(let reason): .ended(.failed("the trainer: " + reason))
      case .fault(let reason): .interrupted("the trainer: " + reason)
      case .stopped: .ended(.stopped)
      }
  }
}

extension Scenario {
  /// What a trainer is told of a trial of a seed.
  func trainerSetup(seed: UInt64) -> TrainerSetup {
    TrainerSetup(
      clientCount: clients.count, participantCount: clients.participantCount, roundCount: rounds,
      seed: SeedPath(root: fixedSeeds.data ?? seed).child("data").foreignSeed)
  }
}

extension TrainerFacts {
  /// How another process of the same trainer differs in what a plan rests on; `nil`: it does not.
  fileprivate func difference(from other: TrainerFacts) -> String? {
    func told(_ what: String, _ planned: some Any, _ now: some Any) -> String {
      "it says \(now) \(what); when the run was planned it said \(planned)"
    }
    if other.name != name || other.version != version {
      return told("as its name and version", "\(name) \(version)", "\(other.name) \(other.version)")
    }
    if other.layout != layout {
      return other.layout.count == layout.count
        ? "its layers are not those that it had when the run was planned"
        : told("parameters", layout.count, other.layout.count)
    }
    if other.classCount != classCount { return told("classes", classCount, other.classCount) }
    if other.exampleCounts.count != exampleCounts.count {
      return told("clients", exampleCounts.count, other.exampleCounts.count)
    }
    if other.shape != shape { return "its inputs have not the shape that the run was planned with" }
    if other.poisons != poisons { return "it offers not the poisons that the run was planned with" }
    return nil
  }
}
