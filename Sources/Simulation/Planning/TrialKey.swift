import Datasets
import Federation
import Hashing
import Results

/// The identity of a trial: SHA-256 of the canonical JSON of everything that decides its numbers.
///
/// Ids of a scenario's entries and the scenario's name are left out, so the same trial reached from
/// two files has one key; the data enter by the digest of their decoded arrays, not by a path.
enum TrialKey {
  static func hexadecimal(_ value: JSONValue) -> String {
    Hexadecimal.string(SHA256.hash(Array(CanonicalJSON.string(value).utf8)))
  }

  static func json(
    _ resolved: JSONValue, attack: ResolvedAttack, defense: ResolvedDefense, seed: UInt64
  ) -> JSONValue {
    guard case .object(var object) = resolved else {
      preconditionFailure("a resolved scenario is an object")
    }
    object["engine"] = .integer(Engine.number)
    // As text: JSON numbers lose digits above 2^53.
    object["seed"] = .string(String(seed))
    object["attack"] = attack.json
    object["defense"] = defense.json
    return .object(object)
  }

  /// SHA-256 over name, type, shape and bytes of each array.
  static func digest(of arrays: [CanonicalArray]) -> String {
    var hash = SHA256()
    for array in arrays {
      let shape = array.shape.map(String.init).joined(separator: "x")
      hash.update(Array("\(array.name) \(array.elementType.rawValue) \(shape)\n".utf8))
      hash.update(array.bytes)
    }
    return Hexadecimal.string(hash.finalize())
  }
}
