import Components
import Defenses
import Federation
import Testing

/// One input of a rule with what a script of `Tests/Reference` says about it.
struct KnownCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    var suspicion: [Double]?
    /// The rows that are reported as selected; all others are rejected.
    var selected: [Int]?
    /// The rows that take no part, of rules that do not select.
    var rejected: [Int]?
    var report: [String: Double]?
  }

  var name: String
  var rule: String
  var arguments: [String: Argument]
  var matrix: FixtureMatrix
  /// The rows that the rule was announced, if not those it gets.
  var announced: Int?
  /// The global model, if the rule is told one.
  var global: [Double]?
  var expected: Expected

  /// Runs every case of a fixture and compares all that it says.
  static func check(_ fixture: String) throws {
    let file: FixtureFile<KnownCase> = try decodeFixture(fixture)
    #expect(!file.cases.isEmpty)
    for known in file.cases { try known.check() }
  }

  private func check() throws {
    let rows = matrix.rows
    let rule = try makeRule(
      rule, arguments.mapValues(\.value), rows: announced ?? rows.count)
    let result = try run(
      rule, on: makeUpdates(rows), global: global.map { $0.map { Float($0) } })
    #expect(agree(result.update, expected.update), "\(name)")
    #expect(
      agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-9, scale: 1),
      "\(name)")
    if let suspicion = expected.suspicion {
      let scale = suspicion.reduce(0) { max($0, abs($1)) }
      #expect(
        agree(result.verdicts.compactMap(\.suspicion), suspicion, tolerance: 1e-6, scale: scale),
        "\(name)")
    }
    if let selected = expected.selected {
      #expect(result.report["selected"] == .rows(selected), "\(name)")
    }
    if let rejected = expected.rejected
      ?? expected.selected.map({ kept in
        rows.indices.filter { !kept.contains($0) }
      })
    {
      let found = result.verdicts.indices.filter {
        result.verdicts[$0].disposition == .rejected
      }
      #expect(found == rejected, "\(name)")
    }
    for (key, value) in expected.report ?? [:] {
      guard case .number(let found)? = result.report[key] else {
        Issue.record("\(name) reports no \(key)")
        continue
      }
      #expect(abs(found - value) <= 1e-6 * abs(value), "\(name): \(key) \(found), not \(value)")
    }
  }
}
