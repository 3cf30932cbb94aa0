import Datasets
import Determinism
public import Results
import Tensors
import Training

/// How long the trials of a plan may take, roughly: for people who wonder whether to wait.
///
/// Rounds that a folder of results has times of take those times: the mean of their cell, else of
/// all. Other rounds are counted in gradients of single examples, whose time is measured on the
/// model of the plan for some milliseconds: participants × examples per client and round, an eighth of
/// n² for the distances between n rows, and a third of one for each test example of an evaluation;
/// all that twice and a half, as measured on the shipped scenarios, for everything else. Attacks and
/// defenses that search take longer.
public struct TimeEstimate: Sendable {
  /// Seconds on the given number of threads; NaN where nothing is known, as of a trainer in another
  /// process.
  public let seconds: Double
  /// Finished trials whose times were used; 0: a timing of the model stands in.
  public let trialCount: Int

  /// Estimates the trials of a workload.
  ///
  /// - Parameters:
  ///   - plan: What a whole run would do.
  ///   - workload: What of it has to run.
  ///   - shared: What its trials play once for several of them.
  ///   - recorded: The trials that a folder has.
  ///   - threads: How many threads a run has.
  public init(
    _ plan: Plan, _ workload: Workload, shared: SharedRounds, recorded: [TrialRecordV1],
    threads: Int
  ) {
    var known: [String: (sum: Double, count: Int)] = [:]
    var all = (sum: 0.0, count: 0)
    for record in recorded where record.status == .ok {
      guard let seconds = record.metrics["cost.seconds"] ?? nil, seconds.isFinite else { continue }
      known[record.cell, default: (0, 0)].sum += seconds
      known[record.cell, default: (0, 0)].count += 1
      all = (all.sum + seconds, all.count + 1)
    }
    trialCount = all.count
    var modelled: [Int: Double] = [:]
    var total = 0.0
    for index in workload.indices {
      let trial = plan.trials[index]
      guard trial.feasibility == .ready else { continue }
      let each: Double
      if all.count > 0 {
        let own = known[trial.cell] ?? all
        each = own.sum / Double(own.count)
      } else {
        let variant = plan.variants[trial.variant]
        each =
          modelled[trial.variant] ?? Self.secondsPerRound(variant.scenario, variant.task)
        modelled[trial.variant] = each
      }
      total += each * Double(trial.rounds - (shared.skipped[index] ?? 0))
    }
    seconds = total / Double(max(1, threads))
  }

  /// A trainer in another process is timed by nobody.
  private static func secondsPerRound(_ scenario: Scenario, _ task: TaskFacts) -> Double {
    guard let task = task.local else { return .nan }
    let shard = TrialCost.examplesPerClient(scenario, task)
    return 2.5 * TrialCost.gradients(scenario, task)
      * gradientSeconds(task.model, batch: min(scenario.task.local.batchSize, max(1, Int(shard))))
  }

  /// The time of the gradient of one example of a batch.
  private static func gradientSeconds(_ model: any Model, batch wanted: Int) -> Double {
    // A batch that takes no second, whatever the scenario asks for.
    // So that one gradient takes some tenths of a second at most.
    let products = max(model.productsPerExample.all, Double(model.layout.count), 1)
    let batch = max(
      1, min(wanted, 256, Int(min(5e9 / products, 256)), 100_000_000 / max(1, model.layout.count)))
    var random = SeedPath(root: 1).child("estimate").stream()
    let parameters = model.initialParameters(using: &random)
    let inputs = [Float](repeating: 0.5, count: batch * model.inputCount)
    let labels = [Int](repeating: 0, count: batch)
    var gradient = parameters
    var workspace = model.makeWorkspace(batchSize: batch)
    let clock = ContinuousClock()
    var best = Double.infinity
    let start = clock.now
    // The first pass warms up.
    for pass in 0..<1_000 {
      let before = clock.now
      var result = gradient.mutableSpan
      model.gradient(
        inputs: inputs.span, labels: labels.span, parameters: parameters.span,
        into: &result, workspace: &workspace)
      let time = (clock.now - before).inSeconds
      if pass > 0 || time > 0.02 { best = min(best, time) }
      if pass > 0, (clock.now - start).inSeconds > 0.02 { break }
      if time > 0.02 { break }
    }
    return best / Double(batch)
  }
}
