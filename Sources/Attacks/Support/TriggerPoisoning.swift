import Datasets
import Determinism
import Federation
import Kernels
import Tensors

/// The data part of a backdoor: some examples get a trigger and the target label.
struct TriggerPoisoning: Sendable {
  static let parameters = [
    ParameterSpec(
      "trigger", .choice(Trigger.Pattern.allCases.map(\.rawValue)), default: .plan(.triggerPattern),
      help: "which features the trigger changes"),
    ParameterSpec(
      "size", .integer(1...1_000_000), default: .plan(.triggerSize),
      help: "number of features, or side of a square patch in pixels"),
    ParameterSpec(
      "value", .real(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude),
      default: .plan(.triggerValue),
      help: "what features are set to (random-per-sample: raised by), in the unit of the data"),
    ParameterSpec(
      "corner", .choice(Trigger.Corner.allCases.map(\.rawValue)), default: .plan(.triggerCorner),
      help: "where a square goes on an image"),
    ParameterSpec(
      "target", .integer(0...1_000_000), default: .plan(.backdoorTarget),
      help: "class that the trigger leads to"),
    ParameterSpec(
      "source", .integer(0...1_000_000, orWords: ["none"]), default: .plan(.backdoorSource),
      help: "only examples of this class get the trigger; none: all classes"),
    ParameterSpec(
      "ratio", .real(0...1), default: .real(0.3),
      help: "poisoned share of the client's examples (of its source-class examples)"),
  ]

  let backdoor: Backdoor
  let ratio: Double

  /// Reads the parameters; returns `nil` and adds to `problems` where they do not fit the task.
  ///
  /// The positions of a `random` trigger come from the child `trigger` of the setup's seed path.
  init?(
    _ arguments: Arguments, setup: AttackSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    func refuse(_ reason: String) {
      problems.append(.invalid(component: component, reason: reason))
    }
    let known = problems.count
    let classes = 0..<setup.classCount
    let target = arguments.integer("target")
    let source = arguments.wholeNumber("source")
    if !classes.contains(target) {
      refuse("target \(target) is not one of the \(setup.classCount) classes (counted from 0)")
    }
    if let source, !classes.contains(source) {
      refuse("source \(source) is not one of the \(setup.classCount) classes (counted from 0)")
    }
    if source == target { refuse("source and target are the same class, \(target)") }

    let size = arguments.integer("size")
    let trigger = Trigger(
      Trigger.Pattern(rawValue: arguments.word("trigger") ?? "") ?? .square, size: size,
      value: Float(arguments.real("value")),
      corner: Trigger.Corner(rawValue: arguments.word("corner") ?? "") ?? .bottomRight,
      on: setup.shape, seed: setup.seed.child("trigger"))
    if trigger == nil {
      refuse("a trigger of size \(size) is larger than the input (\(setup.shape))")
    }
    guard let trigger, problems.count == known else { return nil }
    backdoor = Backdoor(trigger: trigger, target: target, source: source)
    ratio = arguments.real("ratio")
  }

  /// Marks and relabels floor(ratio · m) examples.
  ///
  /// They are drawn without replacement from all m examples or, with a source class, from the m of
  /// that class. All-to-one draws hit examples of the target class too, as in the literature. The
  /// product is taken in double precision, so 0.29 of 100 is 28.
  ///
  /// - Complexity: O(examples + poisoned · trigger size).
  func poison(_ shard: inout Shard, random: inout RandomStream) {
    let candidates = shard.labels.indices.filter {
      backdoor.source == nil || shard.labels[$0] == backdoor.source
    }
    let count = Int((ratio * Double(candidates.count)).rounded(.down))
    for choice in random.sample(count, of: candidates.count) {
      let example = candidates[choice]
      shard.inputs.withMutableRow(example) { backdoor.trigger.apply(to: &$0, random: &random) }
      shard.labels[example] = backdoor.target
    }
  }
}
