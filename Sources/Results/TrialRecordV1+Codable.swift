extension TrialRecordV1: Codable {
  private enum CodingKeys: String, CodingKey {
    case key
    case attack
    case defense
    case axes
    case seed
    case engine
    case status
    case metrics
    case absent
    case censored
    case flags
    case parametersSHA256 = "parameters_sha256"
    case resolved
    case rounds
    case isImplied = "implied"
    case message
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func optional<T: Decodable>(_ key: CodingKeys, or fallback: T) throws -> T {
      try values.decodeIfPresent(T.self, forKey: key) ?? fallback
    }
    key = try values.decode(String.self, forKey: .key)
    attack = try values.decode(String.self, forKey: .attack)
    defense = try values.decode(String.self, forKey: .defense)
    axes = try optional(.axes, or: [:])
    seed = try values.decode(Int.self, forKey: .seed)
    engine = try values.decode(Int.self, forKey: .engine)
    status = try values.decode(TrialStatus.self, forKey: .status)
    metrics = try optional(.metrics, or: [:])
    absent = try optional(.absent, or: [:])
    censored = try optional(.censored, or: [])
    flags = try optional(.flags, or: [])
    parametersSHA256 = try values.decodeIfPresent(String.self, forKey: .parametersSHA256)
    resolved = try optional(.resolved, or: [:])
    rounds = try optional(.rounds, or: 0)
    isImplied = try optional(.isImplied, or: false)
    message = try values.decodeIfPresent(String.self, forKey: .message)
    if let problem {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: problem))
    }
  }

  public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

  /// The record as it is in the file: nulls are kept, `implied` and `message` only when they say
  /// something.
  public var json: JSONValue {
    var members: [String: JSONValue] = [
      "type": "trial",
      "key": .string(key),
      "cell": .string(cell),
      "attack": .string(attack),
      "defense": .string(defense),
      "axes": JSONValue(axes),
      "seed": .integer(seed),
      "engine": .integer(engine),
      "status": .string(status.rawValue),
      "metrics": .object(metrics.mapValues { JSONValue($0) }),
      "absent": JSONValue(absent),
      "censored": JSONValue(censored),
      "flags": JSONValue(flags),
      "parameters_sha256": JSONValue(parametersSHA256),
      "resolved": .object(resolved.mapValues(JSONValue.number)),
      "rounds": .integer(rounds),
    ]
    if isImplied { members["implied"] = true }
    if let message { members["message"] = .string(message) }
    return .object(members)
  }

  /// The line of `trials.jsonl`, without its line feed.
  public var line: String { CanonicalJSON.string(json) }
}
