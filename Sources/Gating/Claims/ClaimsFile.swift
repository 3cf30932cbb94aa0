public import Diagnostics
import Documents
import Yams

/// A file of claims, `gauntlet/claims/1`.
public struct ClaimsFile: Sendable {
  public static let schema = "gauntlet/claims/1"

  /// The path as the user wrote it.
  public let path: String
  public let claims: [Claim]

  /// Reads a YAML file; `-` is standard input.
  ///
  /// - Throws: ``DocumentError`` with every problem: unknown keys, missing bounds, an id given twice.
  public init(path: String) throws(DocumentError) {
    let (name, text) = try YAMLDocument.text(of: path, kind: "a claims file")
    try self.init(text: text, path: name)
  }

  /// Reads the text of a claims file; `path` names it in messages.
  public init(text: String, path: String) throws(DocumentError) {
    let root = try YAMLDocument.root(text, path: path)
    let sink = ProblemSink()
    self.path = path
    claims = ClaimsDecoder(sink: sink).decode(root)
    guard sink.problems.isEmpty else { throw DocumentError(file: path, problems: sink.problems) }
  }
}

/// Turns the YAML of a claims file into claims, reporting whatever is wrong.
private struct ClaimsDecoder {
  let sink: ProblemSink

  func decode(_ root: Node) -> [Claim] {
    let reader = MappingReader(root, path: "", sink: sink)
    let schema = reader.text("schema")
    if !schema.isEmpty, schema != ClaimsFile.schema {
      sink.report(
        "has the format '\(schema)'; this version reads '\(ClaimsFile.schema)'", at: root)
      return []
    }
    var claims: [Claim] = []
    switch reader.take("claims") {
    case .sequence(let items)?:
      claims = items.enumerated().map { claim($1, path: "claims[\($0)]") }
      if claims.isEmpty { sink.report("claims is an empty list", at: root) }
    case let node?: sink.report("claims has to be a list, not \(node.kindName)", at: node)
    case nil: reader.reportMissing("claims")
    }
    reader.finish()
    var ids: Set<String> = []
    for claim in claims where !claim.id.isEmpty && !ids.insert(claim.id).inserted {
      sink.report("the claim '\(claim.id)' is given twice", at: claim.position)
    }
    return claims
  }

  private func claim(_ node: Node, path: String) -> Claim {
    let reader = MappingReader(node, path: path, sink: sink)
    var claim = Claim(
      id: reader.text("id"), cells: filter(reader), bounds: bounds(reader),
      over: reader.choice("over", default: .everyCell),
      confidence: reader.real("confidence", in: 0.5...0.9999, isOpenBelow: true, default: 0.95),
      position: node.position)
    claim.source = optionalText("source", reader)
    claim.note = optionalText("note", reader)
    if let holds = reader.take("holds") {
      if let value = holds.bool {
        claim.holds = value
      } else {
        sink.report("\(path).holds has to be true or false, not \(holds.kindName)", at: holds)
      }
    }
    reader.finish()
    return claim
  }

  private func optionalText(_ key: String, _ reader: MappingReader) -> String? {
    // Asking makes the key known, so that it is suggested for a misspelled one.
    reader.take(key) == nil ? nil : reader.text(key)
  }

  private func filter(_ reader: MappingReader) -> CellFilter {
    guard reader.has("where") else {
      reader.reportMissing("where")
      _ = reader.take("where")
      return CellFilter([:])
    }
    let inner = reader.nested("where")
    var conditions: [String: CellFilter.Condition] = [:]
    for (key, node) in inner.rest {
      _ = inner.take(key)
      conditions[key] = condition(node, path: inner.full(key))
    }
    return CellFilter(conditions)
  }

  private func condition(_ node: Node, path: String) -> CellFilter.Condition {
    switch node {
    case .scalar(let scalar): return .oneOf([scalar.string])
    case .sequence(let items):
      let texts = items.compactMap { $0.scalar?.string }
      if texts.count != items.count || texts.isEmpty {
        sink.report("\(path) has to be a list of texts", at: node)
      }
      return .oneOf(texts)
    case .mapping:
      let (low, high) = limits(MappingReader(node, path: path, sink: sink), at: node)
      return .between(min: low, max: high)
    case .alias:
      sink.report("\(path) has to be a text, a list or {min, max}", at: node)
      return .oneOf([])
    }
  }

  private func bounds(_ reader: MappingReader) -> [Claim.Bound] {
    guard reader.has("expect") else {
      reader.reportMissing("expect")
      _ = reader.take("expect")
      return []
    }
    let inner = reader.nested("expect")
    var bounds: [Claim.Bound] = []
    let entries = inner.rest
    for (metric, node) in entries {
      _ = inner.take(metric)
      let (low, high) = limits(MappingReader(node, path: inner.full(metric), sink: sink), at: node)
      if let low { bounds.append(.init(metric: metric, relation: .atLeast, value: low)) }
      if let high { bounds.append(.init(metric: metric, relation: .atMost, value: high)) }
    }
    if entries.isEmpty, case .mapping? = inner.node, let node = inner.node {
      sink.report("\(inner.path) names no bound, such as {asr.final: {max: 0.15}}", at: node)
    }
    return bounds
  }

  private func limits(_ reader: MappingReader, at node: Node) -> (min: Double?, max: Double?) {
    let (low, high) = (limit("min", reader), limit("max", reader))
    if !reader.has("min"), !reader.has("max"), case .mapping = node {
      sink.report("\(reader.path) needs min or max", at: node)
    }
    reader.finish()
    return (low, high)
  }

  private func limit(_ key: String, _ reader: MappingReader) -> Double? {
    guard let node = reader.take(key) else { return nil }
    guard let value = node.number, value.isFinite else {
      sink.report("\(reader.full(key)) has to be a number, not \(node.kindName)", at: node)
      return nil
    }
    return value
  }
}
