import Datasets
import Federation
import Tensors
import Training

/// How much work the trials of a combination are, in numbers that are the same on every machine.
enum TrialCost {
  /// The work of one round in gradients of single examples: participants × examples per client, an
  /// eighth of n² for the distances between n rows, and a third of one for each test example.
  static func gradients(_ scenario: Scenario, _ task: LocalTask) -> Double {
    let clients = Double(scenario.clients.participantCount)
    let shard = examplesPerClient(scenario, task)
    let local = scenario.task.local
    var examples: Double =
      switch local.length {
      case .epochs(let count): Double(count) * shard
      case .steps(let count): Double(count) * min(Double(local.batchSize), max(1, shard))
      }
    if scenario.server.algorithm != .fedAvg { examples = min(Double(local.batchSize), shard) }
    let features = Double(task.source.shape.count)
    let tests =
      task.data.rowCount > 0
      ? Double(task.data.rowCount) - (task.source.trainingCount.map(Double.init) ?? 0)
      : task.source.byteCount(trainingCount: 0) / (4 * features)
    let evaluations =
      (scenario.threat.backdoor == nil ? 1.0 : 2.0) / Double(scenario.evaluation.every)
    return clients * examples + evaluations * tests / 3 + clients * clients / 8
  }

  /// The examples that a client has, on average.
  static func examplesPerClient(_ scenario: Scenario, _ task: LocalTask) -> Double {
    let withheld = Double(scenario.withheldCount)
    let dealt = task.source.trainingCount.map { max(0, Double($0) - withheld) }
    let partition = (try? scenario.clients.partition.made)?.examplesPerClient ?? 1
    return dealt.map { $0 / Double(scenario.clients.count) } ?? Double(partition)
  }

  /// What a trial of the combination is, beside others: its gradients times the products of each.
  static func ofTrial(_ scenario: Scenario, _ task: TaskFacts) -> Double {
    let rounds = Double(scenario.rounds)
    switch task.site {
    case .here(let local):
      return rounds * gradients(scenario, local) * local.model.productsPerExample.all
    case .elsewhere(let trainer):
      let examples =
        Double(scenario.clients.participantCount)
        * Double(trainer.facts.exampleCounts.reduce(0, +))
        / Double(max(1, trainer.facts.exampleCounts.count))
      return rounds * examples * Double(task.layout.count)
    }
  }
}
