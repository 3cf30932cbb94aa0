import Diagnostics
import Documents
import Federation
import Tensors

/// Trainers in other processes.
extension TaskResolver {
  /// A program with what it is told.
  struct TrainerKey: Hashable {
    let command: TrainerCommand
    let clients: Int
    let participants: Int
    let rounds: Int
  }

  /// Asks the program of a scenario what it would train; `nil` if something was reported.
  mutating func trainer(_ settings: TrainerSettings, _ scenario: Scenario) -> TrainerTask? {
    guard let host else {
      sink.report("task.exec: this program starts no others", at: settings.position)
      return nil
    }
    var settings = settings
    settings.command.folder = folder
    let key = TrainerKey(
      command: settings.command, clients: scenario.clients.count,
      participants: scenario.clients.participantCount, rounds: scenario.rounds)
    let seed = scenario.seeds.first ?? 0
    let result =
      trainers[key] ?? describe(settings.command, scenario.trainerSetup(seed: seed), host)
    trainers[key] = result
    do throws(TrainerError) {
      let facts = try result.get()
      let problems = problems(of: facts, scenario)
      for problem in problems { sink.report("task.exec: \(problem)", at: settings.position) }
      guard problems.isEmpty else { return nil }
      return TrainerTask(host: host, settings: settings, facts: facts)
    } catch {
      sink.report("task.exec: \(error)", at: settings.position)
      return nil
    }
  }

  private func describe(
    _ command: TrainerCommand, _ setup: TrainerSetup, _ host: any TrainerHost
  ) -> Result<TrainerFacts, TrainerError> {
    do throws(TrainerError) {
      return .success(try host.describe(command, setup))
    } catch {
      return .failure(error)
    }
  }

  /// What does not fit between a trainer and a scenario.
  private func problems(of facts: TrainerFacts, _ scenario: Scenario) -> [String] {
    var problems: [String] = []
    let name = excerpt(facts.name)
    if facts.exampleCounts.count != scenario.clients.count {
      problems.append(
        "'\(name)' has \(facts.exampleCounts.count) clients; clients.count is "
          + "\(scenario.clients.count)")
    }
    if facts.layout.count < 1 { problems.append("'\(name)' has no parameters") }
    if facts.classCount < 1 { problems.append("'\(name)' has no classes") }
    if scenario.threat.backdoor != nil {
      if facts.shape == nil {
        problems.append(
          "threat.backdoor has a trigger, and '\(name)' does not say the shape of its inputs")
      } else if !facts.poisons.contains("backdoor") {
        problems.append("threat.backdoor is nothing that '\(name)' can measure: it has no backdoor")
      }
    }
    let bytes = 8 * Double(facts.layout.count) * Double(scenario.clients.participantCount + 8)
    if bytes > memory.byteCount {
      problems.append(
        memory.refusal(
          of: "a model of \(facts.layout.count) parameters for "
            + "\(scenario.clients.participantCount) participants needs", needing: bytes,
          instead: "take a smaller model or fewer participants"))
    }
    return problems
  }
}
