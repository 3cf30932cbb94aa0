import Gating
import Results

extension GateOutcome {
  /// The outcome's name in files.
  var name: String {
    switch self {
    case .passed: "passed"
    case .regressed: "regressed"
    case .uncertain: "uncertain"
    case .improved: "improved"
    case .incomplete: "incomplete"
    }
  }
}

extension Finding {
  /// All fields, the message, and the fingerprint.
  func json(scenario: String) -> JSONLine {
    [
      "attack": .string(attack),
      "axes": JSONValue(axes),
      "baseline": number(baseline),
      "better": .string(better.rawValue),
      "cell": .string(cell),
      "current": number(current),
      "defense": .string(defense),
      "fingerprint": .string("\(scenario)/\(cell)/\(metric)"),
      "interval": interval.map { [number($0.lowerBound), number($0.upperBound)] } ?? .null,
      "line": integer(line),
      "message": .string(message),
      "metric": .string(metric),
      "more_seeds": integer(moreSeeds),
      "override": JSONValue(override),
      "p": number(pValue),
      "reason": JSONValue(reason),
      "seeds": .array(seeds.map(JSONValue.integer)),
      "smallest_visible": number(smallestVisible),
      "tolerance": number(tolerance),
      "verdict": .string(verdict.rawValue),
      "void": JSONValue(voidReason),
      "worsening": number(worsening),
    ]
  }
}

extension ClaimFinding {
  /// All fields, and the message.
  var json: JSONLine {
    [
      "bound": number(bound),
      "claim": .string(claim),
      "confidence": number(confidence),
      "known_to_fail": .bool(isKnownToFail),
      "limit": number(limit),
      "line": integer(line),
      "message": .string(message),
      "metric": .string(metric),
      "reason": JSONValue(reason),
      "relation": .string(relation.rawValue),
      "seeds": .array(seeds.map(JSONValue.integer)),
      "source": JSONValue(source),
      "subject": .string(subject),
      "value": number(value),
      "verdict": .string(verdict.rawValue),
    ]
  }
}

extension GateReport.Visibility {
  /// All fields.
  var json: JSONLine {
    [
      "blind": .integer(blindCount),
      "checks": .integer(checkCount),
      "largest": number(largest),
      "largest_cell": .string(largestCell),
      "median": number(median),
      "metric": .string(metric),
      "tolerance": number(tolerance),
    ]
  }
}

/// A finite number, else null.
private func number(_ value: Double?) -> JSONValue {
  guard let value, value.isFinite else { return .null }
  return .number(value)
}

private func integer(_ value: Int?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
