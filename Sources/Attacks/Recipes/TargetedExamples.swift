import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors

/// A few given inputs that an attack wants taken for a class.
struct TargetedExamples: Sendable {
  /// The inputs with the label that they should get; empty before the data are loaded.
  let labelled: Shard
  let backdoor: Backdoor

  /// Reads `target`, `source` and `samples`; returns `nil` and adds to `problems` where the setup does
  /// not fit.
  ///
  /// The inputs are drawn without replacement from the test examples of the class `source`, without
  /// one from all but those of the target; where there are fewer, all are taken.
  init?(
    _ arguments: Arguments, setup: AttackSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    func refuse(_ reason: String) {
      problems.append(.invalid(component: component, reason: reason))
    }
    let known = problems.count
    let target = arguments.integer("target")
    let source = arguments.wholeNumber("source")
    let count = arguments.integer("samples")
    for (name, label) in [("target", target), ("source", source ?? 0)]
    where label >= setup.classCount {
      refuse("\(name) \(label) is not one of the \(setup.classCount) classes (counted from 0)")
    }
    if source == target { refuse("source and target are the same class, \(target)") }
    var examples = Shard(
      inputs: Matrix(rowCount: 0, columnCount: setup.shape.count), labels: [],
      classCount: setup.classCount, shape: setup.shape)
    if let test = setup.test {
      let candidates = test.labels.indices.filter {
        test.labels[$0] != target && (source == nil || test.labels[$0] == source)
      }
      if candidates.isEmpty {
        refuse("no test example is \(source.map { "of class \($0)" } ?? "of another class")")
      }
      var random = setup.seed.child("targets").stream()
      let drawn = random.sample(min(count, candidates.count), of: candidates.count)
      examples = test.selecting(drawn.map { candidates[$0] }.sorted())
    }
    guard problems.count == known else { return nil }
    var labelled = examples
    labelled.labels = [Int](repeating: target, count: examples.count)
    self.labelled = labelled
    backdoor = Backdoor(
      examples: NamedExamples(
        name: "targets \(count) \(source ?? -1)", shard: examples, areChosen: true),
      target: target)
  }
}
