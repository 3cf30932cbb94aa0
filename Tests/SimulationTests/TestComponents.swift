import Components
import Datasets
import Determinism
import Federation
import Kernels
import Simulation
import Tensors

extension Catalog {
  /// Components of these tests alone, so that no test depends on the real ones.
  static let test = Catalog(
    attacks: [
      AttackEntry(Honest.self), AttackEntry(FixedRow.self), AttackEntry(Curious.self),
      AttackEntry(Marker.self), AttackEntry(Wanderer.self), AttackEntry(Bulky.self),
    ],
    aggregators: [
      AggregatorEntry(PlainMean.self), AggregatorEntry(Strict.self), AggregatorEntry(Failing.self),
    ],
    stages: [StageEntry(Halving.self), StageEntry(Scaling.self)])
}

extension ComponentManifest {
  fileprivate static func test(_ id: ComponentID, _ parameters: [ParameterSpec] = []) -> Self {
    ComponentManifest(id: id, summary: "", formula: "", parameters: parameters)
  }
}

// MARK: - Attacks

/// Does nothing.
struct Honest: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest.test("none")
  init(_: Arguments, setup _: AttackSetup) {}
  init() {}
  var threatModel: ThreatModel { ThreatModel(surface: []) }
  var goal: AttackGoal { .none }
}

/// Sends rows of one value.
struct FixedRow: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest.test(
    "fixed-row",
    [
      ParameterSpec("value", .real(-1e6...1e6), default: .real(1), help: ""),
      ParameterSpec("f", .integer(0...1_000), default: .plan(.declaredByzantine), help: ""),
    ])
  let value: Float
  init(_ arguments: Arguments, setup _: AttackSetup) { value = Float(arguments.real("value")) }
  init(_ value: Float) { self.value = value }
  var threatModel: ThreatModel { ThreatModel(surface: .update) }

  mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    let row = [Float](repeating: value, count: rows.columnCount)
    for index in 0..<rows.rowCount { rows.setRow(index, to: row.span) }
    return ["share": view.weightShare, "sees": Double(view.honest?.rows.count ?? -1)]
  }
}

/// Wants to see the honest updates.
struct Curious: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest.test("curious")
  init(_: Arguments, setup _: AttackSetup) {}
  init() {}
  var threatModel: ThreatModel { ThreatModel(surface: .update, knowledge: .honestUpdates) }

  mutating func craft(
    _: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] { ["sees": Double(view.honest?.rows.count ?? -1)] }
}

/// A backdoor that does nothing but have a goal.
struct Marker: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest.test(
    "marker",
    [
      ParameterSpec("target", .integer(0...1_000), default: .plan(.backdoor("target")), help: ""),
      ParameterSpec("size", .integer(1...1_000), default: .integer(1), help: ""),
    ])
  let backdoor: Backdoor

  init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    let size = arguments.integer("size")
    guard size <= setup.shape.count else {
      throw ConfigurationError(.invalid(component: "marker", reason: "the trigger does not fit"))
    }
    let trigger = setup.triggerSetup.trigger(at: Array(0..<size), value: 1)
    backdoor = Backdoor(trigger: trigger, target: arguments.integer("target"))
  }

  var threatModel: ThreatModel { ThreatModel(surface: []) }
  var goal: AttackGoal { .backdoor(backdoor) }
}

/// Wants a trigger of at least so many features.
struct Bulky: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest.test(
    "bulky",
    [
      ParameterSpec("target", .integer(0...1_000), default: .plan(.backdoor("target")), help: ""),
      ParameterSpec("size", .integer(1...1_000), default: .plan(.backdoor("size")), help: ""),
      ParameterSpec("least", .integer(1...1_000), default: .integer(2), help: ""),
    ])

  init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    let (size, least) = (arguments.integer("size"), arguments.integer("least"))
    var problems: [ConfigurationError.Problem] = []
    func refuse(_ reason: String) { problems.append(.invalid(component: "bulky", reason: reason)) }
    if size < least { refuse("a trigger of \(size) features is too small for \(least)") }
    let target = arguments.integer("target")
    if target >= setup.classCount { refuse("target \(target) is no class") }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  var threatModel: ThreatModel { ThreatModel(surface: []) }
  var goal: AttackGoal { .none }
}

