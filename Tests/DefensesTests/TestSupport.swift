import Defenses
import Determinism
import Federation
import Foundation
import Kernels
import Tensors

/// The known answers of `Tests/Reference/rules.py`.
struct RuleCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]?
    var scores: [Double]?
    var selected: [Int]?
    var norms: [Double]?
    var bound: Double?
  }

  var name: String
  var rule: String
  var arguments: [String: Argument]
  var matrix: [[Double]]
  var expected: Expected

  static func load(file: String = #filePath) throws -> [RuleCase] {
    try decode("rules.json", beside: file)
  }
}

/// A pair of a rule and a number of rows that has to be refused.
struct InfeasibleCase: Decodable, Sendable {
  var rule: String
  var arguments: [String: Argument]
  var rows: Int
  var reason: String

  static func load(file: String = #filePath) throws -> [InfeasibleCase] {
    try decode("rules-infeasible.json", beside: file)
  }
}

/// A number or a word.
struct Argument: Decodable, Sendable {
  var value: ArgumentValue

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let whole = try? container.decode(Int.self) {
      value = .integer(whole)
    } else if let number = try? container.decode(Double.self) {
      value = .real(number)
    } else {
      value = .text(try container.decode(String.self))
    }
  }
}

private func decode<T: Decodable>(_ name: String, beside file: String) throws -> T {
  let url = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").appendingPathComponent(name)
  return try JSONDecoder().decode(T.self, from: Data(contentsOf: url))
}

/// Builds a rule of the catalog by its id.
func makeRule(
  _ id: String, _ given: [String: ArgumentValue] = [:], rows: Int,
  plan: [PlanFact: ArgumentValue] = [:]
) throws -> any Aggregator {
  let catalog = Catalog(attacks: [], aggregators: builtInAggregators, stages: builtInStages)
  let entry = try catalog.aggregator(ComponentID(id))
  return try entry.make(
    Arguments(given, for: entry.manifest, plan: plan), DefenseSetup(participantCount: rows))
}

func makeRound(width: Int = 1) -> RoundContext {
  RoundContext(round: 0, global: [], seed: SeedPath(root: 3), pool: WorkPool(width: width))
}

func makeUpdates<Element: Scalar>(_ rows: [[Double]], _: Element.Type) -> UpdateMatrix<Element> {
  UpdateMatrix(Matrix(rows: rows.map { $0.map { Element($0) } }))
}

/// Runs a rule on rows of doubles, computed with `Element`.
func run<Element: Scalar>(
  _ rule: any Aggregator, on updates: UpdateMatrix<Element>, width: Int = 1
) throws -> Aggregation<Element> {
  var rule = rule
  return try rule.aggregate(updates, in: makeRound(width: width))
}

/// A matrix of standard normal values that single precision holds exactly.
func makeNormal(rows: Int, columns: Int, seed: UInt64) -> [[Double]] {
  var random = SeedPath(root: seed).stream()
  return (0..<rows).map { _ in (0..<columns).map { _ in Double(Float(random.normal())) } }
}

/// Whether two vectors agree to `tolerance`, relative to the larger of the value and `scale`.
func agree<Element: Scalar>(
  _ a: [Element], _ b: [Double], tolerance: Double, scale: Double = 0
) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance * max(abs($1), scale) }
}
