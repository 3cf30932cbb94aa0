import Foundation
import Results
import Testing

/// Fixtures made by `Tests/Reference/gate.py`.
enum Fixture {
  static func load<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/\(name).json")
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: path))
  }
}

/// One row of a fixture: numbers, texts and nulls in a fixed order.
typealias Row = [JSONValue]

extension JSONValue {
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }
}

/// Whether two figures agree: both absent, or within a share of the expected one.
func agree(_ found: Double?, _ expected: Double?, within tolerance: Double = 1e-9) -> Bool {
  guard let found, let expected else { return found == nil && expected == nil }
  return abs(found - expected) <= tolerance * max(1e-12, abs(expected)) + 1e-14
}
