import Hashing
public import Results

/// What a row commits to: SHA-256 of the canonical JSON of the resolved defense (rule, stages,
/// finishers, all parameters), the engine, the setting's digest and the digests of workers.
public enum ContentHash {
  /// The hash in hexadecimal.
  public static func text(
    defense: JSONValue, engine: Int, setting: String, workers: [String] = []
  ) -> String {
    let json: JSONValue = [
      "defense": defense, "engine": .integer(engine), "setting": .string(setting),
      "workers": JSONValue(workers.sorted()),
    ]
    return Hexadecimal.string(SHA256.hash(Array(CanonicalJSON.string(json).utf8)))
  }
}
