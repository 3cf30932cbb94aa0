extension TrialRecordV1: Encodable {
  public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

  /// The record as it is in the file: nulls are kept, `implied`, `message` and `roc` only when they
  /// say something.
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
    if !roc.isEmpty {
      members["roc"] = .object(roc.mapValues { .array($0.map(JSONValue.number)) })
    }
    if isImplied { members["implied"] = true }
    if let message { members["message"] = .string(message) }
    return .object(members)
  }

  /// The line of `trials.jsonl`, without its line feed.
  public var line: String { CanonicalJSON.string(json) }
}
