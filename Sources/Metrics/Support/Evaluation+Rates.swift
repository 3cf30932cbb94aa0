import Federation
import Simulation

extension Evaluation {
  /// Returns the share of a class's clean test examples that are predicted right; `nil` for a
  /// class without examples.
  func recall(of label: Int) -> Double? {
    guard examples.indices.contains(label), examples[label] > 0 else { return nil }
    return Double(correct[label]) / Double(examples[label])
  }

  /// Returns the share of triggered examples predicted as the target, examples of the target class
  /// left out; `nil` where the backdoor was not evaluated or no example counts.
  func attackSuccessRate(of backdoor: Backdoor) -> Double? {
    guard let counts = triggered[backdoor], counts.examples > 0 else { return nil }
    return Double(counts.hits) / Double(counts.examples)
  }

  /// Returns the same share among the examples that are predicted right without the trigger; `nil`
  /// where there are none, or where they have no version without it.
  func attackSuccessRateAmongCorrect(of backdoor: Backdoor) -> Double? {
    guard let counts = triggered[backdoor], let correct = counts.correct, correct > 0 else {
      return nil
    }
    return Double(counts.correctHits) / Double(correct)
  }

  /// Returns the share of the same examples predicted as their true label; `nil` where it is not known.
  func robustAccuracy(against backdoor: Backdoor) -> Double? {
    guard let counts = triggered[backdoor], counts.examples > 0, let robust = counts.robust else {
      return nil
    }
    return Double(robust) / Double(counts.examples)
  }
}
