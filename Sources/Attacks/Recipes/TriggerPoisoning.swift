import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors

/// The data part of a backdoor: some examples get a trigger and the target label.
struct TriggerPoisoning: Sendable {
  static let parameters =
    [
      ParameterSpec(
        "trigger", .choice(builtInTriggers.map(\.manifest.id.rawValue)),
        default: .plan(.backdoor("trigger")), help: "which features the trigger changes")
    ]
    + builtInTriggers.parameters.map {
      ParameterSpec(
        $0.name, $0.kind, default: .plan(.backdoor($0.name)), help: $0.help, neutral: $0.neutral)
    } + [
      ParameterSpec(
        "target", .integer(0...1_000_000), default: .plan(.backdoor("target")),
        help: "class that the trigger leads to"),
      ParameterSpec(
        "source", .integer(0...1_000_000, orWords: ["none"]), default: .plan(.backdoor("source")),
        help: "only examples of this class get the trigger; none: all classes"),
      ParameterSpec(
        "ratio", .real(0...1), default: .real(0.3),
        help: "poisoned share of the client's examples (of its source-class examples)"),
    ]

  private(set) var trigger: Trigger
  private(set) var backdoor: Backdoor
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

    var trigger: Trigger?
    do throws(ConfigurationError) {
      trigger = try Self.trigger(arguments, setup: setup)
    } catch {
      for case .invalid(_, let reason) in error.problems { refuse(reason) }
    }
    guard let trigger, problems.count == known else { return nil }
    self.trigger = trigger
    backdoor = Backdoor(trigger: trigger, target: target, source: source)
    ratio = arguments.real("ratio")
  }

  private static func trigger(
    _ arguments: Arguments, setup: AttackSetup
  ) throws(ConfigurationError) -> Trigger {
    let id = ComponentID(arguments.text("trigger"))
    // The scenario may have a trigger that is not built in, with parameters of its own.
    let scenario = setup.trigger.flatMap { $0.entry.manifest.id == id ? $0 : nil }
    let known = scenario.map { [$0.entry] } ?? builtInTriggers
    let entry = try known.entry(id, kind: "trigger")
    let own = entry.manifest.parameters.map(\.name)
    let given = (scenario?.arguments.values ?? [:])
      .merging(arguments.values.filter { own.contains($0.key) }) { _, new in new }
    return try entry.make(try Arguments(given, for: entry.manifest), setup.triggerSetup)
  }

  /// The same with another trigger.
  func marking(with trigger: Trigger) -> TriggerPoisoning {
    var poisoning = self
    poisoning.trigger = trigger
    poisoning.backdoor = Backdoor(
      trigger: trigger, target: backdoor.target, source: backdoor.source)
    return poisoning
  }

  /// What ``poison(_:with:random:)`` does, where it can be said; `trigger` as there.
  func request(with trigger: Trigger? = nil) -> PoisonRequest? {
    let trigger = trigger ?? self.trigger
    // Positions that are drawn for each example are nobody's to name, and a request inserts nothing.
    guard trigger.setsFixedFeatures else { return nil }
    return .backdoor(trigger, target: backdoor.target, source: backdoor.source, ratio: ratio)
  }

  /// Marks and relabels floor(ratio · m) examples.
  ///
  /// They are drawn without replacement from all m examples or, with a source class, from the m of
  /// that class. All-to-one draws hit examples of the target class too, as in the literature.
  ///
  /// - Complexity: O(examples + poisoned · trigger size).
  ///
  /// - Parameters:
  ///   - shard: The client's examples.
  ///   - trigger: What marks them; `nil`: the whole trigger.
  ///   - random: Draws the examples and what the trigger draws.
  func poison(_ shard: inout Shard, with trigger: Trigger? = nil, random: inout RandomStream) {
    let trigger = trigger ?? self.trigger
    let candidates = shard.labels.indices.filter {
      backdoor.source == nil || shard.labels[$0] == backdoor.source
    }
    let count = DecimalShare(ratio).count(of: candidates.count)
    for choice in random.sample(count, of: candidates.count) {
      let example = candidates[choice]
      shard.inputs.withMutableRow(example) { trigger.apply(to: &$0, random: &random) }
      shard.labels[example] = backdoor.target
    }
  }
}
