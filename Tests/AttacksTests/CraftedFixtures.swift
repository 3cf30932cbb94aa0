import Components
import Defenses
import Determinism
import Federation
import Kernels
import Tensors

/// The known answers of `Tests/Reference/attacks_crafted.py`.
struct CraftedFixtures: Decodable {
  struct IPM: Decodable, Sendable {
    struct Arguments: Decodable, Sendable {
      var epsilon: Double
    }
    var name: String
    var arguments: Arguments
    var attackers: Int
    var honest: [[Double]]
    var expected: [Double]
  }

  struct Search: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var best: Double
      var tau: Double
      var unsearched: Double
      var samples: [[Double]]
    }
    var name: String
    var rule: String
    var range: Double
    var attackers: Int
    var honest: [[Double]]
    var expected: Expected

    /// The defense, and the round before anything is crafted: honest rows first.
    func defense() throws -> DefensePipeline {
      let entry = try builtInAggregators.entry(ComponentID(rule), kind: "defense")
      let arguments = try Components.Arguments(
        [:], for: entry.manifest, plan: [.declaredByzantine: .integer(attackers)])
      let setup = DefenseSetup(participantCount: honest.count + attackers)
      return DefensePipeline(rule: try entry.make(arguments, setup))
    }

    var updates: UpdateMatrix {
      let width = honest[0].count
      return UpdateMatrix(
        matrix(honest + .init(repeating: .init(repeating: 0, count: width), count: attackers)))
    }

    var honestUpdates: HonestUpdates {
      HonestUpdates(
        all: updates.values, rows: Array(0..<honest.count),
        clients: (0..<honest.count).map { ClientID($0) })
    }

    func probe(of defense: DefensePipeline) -> DefenseProbe {
      DefenseProbe(
        of: defense, updates: updates, rows: Array(honest.count..<honest.count + attackers),
        context: RoundContext(
          round: 0, global: [], seed: SeedPath(root: 2), pool: WorkPool(width: 1)))
    }

    /// The distance of the aggregate from the honest mean where attackers send −τ times that mean.
    func objective(_ tau: Double, _ probe: inout DefenseProbe) -> Double? {
      let mean = honestUpdates.mean(pool: WorkPool(width: 1)) ?? []
      return objective(of: mean.map { Float(-tau * Double($0)) }, &probe)
    }

    /// The distance of the aggregate from the honest mean where attackers send a row.
    func objective(of row: [Float], _ probe: inout DefenseProbe) -> Double? {
      let mean = honestUpdates.mean(pool: WorkPool(width: 1)) ?? []
      let crafted = Matrix(rows: .init(repeating: row, count: attackers))
      return probe.respond(to: crafted).map {
        Float.squaredDistance($0.update.span, mean.span).squareRoot()
      }
    }
  }

  var ipm: [IPM]
  var searches: [Search]

  static func load(file: String = #filePath) throws -> Self {
    try decode("crafted.json", beside: file)
  }
}
