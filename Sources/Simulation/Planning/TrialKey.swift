import Crypto
import Datasets
import Federation
import Results

/// The identity of a trial: SHA-256 of the canonical JSON of everything that decides its numbers.
///
/// Ids of a scenario's entries and the scenario's name are left out, so the same trial reached from
/// two files has one key; the data enter by the digest of their decoded arrays, not by a path.
enum TrialKey {
  static func hexadecimal(_ value: JSONValue) -> String {
    Hexadecimal.string(SHA256.hash(data: Array(CanonicalJSON.string(value).utf8)))
  }

  static func json(
    scenario: Scenario, dataDigest: String?, attack: ResolvedAttack, defense: ResolvedDefense,
    seed: UInt64
  ) -> JSONValue {
    guard case .object(var object) = scenario.resolved(dataDigest: dataDigest) else {
      preconditionFailure("a resolved scenario is an object")
    }
    object["engine"] = .integer(Engine.number)
    // As text: JSON numbers lose digits above 2^53.
    object["seed"] = .string(String(seed))
    object["attack"] = component(attack)
    object["defense"] = component(defense)
    return .object(object)
  }

  static func component(_ attack: ResolvedAttack) -> JSONValue {
    component(attack.entry.manifest.id, attack.arguments)
  }

  static func component(_ defense: ResolvedDefense) -> JSONValue {
    .object([
      "stages": .array(defense.stages.map { component($0.entry.manifest.id, $0.arguments) }),
      "rule": component(defense.rule.entry.manifest.id, defense.rule.arguments),
    ])
  }

  private static func component(_ id: ComponentID, _ arguments: Arguments) -> JSONValue {
    .object([
      "id": .string(id.rawValue), "parameters": .object(arguments.values.mapValues(\.json)),
    ])
  }

  /// SHA-256 over name, type, shape and bytes of each array.
  static func digest(of arrays: [CanonicalArray]) -> String {
    var hash = SHA256()
    for array in arrays {
      let shape = array.shape.map(String.init).joined(separator: "x")
      hash.update(data: Array("\(array.name) \(array.elementType.rawValue) \(shape)\n".utf8))
      hash.update(data: array.bytes)
    }
    return Hexadecimal.string(hash.finalize())
  }
}

extension ArgumentValue {
  var json: JSONValue {
    switch self {
    case .real(let value): .number(value)
    case .integer(let value): .integer(value)
    case .text(let value): .string(value)
    }
  }
}
