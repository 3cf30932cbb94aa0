import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

/// Rows of a fixture: as they are, or by the formula of `Tests/Reference/fixture.py`.
struct KnownRows: Decodable, Sendable {
  var rows: [[Double]]

  init(_ rows: [[Double]]) { self.rows = rows }

  private struct Formula: Decodable {
    var formula: [Int]
    var edits: [[Double]]
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let rows = try? container.decode([[Double]].self) {
      self.rows = rows
      return
    }
    let made = try container.decode(Formula.self)
    let (a, b, m) = (made.formula[2], made.formula[3], made.formula[4])
    let (c, s) = (made.formula[5], Double(made.formula[6]))
    rows = (0..<made.formula[0]).map { i in
      (0..<made.formula[1]).map { j in Double((i * a + j * b) % m - c) / s }
    }
    for edit in made.edits {
      rows[Int(edit[0])] = rows[Int(edit[0])].map { edit[1] * $0 + edit[2] }
    }
  }
}

/// A known answer of a script `Tests/Reference/attacks_*.py`: what an attack sends for honest rows.
struct KnownCraft: Decodable, Sendable, CustomTestStringConvertible {
  enum Value: Decodable, Sendable {
    case number(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    var argument: ArgumentValue {
      switch self {
      case .number(let value): Int(exactly: value).map { .integer($0) } ?? .real(value)
      case .text(let value): .text(value)
      }
    }
  }

  var name: String
  var arguments: [String: Value]
  var serverRate: Double?
  /// The global models that were seen, the last one in the round.
  var models: KnownRows?
  /// The number of clients in the round.
  var participants: Int
  var attackers: Int
  var honest: KnownRows
  /// What the attackers trained; zeros where it is missing.
  var own: KnownRows?
  /// What each of them sends; one row where all send the same.
  var expected: [[Double]]
  var record: [String: Double]

  var testDescription: String { name }

  /// The cases below `key` of a fixture.
  static func load(_ file: String, key: String = "cases", at path: String = #filePath) throws
    -> [Self]
  {
    try decode([String: Cases].self, file, beside: path)[key]?.list ?? []
  }

  /// A list of cases, or anything else.
  private struct Cases: Decodable {
    var list: [KnownCraft]?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if (try? container.decode(String.self)) != nil { return }
      list = try container.decode([KnownCraft].self)
    }
  }

  private static func decode<T: Decodable>(_: T.Type, _ file: String, beside path: String) throws
    -> T
  {
    try AttacksTests.decode(file, beside: path)
  }

  var given: [String: ArgumentValue] { arguments.mapValues(\.argument) }

  /// The attack after it has seen the models.
  func attack<A: Attack>(_: A.Type) throws -> A {
    var attack = try make(
      A.self, given,
      setup: makeSetup(participants: participants, serverRate: serverRate ?? 1))
    let seen = models?.rows ?? []
    for (round, model) in seen.enumerated() {
      attack.observe(
        Broadcast(
          round: round, global: model.map { Float($0) }, isActing: round == seen.count - 1))
    }
    return attack
  }

  /// What the attackers start from.
  var ownRows: Matrix<Float> {
    own.map { matrix($0.rows) } ?? Matrix(rowCount: attackers, columnCount: honest.rows[0].count)
  }

  func view(probe: DefenseProbe? = nil) -> AttackerView {
    AttackerView(
      round: max(0, (models?.rows.count ?? 1) - 1),
      global: (models?.rows.last ?? []).map { Float($0) },
      clients: (0..<attackers).map { ClientID(honest.rows.count + $0) },
      participantCount: participants, weightShare: Double(attackers) / Double(participants),
      honest: HonestUpdates(matrix(honest.rows)), probe: probe)
  }

  /// Crafts and compares with the reference, to 1e-6 of the largest expected value.
  func check<A: Attack>(_ type: A.Type) throws {
    let (rows, figures) = try attack(type).crafted(ownRows, view: view())
    #expect(rows.rowCount == attackers)
    let largest = expected.joined().map(abs).max() ?? 0
    for row in 0..<rows.rowCount {
      let known = expected[expected.count == 1 ? 0 : row]
      let worst = zip(rows.row(row), known).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(worst <= 1e-6 * largest, "\(name), row \(row): off by \(worst) of \(largest)")
    }
    #expect(Set(figures.keys) == Set(record.keys))
    for (figure, value) in record {
      #expect(abs((figures[figure] ?? .nan) - value) <= 1e-6 * max(1, abs(value)), "\(figure)")
    }
  }
}
