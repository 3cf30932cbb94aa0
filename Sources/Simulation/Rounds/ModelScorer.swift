import Datasets
import Determinism
import Federation
import Tensors

/// Scores global models on test data, here or elsewhere.
protocol ModelScorer: Sendable {
  /// Measures a backdoor with another trigger from now on, under its own name.
  mutating func mark(_ backdoor: Backdoor, with trigger: Trigger)

  /// How large the trigger of a backdoor is on the test examples that count for it, as last evaluated.
  func triggerSize(of backdoor: Backdoor) -> TriggerSize?

  /// The first test examples that count for a backdoor, with its trigger and, where they have such a
  /// version, without it; `nil` where none is here.
  func triggeredExamples(of backdoor: Backdoor, limit: Int) -> (triggered: Shard, clean: Shard?)?

  /// Scores the model or, with smoothing, the majority vote of noisy copies of it; `seed` is the path of
  /// the noise.
  func evaluate(
    _ parameters: [Float], round: Int, smoothing: ParameterSmoothing?, seed: SeedPath
  ) throws(RoundFailure) -> Evaluation

  /// Accuracy of `global + row` for every row, on at most 500 test examples; `nil` where that is not
  /// measured.
  func accuracies(ofRows updates: Matrix<Float>, global: [Float]) -> [Double]?

  /// Accuracy of a model on the training data of each honest client that has some, by client number, and
  /// over all of them together; `nil` where that is not measured.
  func trainingAccuracy(_ global: [Float]) -> (pooled: Double, each: [Double])?
}
