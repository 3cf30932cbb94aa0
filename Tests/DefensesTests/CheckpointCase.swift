import Components
import Datasets
import Defenses
import Determinism
import Federation
import Tensors
import Testing
import Training

/// A defense at work for some rounds, whose memory is written down and read back.
struct CheckpointCase: Sendable, CustomTestStringConvertible {
  /// What the defense knows of the model.
  enum Knowledge: String, CaseIterable, Sendable {
    case bare
    /// All parameters belong to the output layer.
    case oneLayer
    case twoLayers

    var model: (any Model)? {
      switch self {
      case .bare: nil
      case .oneLayer: network([])
      case .twoLayers: network([3])
      }
    }

    private func network(_ hidden: [Int]) -> any Model {
      Sequential.perceptron(inputs: 6, hidden: hidden, classes: 2, initialization: .glorot)
    }
  }

  /// What the clients send and what the server does with it.
  struct Played: Equatable {
    /// The bits of the update, and of the model after the finishers.
    let update: [UInt32]
    let model: [UInt32]
    let verdicts: [ClientID: Verdict]
    let report: [String: ReportValue]
  }

  var stages: [String] = []
  var rule = "mean"
  var finishers: [String] = []
  /// By component.
  var given: [String: [String: ArgumentValue]] = [:]
  var knowledge = Knowledge.twoLayers
  var clientCount = 14
  /// Whether a round depends on those before it.
  var remembers = false
  /// The rounds after which there is a checkpoint; after the last all of the memory is in use.
  var rounds = [1, 3, 12]

  var testDescription: String {
    let words = given.sorted { $0.key < $1.key }.flatMap { id, arguments in
      arguments.sorted { $0.key < $1.key }.map { "\(id) \($0.key)=\($0.value)" }
    }
    return (stages + [rule] + finishers + words + [knowledge.rawValue]).joined(separator: ", ")
  }

  /// Less work than by default, and what has no default.
  private static let required: [String: [String: ArgumentValue]] = [
    "backdoor-indicator": ["epochs": .integer(5)], "deepsight": ["samples": .integer(200)],
    "clipping": ["bound": .real(3)],
  ]

  /// Made anew, as in another process.
  func make() throws -> DefensePipeline {
    let catalog = makeCatalog()
    let model = knowledge.model
    let isBare = model == nil
    func examples(_ seed: UInt64) -> Shard {
      let inputs = makeNormal(rows: 10, columns: 6, seed: seed)
      return Shard(
        inputs: Matrix(rows: inputs.map { $0.map { Float($0) } }), labels: (0..<10).map { $0 % 2 },
        classCount: 2, shape: .vector(6))
    }
    var setup = DefenseSetup(
      participantCount: 11, clientCount: clientCount, roundCount: 30,
      layout: model?.layout ?? ParameterLayout([]), model: model,
      rootData: isBare ? nil : examples(71), outOfDistributionData: isBare ? nil : examples(72))
    func arguments(_ id: String, _ manifest: ComponentManifest) throws -> Arguments {
      try Arguments(
        (Self.required[id] ?? [:]).merging(given[id] ?? [:]) { $1 }, for: manifest, plan: plan)
    }
    let stages = try stages.map { id in
      let entry = try catalog.stage(ComponentID(id))
      let stage = try entry.make(arguments(id, entry.manifest), setup)
      setup = setup.after(stage)
      return stage
    }
    let entry = try catalog.aggregator(ComponentID(rule))
    return DefensePipeline(
      stages: stages, rule: try entry.make(arguments(rule, entry.manifest), setup),
      finishers: try finishers.map { id in
        let entry = try catalog.finisher(ComponentID(id))
        return try entry.make(arguments(id, entry.manifest), setup)
      })
  }

