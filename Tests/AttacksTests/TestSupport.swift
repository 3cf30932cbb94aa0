import Attacks
import Components
import Datasets
import Determinism
import Federation
import Foundation
import Kernels
import Tensors
import Training

/// The known answers of `Tests/Reference/attacks.py`.
struct AttackFixtures: Decodable {
  struct SignFlipCase: Decodable {
    var scale: Double
    var honest: [[Double]]
    var expected: [[Double]]
  }
  struct Plan: Decodable {
    var participants: Int
    var serverRate: Double
    var attackers: Int
    var weights: [Double]?
    var attackerRows: [Int]?

    var weightShare: Double {
      guard let weights, let attackerRows else { return Double(attackers) / Double(participants) }
      return attackerRows.map { weights[$0] }.reduce(0, +)
    }
  }
  enum Gamma: Decodable {
    case auto
    case value(Double)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Double.self) {
        self = .value(value)
      } else {
        self = .auto
      }
    }

    var argument: ArgumentValue {
      switch self {
      case .auto: .text("auto")
      case .value(let value): .real(value)
      }
    }
  }
  struct Replacement: Decodable {
    var plan: Plan
    var gamma: Gamma
    var bound: Double?
    var difference: [[Double]]
    var used: [Double]
    var expected: [[Double]]
  }
  struct Term: Decodable {
    var gradient: [Double]
  }
  struct Anomaly: Decodable {
    var name: String
    var local: [Double]
    var global: [Double]
    var l2: Term
    var cosine: Term
  }
  struct PoisonCount: Decodable {
    var ratio: Double
    var samples: Int
    var expected: Int
  }
  struct Flip: Decodable {
    var mode: String
    var classes: Int
    var source: Int?
    var target: Int?
    var labels: [Int]
    var expected: [Int]
  }

  var signFlip: [SignFlipCase]
  var modelReplacement: [Replacement]
  var anomaly: [Anomaly]
  var poisonCounts: [PoisonCount]
  var labelFlips: [Flip]

  static func load(file: String = #filePath) throws -> Self {
    try decode("attacks.json", beside: file)
  }
}

func decode<T: Decodable>(_ name: String, beside file: String) throws -> T {
  let url = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").appendingPathComponent(name)
  return try JSONDecoder().decode(T.self, from: Data(contentsOf: url))
}

/// The facts of a small plan that parameters default to.
let plan: [PlanFact: ArgumentValue] = [
  .backdoor("trigger"): .text("square"), .backdoor("size"): .integer(2),
  .backdoor("value"): .real(1), .backdoor("corner"): .text("bottom-right"),
  .backdoor("file"): .text("none"), .backdoor("target"): .integer(0),
  .backdoor("source"): .text("none"), .backdoor("top"): .text("corner"),
  .backdoor("left"): .text("corner"), .backdoor("phrase"): .text("none"),
  .backdoor("at"): .text("end"),
  .declaredByzantine: .integer(1),
]

func makeSetup(
  participants: Int = 10, controlled: [ClientID] = [], auxiliary: Shard? = nil,
  auxiliaryTest: Shard? = nil, classes: Int = 10, shape: InputShape = .vector(6),
  serverRate: Double = 1, isFedSGD: Bool = false
) -> AttackSetup {
  AttackSetup(
    participantCount: participants, controlled: controlled, auxiliary: auxiliary,
    auxiliaryTest: auxiliaryTest, classCount: classes, shape: shape,
    layout: ParameterLayout([]), serverRate: serverRate,
    schedule: LocalSchedule(length: .epochs(1), batchSize: 8, learningRate: 0.1),
    isFedSGD: isFedSGD, seed: SeedPath(root: 1))
}

/// A setup with outside examples of the classes 5 to 9.
func makeEdgeSetup(isFedSGD: Bool = false) -> AttackSetup {
  makeSetup(
    auxiliary: makeShard(labels: [5, 6, 7, 8, 9, 5, 6, 7], offset: 1000),
    auxiliaryTest: makeShard(labels: [5, 6, 7], offset: 2000), isFedSGD: isFedSGD)
}

func makeView(
  _ rows: Int, participants: Int = 10, share: Double? = nil, honest: HonestUpdates? = nil,
  probe: DefenseProbe? = nil
) -> AttackerView {
  AttackerView(
    round: 0, global: [], clients: (0..<rows).map { ClientID($0) },
    participantCount: participants, weightShare: share ?? Double(rows) / Double(participants),
    honest: honest, probe: probe)
}

func make<A: Attack>(
  _: A.Type, _ given: [String: ArgumentValue] = [:], setup: AttackSetup = makeSetup()
) throws(ConfigurationError) -> A {
  try A(Arguments(given, for: A.manifest, plan: plan), setup: setup)
}

func make<M: AttackModifier>(
  modifier _: M.Type, _ given: [String: ArgumentValue] = [:], setup: AttackSetup = makeSetup()
) throws(ConfigurationError) -> M {
  try M(Arguments(given, for: M.manifest, plan: plan), setup: setup)
}

func matrix(_ rows: [[Double]]) -> Matrix<Float> { Matrix(rows: rows.map { $0.map { Float($0) } }) }

/// A shard whose features count up from an offset, so that a trigger of value 1 shows.
func makeShard(
  labels: [Int], classes: Int = 10, shape: InputShape = .vector(6), offset: Int = 2
) -> Shard {
  let count = labels.count * shape.count
  return Shard(
    inputs: Matrix(
      rowCount: labels.count, columnCount: shape.count,
      values: (0..<count).map { Float($0 + offset) }),
    labels: labels, classCount: classes, shape: shape)
}

extension Attack {
  /// Crafts `rows` in round 0 and returns what is sent and recorded.
  func crafted(
    _ rows: Matrix<Float>, view: AttackerView, seed: UInt64 = 5
  ) -> (rows: Matrix<Float>, record: [String: Double]) {
    var attack = self
    var sent = rows
    var random = SeedPath(root: seed).stream()
    let record = attack.craft(&sent, view, random: &random)
    return (sent, record)
  }

  /// Returns the poisoned copy of a client's shard.
  func poisoned(_ shard: Shard, of client: ClientID = ClientID(0), seed: UInt64 = 5) -> Shard {
    var shard = shard
    var random = SeedPath(root: seed).stream()
    poison(&shard, of: client, random: &random)
    return shard
  }
}

extension AttackModifier {
  /// Transforms `rows` and returns what is sent and recorded.
  func transformed(
    _ rows: Matrix<Float>, view: AttackerView
  ) -> (rows: Matrix<Float>, record: [String: Double]) {
    var modifier = self
    var sent = rows
    var random = SeedPath(root: 5).stream()
    let record = modifier.transform(&sent, view, random: &random)
    return (sent, record)
  }
}

/// Whether two rows agree to a relative error of `tolerance` (absolute below 1).
func agree(_ a: [Float], _ b: [Double], _ tolerance: Double = 1e-6) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance * max(1, abs($1)) }
}
