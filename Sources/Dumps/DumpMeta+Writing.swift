import Results
import Tensors

extension DumpMeta {
  /// The text of the file: a member per line, in the order of what readers look for first.
  var text: String {
    var members: [(name: String, value: JSONValue)] = [("schema", .string(Self.schema))]
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append((name, value)) }
    }
    add("cell", cell.map { .string($0) })
    // As text: JSON numbers lose digits above 2^53.
    add("seed", seed.map { .string(String($0)) })
    add("round", round.map { .integer($0) })
    add("rounds", rounds.map { .integer($0) })
    add("window", .bool(isInWindow))
    add("malicious", malicious.map(Self.list))
    add("acting", acting.map(Self.list))
    add("ids", ids.map { .array($0.map(Self.id)) })
    add("clients", clients.map(Self.list))
    add("client_count", clientCount.map { .integer($0) })
    add("participants", participantCount.map { .integer($0) })
    add("samples", samples.map(Self.list))
    add("weights", weights.map { .array($0.map { .number($0) }) })
    add("f", declaredByzantine.map { .integer($0) })
    add("layers", layout.map { .array($0.segments.map(Self.layer)) })
    add("trial", trial.map { .string($0) })
    add("engine", engine.map { .integer($0) })
    add("aggregate_sha256", aggregateSHA256.map { .string($0) })
    let lines = members.map { name, value in
      "  \(CanonicalJSON.string(.string(name))): \(CanonicalJSON.string(value))"
    }
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }

  /// A whole number where it is written as one.
  private static func id(_ text: String) -> JSONValue {
    if let number = Int(text), "\(number)" == text { return .integer(number) }
    return .string(text)
  }

  private static func list(_ values: [Int]) -> JSONValue { .array(values.map { .integer($0) }) }

  private static func layer(_ segment: ParameterLayout.Segment) -> JSONValue {
    let role = roles.first { $0.role == segment.role }?.name ?? ""
    return [
      "name": .string(segment.name), "shape": list(segment.shape), "role": .string(role),
    ]
  }
}
