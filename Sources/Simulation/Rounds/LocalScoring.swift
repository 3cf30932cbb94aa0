import Datasets
import Determinism
import Federation
import Kernels
import Tensors

/// Scores models on the data of the trial.
struct LocalScoring: ModelScorer {
  private let context: TrialContext
  private var evaluator: Evaluator

  init(_ context: TrialContext, task: LocalTask, backdoors: [Backdoor]) {
    self.context = context
    evaluator = Evaluator(
      model: task.model, test: context.data.test, backdoors: backdoors,
      seed: context.seed.child("trigger-evaluation"), stop: context.stop)
  }

  mutating func mark(_ backdoor: Backdoor, with trigger: Trigger) {
    evaluator.mark(backdoor, with: trigger)
  }

  func triggerSize(of backdoor: Backdoor) -> TriggerSize? { evaluator.triggerSize(of: backdoor) }

  func triggeredExamples(of backdoor: Backdoor, limit: Int) -> (triggered: Shard, clean: Shard?)? {
    evaluator.triggeredExamples(of: backdoor, limit: limit)
  }

  func evaluate(
    _ parameters: [Float], round _: Int, smoothing: ParameterSmoothing?, seed: SeedPath
  ) -> Evaluation {
    evaluator.evaluate(
      parameters, smoothing: smoothing, seed: seed, pool: context.pool, workers: context.workers)
  }

  func accuracies(ofRows updates: Matrix<Float>, global: [Float]) -> [Double]? {
    var local = global
    // Equal rows are equally accurate.
    let firsts = updates.firstEqualRows(pool: context.pool)
    var accuracies: [Double] = []
    for row in firsts.indices {
      guard firsts[row] == row else {
        accuracies.append(accuracies[firsts[row]])
        continue
      }
      var target = local.mutableSpan
      Memory.copy(global.span, into: &target)
      updates.withRow(row) { Vectors.axpy(1, $0, into: &target) }
      accuracies.append(
        evaluator.accuracy(local, limit: 500, pool: context.pool, workers: context.workers))
    }
    return accuracies
  }

  func trainingAccuracy(_ global: [Float]) -> (pooled: Double, each: [Double])? {
    var hits = 0.0
    var examples = 0
    var each: [Double] = []
    for (index, shard) in context.data.shards.enumerated()
    where !context.isControlled(ClientID(index)) {
      let accuracy = evaluator.accuracy(
        on: shard, global, pool: context.pool, workers: context.workers)
      hits += (accuracy * Double(shard.count)).rounded()
      examples += shard.count
      if shard.count > 0 { each.append(accuracy) }
    }
    return (hits / Double(max(examples, 1)), each)
  }
}
