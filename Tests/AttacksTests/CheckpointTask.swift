import Attacks
import Components
import Datasets
import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

/// An attack of the catalogue with its arguments and modifiers, in a small federation of ten clients,
/// four of which it controls.
struct CheckpointTask: Sendable, CustomTestStringConvertible {
  let id: String
  let given: [String: ArgumentValue]
  let modifiers: [(id: String, given: [String: ArgumentValue])]

  init(
    _ id: String, _ given: [String: ArgumentValue] = [:],
    with modifiers: [(id: String, given: [String: ArgumentValue])] = []
  ) {
    self.id = id
    self.given = given
    self.modifiers = modifiers
  }

  var testDescription: String {
    func described(_ id: String, _ given: [String: ArgumentValue]) -> String {
      id + given.sorted { $0.key < $1.key }.map { " \($0.key): \($0.value)" }.joined()
    }
    return ([described(id, given)] + modifiers.map { "with " + described($0.id, $0.given) })
      .joined(separator: ", ")
  }

  // MARK: - What it is made for

  static let participants = 10
  static let controlled = (0..<4).map { ClientID($0) }
  static let roundCount = 20
  private static let shape = InputShape.image(height: 4, width: 4, channels: 1)
  private static let schedule = LocalSchedule(
    length: .epochs(1), batchSize: 6, learningRate: 0.25)

  static func model(hidden: Int = 4) -> Sequential {
    .perceptron(inputs: 16, hidden: [hidden], classes: 3, initialization: .glorot)
  }

  private static func shard(_ number: Int, count: Int = 12) -> Shard {
    var random = SeedPath(root: 8).child(number).stream()
    return Shard(
      inputs: Matrix(
        rowCount: count, columnCount: 16, values: (0..<count * 16).map { _ in Float(random.unit()) }
      ), labels: (0..<count).map { ($0 + number) % 3 }, classCount: 3, shape: shape)
  }

  private static let shards = controlled.map { shard($0.index) }

  /// A fresh pipeline, of these clients and for a model of its own where that is said.
  func make(
    of clients: [ClientID] = CheckpointTask.controlled, hidden: Int = 4
  ) throws -> AttackPipeline {
    let model = Self.model(hidden: hidden)
    let setup = AttackSetup(
      participantCount: Self.participants, controlled: clients, shards: Self.shards,
      auxiliary: Self.shard(20), auxiliaryTest: Self.shard(21), test: Self.shard(22),
      roundCount: Self.roundCount, classCount: 3, shape: Self.shape, layout: model.layout,
      model: model, serverRate: 1, schedule: Self.schedule, seed: SeedPath(root: 1))
    let entry = try builtInAttacks.entry(ComponentID(id), kind: "attack")
    let arguments = try Arguments(given, for: entry.manifest, plan: plan)
    let attack = try entry.make(arguments, setup)
    return AttackPipeline(attack, modifiers: try makeModifiers(setup))
  }

  private func makeModifiers(_ setup: AttackSetup) throws -> [any AttackModifier] {
    var made: [any AttackModifier] = []
    for own in modifiers {
      let entry = try builtInModifiers.entry(ComponentID(own.id), kind: "modifier")
      let arguments = try Arguments(own.given, for: entry.manifest, plan: plan)
      made.append(try entry.make(arguments, setup))
    }
    return made
  }

  // MARK: - Rounds

  /// The clients that act in a round: none, all or two of them.
  static func acting(_ round: Int) -> [ClientID] {
    switch round % 4 {
    case 0: []
    case 1: controlled
    case 2: [controlled[0], controlled[2]]
    default: round % 8 == 3 ? [] : controlled
    }
  }

  /// All that a round shows of an attack, to the bit.
  struct Outcome: Equatable {
    var trigger: Trigger?
    var shards: [Shard] = []
    var trained: [UInt32] = []
    var sent: [UInt32] = []
    var figures: [String: UInt64] = [:]
    var gradientCount = 0
  }

  /// The model of the first round.
  static let start: [Float] = {
    var random = SeedPath(root: 31).stream()
    return model().initialParameters(using: &random)
  }()

  private static func defense() throws -> DefensePipeline {
    let entry = try builtInAggregators.entry("krum", kind: "defense")
    let arguments = try Arguments([:], for: entry.manifest, plan: plan)
    return DefensePipeline(
      rule: try entry.make(arguments, DefenseSetup(participantCount: participants)))
  }