  /// Plays rounds of some of the clients each, with one that sends the same again and again.
  func play(_ defense: inout DefensePipeline, _ numbers: Range<Int>) throws -> [Played] {
    let d = knowledge.model?.layout.count ?? 12
    return try numbers.map { number in
      var random = SeedPath(root: 90).child(number).stream()
      let count = [11, 11, 9, 11, 10, 11][number % 6]
      let clients = random.sample(count, of: 14).sorted()
      var rows = makeNormal(rows: count, columns: d, seed: UInt64(100 + number))
      if let place = clients.firstIndex(of: 3) { rows[place] = .init(repeating: 4, count: d) }
      var updates = UpdateMatrix(
        values: Matrix(rows: rows.map { $0.map { Float($0) } }),
        provenance: clients.map { Provenance(ClientID($0)) },
        weights: .init(repeating: 1 / Double(count), count: count))
      let others = makeNormal(rows: 2, columns: d, seed: UInt64(200 + number))
      let global = others[0].map { Float($0) }
      let round = makeRound(number, global: global, root: others[1].map { Float($0) })
      let outcome = try defense.aggregate(&updates, in: round)
      var model = zip(global, outcome.update).map { $0 + $1 }
      try defense.finish(&model, in: round)
      return Played(
        update: outcome.update.map(\.bitPattern), model: model.map(\.bitPattern),
        verdicts: outcome.verdicts, report: outcome.report)
    }
  }
}

extension CheckpointCase {
  /// Every component with its defaults, and what depends on arguments or on the model.
  static let all: [CheckpointCase] = defaults + variants

  private static let defaults: [CheckpointCase] = {
    // The default rules to draw remember nothing.
    let rules = builtInAggregators.map {
      CheckpointCase(
        rule: $0.manifest.id.rawValue,
        remembers: $0.traits.contains(.stateful) && $0.manifest.id != "random-rule")
    }
    let stages = builtInStages.map {
      CheckpointCase(
        stages: [$0.manifest.id.rawValue], remembers: $0.traits.contains(.stateful))
    }
    let finishers = builtInFinishers.map {
      CheckpointCase(
        finishers: [$0.manifest.id.rawValue], remembers: $0.traits.contains(.stateful))
    }
    return rules + stages + finishers
  }()

  private static let variants: [CheckpointCase] = {
    let drawn: ArgumentValue = .list(
      ["clipped-clustering", "mean", "centered-clipping"].map { .text($0) })
    let cases = [
      variant("auror", ["rounds": .integer(2)]),
      variant("auror", ["rounds": .integer(2), "threshold": .real(1.9)]),
      variant("backdoor-indicator", ["labels": .text("redrawn"), "threshold": .real(0.5)]),
      variant("centered-clipping", ["steps": .integer(3), "tau": .real(2)]),
      variant("flanders", ["window": .integer(3), "sample": .integer(5)]),
      variant("fldetector", ["window": .integer(2)]),
      variant("foolsgold", ["combine": .text("sum")]),
      variant("random-rule", ["rules": drawn]),
    ]
    let chains = [
      CheckpointCase(
        stages: ["quantile-clipping", "bucketing"], rule: "centered-clipping",
        finishers: ["weak-dp"], remembers: true),
      CheckpointCase(
        stages: ["quantile-clipping", "clipping"], rule: "fldetector", finishers: ["crfl"],
        given: ["fldetector": ["window": .integer(2)]], remembers: true),
    ]
    let stateful = defaults.filter(\.remembers) + cases
    let models = [Knowledge.bare, .oneLayer].flatMap { knowledge in
      stateful.filter { knowledge != .bare || $0.rule != "backdoor-indicator" }
        .map { known in
          var copy = known
          copy.knowledge = knowledge
          return copy
        }
    }
    return cases + chains + models
  }()

  private static func variant(
    _ rule: String, _ arguments: [String: ArgumentValue]
  ) -> CheckpointCase {
    CheckpointCase(rule: rule, given: [rule: arguments], remembers: true)
  }
}

extension DefensePipeline {
  /// What is written of it.
  func written() -> [UInt8] {
    final class Written { var bytes: [UInt8] = [] }
    let written = Written()
    var pass = CheckpointPass { bytes in
      written.bytes += bytes
      return nil
    }
    var copy = self
    copy.checkpoint(&pass)
    pass.finish()
    #expect(pass.problem == nil)
    return written.bytes
  }

  /// Reads what was written; returns the problem.
  mutating func read(_ bytes: [UInt8]) -> String? {
    var pass = CheckpointPass(reading: bytes)
    checkpoint(&pass)
    pass.finish()
    return pass.problem
  }
}