/// A backdoor of one feature, another one in each round in which it acts.
struct Wanderer: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest.test(
    "wanderer",
    [
      ParameterSpec("target", .integer(0...1_000), default: .integer(0), help: ""),
      ParameterSpec("relabels", .integer(0...1), default: .integer(1), help: ""),
    ])
  let backdoor: Backdoor
  let relabels: Bool
  private(set) var roundTrigger: Trigger?

  init(_ arguments: Arguments, setup: AttackSetup) {
    self.init(
      target: arguments.integer("target"), relabels: arguments.integer("relabels") == 1)
  }
  init(target: Int = 0, relabels: Bool = true) {
    let trigger = Trigger(positions: [0], values: [3])
    backdoor = Backdoor(trigger: trigger, target: target)
    roundTrigger = trigger
    self.relabels = relabels
  }

  var threatModel: ThreatModel { ThreatModel(surface: .data) }
  var goal: AttackGoal { .backdoor(backdoor) }

  mutating func observe(_ broadcast: Broadcast) {
    guard broadcast.isActing else { return }
    roundTrigger = Trigger(positions: [broadcast.round % 4], values: [3])
  }

  func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    guard relabels, let roundTrigger else { return }
    for row in 0..<shard.count {
      shard.inputs.withMutableRow(row) { roundTrigger.apply(to: &$0, random: &random) }
      shard.labels[row] = backdoor.target
    }
  }
}

// MARK: - Defenses

/// The weighted mean.
struct PlainMean: Aggregator {
  static let manifest = ComponentManifest.test("mean")
  init(_: Arguments, setup _: DefenseSetup) {}
  init() {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let (values, weights) = (updates.values.values, updates.weights)
    let columnCount = updates.columnCount
    let update = (0..<columnCount).map { column in
      let sum = weights.indices.reduce(0.0) { sum, row in
        sum + weights[row] * Double(values[row * columnCount + column])
      }
      return Float(sum)
    }
    return Aggregation(
      update: update, verdicts: updates.weights.map { Verdict(.notJudged, weight: $0) })
  }
}

/// The mean, where n ≥ 2f + 3.
struct Strict: Aggregator {
  static let manifest = ComponentManifest.test(
    "strict",
    [ParameterSpec("f", .integer(0...1_000), default: .plan(.declaredByzantine), help: "")])
  static let traits: DefenseTraits = .declaresMalicious
  private var mean = PlainMean()

  init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    let f = arguments.integer("f")
    guard setup.participantCount >= 2 * f + 3 else {
      throw ConfigurationError(
        .infeasible(component: "strict", reason: "needs n >= 2f + 3, got f = \(f)"))
    }
  }

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    try mean.aggregate(updates, in: round)
  }
}

/// The mean up to a round, then an error.
struct Failing: Aggregator {
  static let manifest = ComponentManifest.test(
    "failing", [ParameterSpec("round", .integer(0...1_000), default: .integer(1), help: "")])
  private var mean = PlainMean()
  private let round: Int

  init(_ arguments: Arguments, setup _: DefenseSetup) { round = arguments.integer("round") }

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in context: RoundContext
  ) throws(DefenseError) -> Aggregation {
    guard context.round < round else {
      throw .failed(component: "failing", reason: "gave up in round \(context.round)")
    }
    return try mean.aggregate(updates, in: context)
  }
}

/// Leaves every second row out.
struct Halving: PreAggregator {
  static let manifest = ComponentManifest.test("halving")

  init(_: Arguments, setup _: DefenseSetup) {}

  func rowCount(from count: Int) -> Int { (count + 1) / 2 }

  mutating func transform(
    _ updates: inout UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) {
    let kept = Array(stride(from: 0, to: updates.rowCount, by: 2))
    updates = UpdateMatrix(
      values: updates.values.selecting(kept), provenance: kept.map { updates.provenance[$0] },
      weights: .init(repeating: 1 / Double(kept.count), count: kept.count))
  }
}

/// Multiplies every value.
struct Scaling: PreAggregator {
  static let manifest = ComponentManifest.test(
    "scaling", [ParameterSpec("by", .real(0...10), default: .required, help: "")])
  private let factor: Double

  init(_ arguments: Arguments, setup _: DefenseSetup) { factor = arguments.real("by") }

  mutating func transform(
    _ updates: inout UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) {
    for row in 0..<updates.rowCount { updates.values.scaleRow(row, by: factor) }
  }
}
