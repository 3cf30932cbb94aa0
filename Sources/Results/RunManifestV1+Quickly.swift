import Foundation

extension RunManifestV1 {
  /// Reads a manifest whose resolved scenario may be long; `nil` where anything is unexpected.
  ///
  /// `JSONDecoder` takes a hundred times as long for values of any form, so that part is read apart.
  init?(quickly bytes: [UInt8]) {
    var scanner = JSONScanner(bytes, in: bytes.indices, firstLine: 1, words: WordTable())
    guard let value = try? scanner.value(), (try? scanner.finish()) != nil,
      case .object(var members) = value, case .object(var scenario)? = members["scenario"],
      members["schema"] == .string(Self.currentSchema), let resolved = scenario["resolved"]
    else { return nil }
    scenario["resolved"] = .null
    members["scenario"] = .object(scenario)
    guard let rest = try? JSONEncoder().encode(JSONValue.object(members)),
      var manifest = try? JSONDecoder().decode(Self.self, from: rest)
    else { return nil }
    manifest.scenario.resolved = resolved.withWholeNumbers
    self = manifest
  }
}

extension JSONValue {
  /// With whole numbers as integers, as decoding has them, however they are written.
  fileprivate var withWholeNumbers: JSONValue {
    switch self {
    case .number(let value): Int(exactly: value).map(JSONValue.integer) ?? self
    case .array(let elements): .array(elements.map(\.withWholeNumbers))
    case .object(let members): .object(members.mapValues(\.withWholeNumbers))
    case .null, .bool, .integer, .string: self
    }
  }
}
