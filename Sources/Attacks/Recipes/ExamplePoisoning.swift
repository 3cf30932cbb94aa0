import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors

/// The data part of an edge-case backdoor: outside examples take the place of some of a client's, with
/// the target label.
struct ExamplePoisoning: Sendable {
  /// Outside examples that are not of the target class.
  let examples: Shard
  /// Success on those kept apart that are not of the target class.
  let backdoor: Backdoor
  let ratio: Double

  /// Reads `target` and `ratio`; returns `nil` and adds to `problems` where the setup does not fit.
  init?(
    _ arguments: Arguments, setup: AttackSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    func refuse(_ reason: String) {
      problems.append(.invalid(component: component, reason: reason))
    }
    let known = problems.count
    let target = arguments.integer("target")
    ratio = arguments.real("ratio")
    if target >= setup.classCount {
      refuse("target \(target) is not one of the \(setup.classCount) classes (counted from 0)")
    }
    guard let auxiliary = setup.auxiliary, let test = setup.auxiliaryTest else {
      refuse("needs outside examples to train on and to test on (threat.auxiliary)")
      return nil
    }
    for (shard, purpose) in [(auxiliary, "to train on"), (test, "to test on")] {
      if shard.shape != setup.shape {
        refuse(
          """
          examples of threat.auxiliary \(purpose) have the shape \(shard.shape), the task \
          \(setup.shape)
          """)
      }
      if shard.labels.allSatisfy({ $0 == target }) {
        refuse(
          "threat.auxiliary has no example \(purpose) that is not of the target class \(target)")
      }
    }
    guard problems.count == known else { return nil }
    let useful = auxiliary.labels.indices.filter { auxiliary.labels[$0] != target }
    examples = auxiliary.selecting(useful)
    let counting = test.labels.indices.filter { test.labels[$0] != target }
    backdoor = Backdoor(
      examples: NamedExamples(name: "auxiliary", shard: test.selecting(counting)), target: target)
  }

  /// Replaces floor(ratio · m) of the m examples.
  ///
  /// Both the replaced ones and those that replace them are drawn without replacement; where more are
  /// to be replaced than there are outside examples, the drawn ones come again in the same order.
  ///
  /// - Complexity: O(replaced · features).
  func poison(_ shard: inout Shard, random: inout RandomStream) {
    let count = DecimalShare(ratio).count(of: shard.count)
    let places = random.sample(count, of: shard.count)
    let drawn = random.sample(min(count, examples.count), of: examples.count)
    for (turn, place) in places.enumerated() {
      shard.inputs.setRow(place, toRow: drawn[turn % drawn.count], of: examples.inputs)
      shard.labels[place] = backdoor.target
    }
  }
}
