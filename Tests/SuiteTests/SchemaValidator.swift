import Foundation
import Results

/// As much of JSON Schema as the schema of scenarios uses.
struct SchemaValidator {
  let schema: JSONValue

  /// Where and why a value does not fit; empty if it does.
  func problems(_ value: JSONValue) -> [String] { check(value, schema, "") }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    guard case .object(let rules) = schema else { return ["\(path): no schema"] }
    return rules.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      holds(value, keyword, rule, rules, path)
    }
  }

  private func holds(
    _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ rules: [String: JSONValue],
    _ path: String
  ) -> [String] {
    func result(_ isValid: Bool) -> [String] { isValid ? [] : ["\(path): \(keyword)"] }
    switch (keyword, rule) {
    case ("$schema", _), ("title", _), ("description", _): return []
    case ("type", .string(let type)): return result(isOf(type, value))
    case ("type", .array(let types)):
      return result(
        types.contains { if case .string(let type) = $0 { isOf(type, value) } else { false } })
    case ("enum", .array(let values)): return result(values.contains { isSame($0, value) })
    case ("const", let other): return result(isSame(other, value))
    case ("anyOf", .array(let schemas)):
      return result(schemas.contains { check(value, $0, path).isEmpty })
    case ("minimum", let limit): return result(compare(value, limit) { $0 >= $1 })
    case ("maximum", let limit): return result(compare(value, limit) { $0 <= $1 })
    case ("exclusiveMinimum", let limit): return result(compare(value, limit) { $0 > $1 })
    case ("exclusiveMaximum", let limit): return result(compare(value, limit) { $0 < $1 })
    case ("minLength", .integer(let count)):
      if case .string(let text) = value { return result(text.count >= count) }
      return []
    case ("pattern", .string(let pattern)):
      if case .string(let text) = value { return result(matches(text, pattern)) }
      return []
    case ("items", let inner):
      guard case .array(let items) = value else { return [] }
      return items.enumerated().flatMap { check($1, inner, "\(path)[\($0)]") }
    case ("minItems", .integer(let count)):
      if case .array(let items) = value { return result(items.count >= count) }
      return []
    case ("maxItems", .integer(let count)):
      if case .array(let items) = value { return result(items.count <= count) }
      return []
    case ("uniqueItems", _):
      if case .array(let items) = value {
        return result(Set(items.map(CanonicalJSON.string)).count == items.count)
      }
      return []
    case ("required", .array(let names)):
      guard case .object(let object) = value else { return [] }
      return names.compactMap {
        if case .string(let name) = $0, object[name] == nil {
          "\(path): lacks \(name)"
        } else {
          nil
        }
      }
    case ("properties", .object(let properties)):
      guard case .object(let object) = value else { return [] }
      return properties.flatMap { name, schema in
        object[name].map { check($0, schema, "\(path).\(name)") } ?? []
      }
    case ("patternProperties", .object(let patterns)):
      guard case .object(let object) = value else { return [] }
      return object.flatMap { name, value in
        patterns.filter { matches(name, $0.key) }
          .flatMap { check(value, $0.value, "\(path).\(name)") }
      }
    case ("additionalProperties", .bool(false)):
      guard case .object(let object) = value else { return [] }
      var known: Set<String> = []
      if case .object(let properties)? = rules["properties"] { known = Set(properties.keys) }
      var patterns: [String] = []
      if case .object(let own)? = rules["patternProperties"] { patterns = Array(own.keys) }
      return object.keys.filter { name in
        !known.contains(name) && !patterns.contains { matches(name, $0) }
      }.map { "\(path): unknown \($0)" }
    default: return ["\(path): the validator does not know '\(keyword)'"]
    }
  }

  private func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool),
      ("null", .null), ("number", .number), ("number", .integer), ("integer", .integer):
      true
    default: false
    }
  }

  private func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
    CanonicalJSON.string(a) == CanonicalJSON.string(b)
  }

  private func compare(
    _ value: JSONValue, _ limit: JSONValue, _ holds: (Double, Double) -> Bool
  ) -> Bool {
    guard let value = number(value), let limit = number(limit) else { return true }
    return holds(value, limit)
  }

  private func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  private func matches(_ text: String, _ pattern: String) -> Bool {
    text.range(of: pattern, options: .regularExpression) != nil
  }
}
