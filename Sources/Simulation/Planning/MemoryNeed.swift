import Datasets
import Federation
import Tensors
import Training

/// What one combination of a scenario takes while it trains, estimated from its sizes.
///
/// An estimate is within a fifth where matrices of updates or data prevail; what does not grow with the
/// scenario is not in it.
struct MemoryNeed: Sendable, Equatable {
  /// The data, which clients share parts of, and the models that clean twins keep.
  let data: Double
  /// One trial on one thread, without its data.
  let trial: Double
  /// Each further thread of a trial.
  let thread: Double
  /// What is kept of rounds that trials share until all of them have gone on from there.
  let fork: Fork

  /// What is kept of each group of trials, without what its defense remembers, and of each trial of it.
  struct Fork: Sendable, Equatable {
    let group: Double
    let trial: Double
  }

  /// The least that the combination can run in.
  var least: Double { data + trial }

  /// - Parameters:
  ///   - scenario: The combination.
  ///   - task: Its task.
  ///   - defenses: Its defenses.
  ///   - keepsModels: Whether clean twins keep their models, because an attack chooses its trigger anew
  ///     over the rounds (``TriggerControl``).
  init(
    _ scenario: Scenario, _ task: TaskFacts, defenses: [ResolvedDefense], keepsModels: Bool = false
  ) {
    let parameters = Double(task.layout.count)
    let kept = keepsModels ? defenses.count * Self.keptCount(scenario) : 0
    let local = task.local.map { Self.local(scenario, $0) }
    data = (local?.data ?? 0) + 4 * parameters * Double(kept)

    let rows = Double(scenario.clients.participantCount)
    let matrix = 4 * parameters * rows
    let working = defenses.map { $0.workingBytes(scenario, task) }.max() ?? 0
    let attackers = Double(min(scenario.threat.maliciousCount, scenario.clients.participantCount))
    var trial = matrix + 4 * parameters * (attackers + Self.vectorCount) + working
    if case .fedSGD = scenario.server.algorithm {
      trial += 4 * parameters * Double(scenario.clients.count)
    }
    // Names, places and verdicts of clients and rows.
    trial += 200 * Double(scenario.clients.count) + 500 * rows
    // What goes to a trainer and comes from it lies in memory that both see.
    if task.trainer != nil { trial += matrix }
    thread = local?.thread ?? 0
    self.trial = trial + thread
    fork = Self.fork(scenario, parameters)
  }

  /// Vectors of parameters that the server and the meters of a trial keep or work on: the global model,
  /// the aggregate, the honest mean, and those that a rule takes.
  fileprivate static let vectorCount = 6.0

  /// What is kept where trials part.
  ///
  /// Model and server; of each trial some vectors of its attack and its meters, and the figures
  /// of the rounds.
  private static func fork(_ scenario: Scenario, _ parameters: Double) -> Fork {
    var vectors = 4.0
    if case .fedSGD = scenario.server.algorithm { vectors += Double(scenario.clients.count) }
    let rounds = Double(SharedRounds.count(scenario))
    return Fork(
      group: 4 * parameters * vectors, trial: 12 * parameters + 4_000 * rounds)
  }

  /// What data and model take that are here.
  private static func local(
    _ scenario: Scenario, _ task: LocalTask
  ) -> (data: Double, thread: Double) {
    let examples = exampleCount(scenario, task.source)
    // Features as they are kept, once; of each example the label, and its label and place as dealt.
    let training = task.source.byteCount(trainingCount: examples)
    return (
      training + 32 * Double(examples) + otherData(scenario, task),
      worker(scenario, task, examples)
    )
  }

  /// Training examples that are loaded or drawn.
  private static func exampleCount(_ scenario: Scenario, _ source: any DataSource) -> Int {
    if let count = source.trainingCount { return count }
    guard let partition = try? scenario.clients.partition.made else { return 0 }
    let (dealt, isOverflow) = scenario.clients.count.multipliedReportingOverflow(
      by: partition.examplesPerClient)
    let (all, isLarger) = dealt.addingReportingOverflow(scenario.withheldCount)
    return isOverflow || isLarger ? Int.max : all
  }

  /// The rounds after which a clean twin keeps its model.
  private static func keptCount(_ scenario: Scenario) -> Int {
    let window = scenario.threat.window
    let first = TriggerControl.firstRound(window: window, rounds: scenario.rounds)
    return (first..<max(first, scenario.rounds)).count { round in
      scenario.evaluation.includes(round: round, window: window, rounds: scenario.rounds)
    }
  }

  private static func otherData(_ scenario: Scenario, _ task: LocalTask) -> Double {
    guard let settings = scenario.serverData.outOfDistribution, let other = task.outOfDistribution
    else { return 0 }
    return other.source.byteCount(
      trainingCount: other.source.trainingCount ?? settings.samples)
  }

  /// The buffers of one thread: parameters, gradient, velocity, a batch, and what goes through the
  /// layers, forward and back.
  private static func worker(
    _ scenario: Scenario, _ task: LocalTask, _ examples: Int
  ) -> Double {
    let batch = Double(min(scenario.task.local.batchSize, max(examples, 1)))
    let values = Double(task.model.valuesPerExample)
    return 4
      * (4 * Double(task.model.layout.count) + batch * Double(task.source.shape.count)
        + (2 * batch + Double(task.model.examplesPerBlock)) * values
        + 2 * Double(task.model.scratchCount))
  }
}

extension ResolvedDefense {
  /// What its components may remember between rounds.
  func rememberedBytes(_ scenario: Scenario, _ task: TaskFacts) -> Double {
    let (rows, columns) = (scenario.clients.participantCount, task.layout.count)
    let own = rule.entry.traits.contains(.stateful) ? rule.entry.workingBytes(rows, columns) : 0
    return stages.filter { $0.entry.traits.contains(.stateful) }
      .reduce(own) { $0 + $1.entry.workingBytes(rows, columns) }
  }

  /// What its stages and its rule take besides the rows.
  fileprivate func workingBytes(_ scenario: Scenario, _ task: TaskFacts) -> Double {
    let (rows, columns) = (scenario.clients.participantCount, task.layout.count)
    // Inside the window stages work on a copy of the rows, and hand on what they make of it.
    let copy = stages.isEmpty ? 0 : 4 * Double(rows) * Double(columns)
    let staged = max(copy, stages.map { $0.entry.workingBytes(rows, columns) }.max() ?? 0)
    // What every rule takes is counted with the vectors of a trial.
    let common = 4 * MemoryNeed.vectorCount * Double(columns)
    return staged + max(0, rule.entry.workingBytes(rows, columns) - common)
  }
}
