import Attacks
import Components
import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing

/// How far from the honest mean a search goes against a rule.
///
/// A known answer of `attacks_agr_tailored.py` or `attacks_max_accepted.py`. Honest rows come first.
struct KnownSearch: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var rule: String
  var perturbation: String
  var keep: Double?
  var attackers: Int
  var honest: [[Double]]
  var direction: [Double]
  /// The factor of the direction at strength 1.
  var unit: Double
  var strength: Double
  /// The largest distance from the honest mean, and pairs of strength and distance.
  var best: Double?
  var samples: [[Double]]?

  var testDescription: String { name }

  static func load(_ file: String, path: String = #filePath) throws -> [Self] {
    try decode(File.self, file, path).cases
  }

  private struct File: Decodable {
    var cases: [KnownSearch]
  }

  private static func decode(_: File.Type, _ file: String, _ path: String) throws -> File {
    try AttacksTests.decode(file, beside: path)
  }

  func defense() throws -> DefensePipeline {
    let entry = try builtInAggregators.entry(ComponentID(rule), kind: "defense")
    let arguments = try Components.Arguments(
      [:], for: entry.manifest, plan: [.declaredByzantine: .integer(attackers)])
    let setup = DefenseSetup(participantCount: honest.count + attackers)
    return DefensePipeline(rule: try entry.make(arguments, setup))
  }

  /// The round before anything is crafted.
  var updates: UpdateMatrix {
    UpdateMatrix(
      matrix(
        honest + .init(repeating: .init(repeating: 0, count: honest[0].count), count: attackers)))
  }

  var mean: [Double] {
    direction.indices.map { column in
      honest.reduce(0) { $0 + $1[column] } / Double(honest.count)
    }
  }

  func row(_ gamma: Double) -> [Double] { zip(mean, direction).map { $0 + gamma * $1 } }

  func probe(of defense: DefensePipeline) -> DefenseProbe {
    DefenseProbe(
      of: defense, updates: updates, rows: Array(honest.count..<honest.count + attackers),
      context: RoundContext(
        round: 0, global: [], seed: SeedPath(root: 2), pool: WorkPool(width: 1)))
  }

  /// How far the aggregate is from the honest mean where attackers send that row.
  func deviation(_ gamma: Double) throws -> Double {
    var probe = probe(of: try defense())
    let crafted = matrix(.init(repeating: row(gamma), count: attackers))
    let answer = probe.respond(to: crafted)
    let response = try #require(answer)
    return zip(response.update, mean).reduce(0) {
      $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
    }.squareRoot()
  }

  func view(probe: DefenseProbe?) -> AttackerView {
    makeView(
      attackers, participants: honest.count + attackers, honest: HonestUpdates(matrix(honest)),
      probe: probe)
  }

  /// What an attack sends and records, after a check that each row is μ + gamma · p.
  func crafted<A: Attack>(_: A.Type, _ given: [String: ArgumentValue], isRehearsed: Bool = true)
    throws -> [String: Double]
  {
    let attack = try make(A.self, given)
    let own = Matrix<Float>(rowCount: attackers, columnCount: honest[0].count)
    let (rows, record) = attack.crafted(
      own, view: view(probe: isRehearsed ? probe(of: try defense()) : nil))
    let gamma = try #require(record["gamma"])
    let known = row(gamma)
    let largest = known.map(abs).max() ?? 0
    for slot in 0..<attackers {
      #expect(zip(rows.row(slot), known).allSatisfy { abs(Double($0) - $1) <= 1e-6 * largest })
    }
    return record
  }
}