  /// Lets an attack take part in a round; the server then takes the mean of what is honest, and in every
  /// second round of what attackers send, too.
  static func advance(
    _ pipeline: inout AttackPipeline, _ global: inout [Float], round: Int
  ) throws -> Outcome {
    let seed = SeedPath(root: 40).child(round)
    let acting = acting(round)
    pipeline.observe(Broadcast(round: round, global: global, isActing: !acting.isEmpty))
    var outcome = Outcome(trigger: pipeline.roundTrigger)
    var all = Matrix<Float>(rowCount: participants, columnCount: global.count)
    for client in 0..<participants {
      var random = seed.child("honest").child(client).stream()
      // Another honest client stands out in every two rounds.
      let scale = client == controlled.count + round / 2 % 6 ? 0.2 : 0.05
      let row = global.map { _ in Float(scale * random.normal()) }
      all.setRow(client, to: row.span)
    }
    var trainer = LocalTrainer(model: model(), batchSize: 6)
    for client in acting {
      let own = seed.child("client").child(client.index)
      var shard = shards[client.index]
      var random = own.child("poison").stream()
      pipeline.poison(&shard, of: client, random: &random)
      outcome.shards.append(shard)
      let job = LocalJob(
        client: client, round: round, global: global, shard: shard, schedule: schedule,
        seed: own.child("train"))
      random = own.child("order").stream()
      pipeline.train(job, with: &trainer, random: &random)
      let row = zip(trainer.parameters, global).map { $0 - $1 }
      all.setRow(client.index, to: row.span)
      outcome.trained += trainer.parameters.map(\.bitPattern)
    }
    var rows = all.selecting(acting.map(\.index))
    if !acting.isEmpty {
      let view = try view(round: round, global: global, acting: acting, all: all)
      let figures = pipeline.craft(&rows, view, seed: seed.child("craft"))
      outcome.figures = figures.mapValues(\.bitPattern)
    }
    outcome.sent = rows.values.map(\.bitPattern)
    outcome.gradientCount = pipeline.gradientCount
    take(rows, all, round: round, into: &global)
    return outcome
  }

  private static func view(
    round: Int, global: [Float], acting: [ClientID], all: Matrix<Float>
  ) throws -> AttackerView {
    let honest = Array(controlled.count..<participants)
    let context = RoundContext(
      round: round, global: global, seed: SeedPath(root: 41).child(round),
      pool: WorkPool(width: 1))
    return AttackerView(
      round: round, global: global, clients: acting, participantCount: participants,
      weightShare: Double(acting.count) / Double(participants),
      honest: HonestUpdates(all: all, rows: honest, clients: honest.map { ClientID($0) }),
      probe: DefenseProbe(
        of: try defense(), updates: UpdateMatrix(all), rows: acting.map(\.index), context: context))
  }

  private static func take(
    _ rows: Matrix<Float>, _ all: Matrix<Float>, round: Int, into global: inout [Float]
  ) {
    let honest = (controlled.count..<participants).map { all.row($0) }
    let crafted = (0..<rows.rowCount).map { rows.row($0) }
    // What would make the model of no use is never let in.
    let accepted =
      round.isMultiple(of: 2)
      ? []
      : crafted.filter { row in
        row.allSatisfy { abs($0) < 1 }
      }
    for row in honest + accepted {
      for index in global.indices { global[index] += row[index] / Float(participants) }
    }
  }
}

// MARK: - Cases

extension CheckpointTask {
  /// Arguments that some need, or without which they would do too little to tell.
  private static let needed: [String: [String: ArgumentValue]] = [
    "label-flip": ["source": .integer(1), "target": .integer(2)],
    "norm-ball": ["radius": .real(1)], "norm-bound": ["bound": .real(1)],
  ]

  /// Every attack and modifier with its defaults.
  static let defaults: [CheckpointTask] =
    builtInAttacks.map { entry in
      let id = entry.manifest.id.rawValue
      return CheckpointTask(id, needed[id] ?? [:])
    }
    + builtInModifiers.map { entry in
      let id = entry.manifest.id.rawValue
      return CheckpointTask("backdoor", with: [(id, needed[id] ?? [:])])
    }

  /// Arguments that memory depends on.
  static let variants: [CheckpointTask] = [
    CheckpointTask("3dfed", ["group": .integer(1), "alpha": .real(0.25)]),
    CheckpointTask("a3fl", ["balance": .real(0), "steps": .integer(3)]),
    CheckpointTask("alternating-minimization", ["rho": .real(0)]),
    CheckpointTask("cerberus", ["alpha": .real(0), "beta": .real(1)]),
    CheckpointTask("cerberus", ["beta": .real(0)]),
    CheckpointTask("dpot", ["pixels": .integer(2), "steps": .integer(2)]),
    CheckpointTask("f3ba", ["dense-rate": .real(0.5)]),
    CheckpointTask("mimic", ["victim": .integer(7)]),
    CheckpointTask("mimic", ["warm-up": .integer(1)]),
    CheckpointTask("mimic", ["warm-up": .integer(3)]),
    CheckpointTask("neurotoxin", ["keep": .real(0.4)]),
    CheckpointTask("neurotoxin", ["keep": .real(0.4), "reference": .text("clean-gradient")]),
    CheckpointTask("poisoned-fl", ["test-every": .integer(2)]),
    CheckpointTask("rop", ["angle": .real(30), "lambda": .real(0.5)]),
    CheckpointTask("sparse", ["keep": .real(0.2), "sign": .text("mean")]),
    CheckpointTask("stale-update", ["delay": .integer(3)]),
    CheckpointTask("xfed", ["window": .integer(2)]),
    CheckpointTask("backdoor", with: [("gradient-mask", ["keep": .real(0.5)])]),
    CheckpointTask(
      "cerberus",
      with: [("gradient-mask", ["keep": .real(0.5)]), ("boost", ["gamma": .real(2)])]),
  ]

  static let all = defaults + variants
}
