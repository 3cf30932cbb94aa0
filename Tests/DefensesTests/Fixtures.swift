import Components
import Foundation

/// What the fixtures of the rules have in common; each rule's tests decode what they expect.
struct FixtureFile<Case: Decodable & Sendable>: Decodable, Sendable {
  var cases: [Case]

  static func load(_ name: String, file: String = #filePath) throws -> Self {
    try decodeFixture(name, beside: file)
  }
}

func decodeFixture<T: Decodable>(_ name: String, beside file: String = #filePath) throws -> T {
  let url = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").appendingPathComponent(name)
  return try JSONDecoder().decode(T.self, from: Data(contentsOf: url))
}

/// A pair of a rule and a number of rows that has to be refused.
struct InfeasibleCase: Decodable, Sendable {
  var rule: String
  var arguments: [String: Argument]
  var rows: Int
  var reason: String
}

/// A number, a word or a list of them.
struct Argument: Decodable, Sendable {
  var value: ArgumentValue

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let whole = try? container.decode(Int.self) {
      value = .integer(whole)
    } else if let number = try? container.decode(Double.self) {
      value = .real(number)
    } else if let values = try? container.decode([Argument].self) {
      value = .list(values.map(\.value))
    } else {
      value = .text(try container.decode(String.self))
    }
  }
}

/// Rows of numbers, written out or as the formula of `Tests/Reference/fixture.py`.
struct FixtureMatrix: Decodable, Sendable {
  private struct Formula: Decodable {
    var formula: [Int]
    var edits: [[Double]]
  }

  var rows: [[Double]]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let rows = try? container.decode([[Double]].self) {
      self.rows = rows
      return
    }
    if let row = try? container.decode([Double].self) {
      rows = [row]
      return
    }
    let made = try container.decode(Formula.self)
    let (n, d, a, b, m) = (
      made.formula[0], made.formula[1], made.formula[2], made.formula[3], made.formula[4]
    )
    let (c, s) = (made.formula[5], Double(made.formula[6]))
    rows = (0..<n).map { i in (0..<d).map { j in Double((i * a + j * b) % m - c) / s } }
    for edit in made.edits {
      rows[Int(edit[0])] = rows[Int(edit[0])].map { edit[1] * $0 + edit[2] }
    }
  }
}
