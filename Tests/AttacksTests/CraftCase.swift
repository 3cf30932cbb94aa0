import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

/// One round of an attack on updates, with what a script of `Tests/Reference` says about it.
struct CraftCase: Decodable, Sendable, CustomStringConvertible {
  enum Value: Decodable, Sendable {
    case number(Double)
    case word(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else {
        self = .word(try container.decode(String.self))
      }
    }

    var argument: ArgumentValue {
      switch self {
      case .number(let value): .real(value)
      case .word(let word): .text(word)
      }
    }
  }

  /// Rows as they are, or the formula of `fixture.py`.
  struct Rows: Decodable, Sendable {
    private struct Formula: Decodable {
      var formula: [Int]
    }

    let rows: [[Double]]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let rows = try? container.decode([[Double]].self) {
        self.rows = rows
        return
      }
      let made = try container.decode(Formula.self).formula
      let (n, d, a, b, m) = (made[0], made[1], made[2], made[3], made[4])
      rows = (0..<n).map { i in
        (0..<d).map { j in Double((i * a + j * b) % m - made[5]) / Double(made[6]) }
      }
    }
  }

  struct Expected: Decodable, Sendable {
    /// One row that all attackers send, or one for each.
    var rows: [[Double]]
    var record: [String: Double]
  }

  private struct File: Decodable {
    var cases: [CraftCase]
  }

  var name: String
  var attack: String
  var arguments: [String: Value]
  var honest: Rows
  /// What the attackers trained; zeros where it does not matter.
  var own: Rows?
  var attackers: Int
  var expected: Expected

  var description: String { name }

  static func load(_ fixture: String, file: String = #filePath) throws -> [CraftCase] {
    let found: File = try decode(fixture, beside: file)
    return found.cases
  }

  var honestRows: Matrix<Float> { matrix(honest.rows) }

  /// What is sent, and recorded, in round 0.
  func crafted() throws -> (rows: Matrix<Float>, record: [String: Double]) {
    let entry = try #require(builtInAttacks.first { $0.manifest.id.rawValue == attack })
    let made = try entry.make(
      Arguments(arguments.mapValues(\.argument), for: entry.manifest, plan: plan), makeSetup())
    return made.crafted(
      own.map { matrix($0.rows) }
        ?? Matrix(rowCount: attackers, columnCount: honest.rows[0].count),
      view: makeView(
        attackers, participants: honest.rows.count + attackers,
        honest: HonestUpdates(honestRows)))
  }

  /// Compares rows to 1e-6 of the largest expected value, and figures to 1e-6 of each.
  func check() throws {
    let (rows, record) = try crafted()
    #expect(rows.rowCount == attackers)
    let scale = expected.rows.joined().reduce(0) { max($0, abs($1)) }
    for row in 0..<attackers {
      let values = expected.rows[expected.rows.count == 1 ? 0 : row]
      #expect(
        zip(rows.row(row), values).allSatisfy { abs(Double($0) - $1) <= 1e-6 * scale }, "\(name)")
    }
    #expect(record.keys.sorted() == expected.record.keys.sorted(), "\(name)")
    for (key, value) in expected.record {
      let found = record[key] ?? .nan
      #expect(abs(found - value) <= 1e-6 * abs(value), "\(name): \(key) \(found), not \(value)")
    }
  }
}
