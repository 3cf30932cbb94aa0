import Foundation
import Results

extension BaselineReader {
  mutating func readPolicy(_ scanner: inout JSONScanner) throws(Problem) {
    let known = [
      "alpha", "min_seeds", "missing", "extra", "inconclusive", "metrics", "overrides",
    ]
    try scanner.object { (scanner, key) throws(Problem) in
      let line = scanner.line
      switch key {
      case "alpha":
        policy.alpha = try scanner.number()
        if !(policy.alpha > 0 && policy.alpha <= 0.5) {
          note("policy.alpha has to be a number above 0 and at most 0.5", line)
        } else if policy.alpha < Policy.smallestAlpha {
          note(
            "policy.alpha is \(CanonicalJSON.number(policy.alpha)); below 1e-6 a gate sees nothing",
            line)
        }
      case "min_seeds":
        policy.minSeeds = try scanner.integer()
        if policy.minSeeds < 2 { note("policy.min_seeds has to be at least 2", line) }
        if policy.minSeeds > 1_000_000 {
          note("policy.min_seeds is \(policy.minSeeds); it has to be at most 1000000", line)
        }
      case "missing":
        policy.reactions.missing = try reaction(&scanner, "policy.missing", but: .ignore)
      case "extra": policy.reactions.extra = try reaction(&scanner, "policy.extra")
      case "inconclusive":
        policy.reactions.inconclusive = try reaction(&scanner, "policy.inconclusive", but: .ignore)
      case "metrics":
        try scanner.object { (scanner, id) throws(Problem) in
          policy.metrics[id] = try readMetric(&scanner, "policy.metrics.\(id)")
        }
      case "overrides":
        try scanner.array { scanner throws(Problem) in
          if let override = try readOverride(&scanner) { policy.overrides.append(override) }
        }
      default: try unknown(key, known, "policy", &scanner)
      }
    }
  }

  private mutating func reaction(
    _ scanner: inout JSONScanner, _ name: String, but illegal: Policy.Reactions.Reaction? = nil
  ) throws(Problem) -> Policy.Reactions.Reaction {
    let line = scanner.line
    let word = try scanner.string()
    let legal = Policy.Reactions.Reaction.allCases.filter { $0 != illegal }
    if let value = legal.first(where: { $0.rawValue == word }) { return value }
    let words = legal.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    note("\(name) is '\(word)'; it has to be one of \(words)", line)
    return .fail
  }

  private mutating func readMetric(
    _ scanner: inout JSONScanner, _ path: String
  ) throws(Problem) -> Policy.MetricPolicy {
    var metric = Policy.MetricPolicy(better: .none)
    var hasDirection = false
    let line = scanner.line
    try scanner.object { (scanner, key) throws(Problem) in
      switch key {
      case "better":
        hasDirection = true
        metric.better = try direction(&scanner, path) ?? .none
      case "abs": metric.abs = try tolerance(&scanner, "\(path).abs")
      case "rel": metric.rel = try tolerance(&scanner, "\(path).rel", upTo: 100)
      case "gate": metric.gate = try scanner.bool()
      default: try unknown(key, ["better", "abs", "rel", "gate"], path, &scanner)
      }
    }
    if !hasDirection { note("'\(path).better' is missing: higher, lower or none", line) }
    return metric
  }

  private mutating func direction(
    _ scanner: inout JSONScanner, _ path: String
  ) throws(Problem) -> Finding.Direction? {
    let line = scanner.line
    let word = try scanner.string()
    let better = Finding.Direction(rawValue: word)
    if better == nil {
      note("\(path).better is '\(word)'; it has to be higher, lower or none", line)
    }
    return better
  }

  private mutating func tolerance(
    _ scanner: inout JSONScanner, _ name: String, upTo limit: Double = 1e100
  ) throws(Problem) -> Double {
    let line = scanner.line
    let value = try scanner.number()
    if value < 0 { note("\(name) has to be a number of at least 0", line) }
    if value > limit {
      note(
        "\(name) is \(CanonicalJSON.number(value)); it has to be at most "
          + MetricRanges.text(limit), line)
    }
    return value
  }

  private mutating func readOverride(
    _ scanner: inout JSONScanner
  ) throws(Problem) -> Policy.Override? {
    var override = Policy.Override(cells: CellFilter([:]), metrics: [:], why: "")
    let line = scanner.line
    try scanner.object { (scanner, key) throws(Problem) in
      switch key {
      case "where":
        try scanner.object { (scanner, name) throws(Problem) in
          override.cells.conditions[name] = try readCondition(&scanner)
        }
      case "metrics":
        try scanner.object { (scanner, id) throws(Problem) in
          override.metrics[id] = try readChange(&scanner, "overrides.metrics.\(id)")
        }
      case "why": override.why = try scanner.string()
      case "until":
        let day = try scanner.string()
        if day.wholeMatch(of: /\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/) == nil {
          note("overrides.until is '\(day)'; it has to be a day such as 2026-12-31", line)
        }
        override.until = day
      default: try unknown(key, ["where", "metrics", "why", "until"], "overrides", &scanner)
      }
    }
    if override.cells.conditions.isEmpty { note("an override without 'where'", line) }
    if override.metrics.isEmpty { note("an override without 'metrics'", line) }
    if override.why.isEmpty { note("an override without 'why': give the reason", line) }
    return override
  }

  private mutating func readChange(
    _ scanner: inout JSONScanner, _ path: String
  ) throws(Problem) -> Policy.Override.Change {
    var change = Policy.Override.Change()
    try scanner.object { (scanner, key) throws(Problem) in
      switch key {
      case "better": change.better = try direction(&scanner, path)
      case "abs": change.abs = try tolerance(&scanner, "\(path).abs")
      case "rel": change.rel = try tolerance(&scanner, "\(path).rel", upTo: 100)
      case "gate": change.gate = try scanner.bool()
      default: try unknown(key, ["better", "abs", "rel", "gate"], path, &scanner)
      }
    }
    return change
  }

  /// A text, a list of texts, or `{min, max}`; numbers stand for their texts.
  private mutating func readCondition(
    _ scanner: inout JSONScanner
  ) throws(Problem) -> CellFilter.Condition {
    let line = scanner.line
    let value = try scanner.value()
    func text(_ value: JSONValue) -> String? {
      switch value {
      case .string(let text): text
      case .integer, .number, .bool: CanonicalJSON.string(value)
      default: nil
      }
    }
    switch value {
    case .object(let bounds):
      var limits: [String: Double] = [:]
      for (key, bound) in bounds.sorted(by: { $0.key < $1.key }) {
        switch (key, bound) {
        case ("min", .integer(let number)), ("max", .integer(let number)):
          limits[key] = Double(number)
        case ("min", .number(let number)), ("max", .number(let number)): limits[key] = number
        default: note("overrides.where: '\(key)' is not min or max with a number", line)
        }
      }
      return .between(min: limits["min"], max: limits["max"])
    case .array(let values):
      let texts = values.compactMap(text)
      if texts.count != values.count || texts.isEmpty {
        note("overrides.where: a list of texts is needed", line)
      }
      return .oneOf(texts)
    default:
      if let single = text(value) { return .oneOf([single]) }
      note("overrides.where: a text, a list of texts or {min, max} is needed", line)
      return .oneOf([])
    }
  }
}
