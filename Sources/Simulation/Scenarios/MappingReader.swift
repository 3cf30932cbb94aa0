import Federation
import Yams

/// Collects problems while a file is read, so that all are reported at once.
final class ProblemSink {
  private(set) var problems: [ScenarioError.Problem] = []

  func report(_ message: String, at node: Node?) {
    report(message, at: node?.position)
  }

  func report(_ message: String, at position: SourcePosition?) {
    let problem = ScenarioError.Problem(message, at: position)
    // Variants of a matrix read the same lines again.
    if !problems.contains(problem) { problems.append(problem) }
  }
}

extension Node {
  var position: SourcePosition? {
    mark.map { SourcePosition(line: $0.line, column: $0.column) }
  }

  /// What the node is, for messages.
  var kindName: String {
    switch self {
    case .scalar(let scalar) where plain == nil: "the text '\(scalar.string)'"
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
    case .mapping: "a mapping"
    case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
    case .alias: "an alias"
    }
  }

  /// The text of a scalar that was written without quotes.
  var plain: String? {
    guard case .scalar(let scalar) = self, scalar.style != .singleQuoted,
      scalar.style != .doubleQuoted
    else { return nil }
    return scalar.string
  }

  /// A whole number.
  var wholeNumber: Int? { plain.flatMap { Int($0) } }

  /// A finite number; `1e-5` counts.
  var number: Double? {
    guard let value = plain.flatMap({ Double($0) }), value.isFinite else { return nil }
    return value
  }
}

/// Reads the keys of one mapping and reports the ones that nobody asked for.
final class MappingReader {
  let node: Node?
  let path: String
  let sink: ProblemSink
  /// Where missing keys are reported: the mapping, or what should hold it.
  private let position: SourcePosition?
  /// Whether something else stands in place of the mapping, so that no key can be missing.
  private var isMisplaced = false
  private var entries: [String: Node] = [:]
  private var keyNodes: [(name: String, node: Node)] = []
  private var asked: [String] = []

  /// - Parameters:
  ///   - node: `nil` reads as an empty mapping.
  ///   - path: Names the mapping in messages, such as `task.local`; empty at the top.
  ///   - sink: Where problems go.
  ///   - position: Where keys of a mapping that is not there are reported.
  init(_ node: Node?, path: String, sink: ProblemSink, at position: SourcePosition? = nil) {
    self.node = node
    self.position = node?.position ?? position
    self.path = path
    self.sink = sink
    guard let node else { return }
    guard case .mapping(let mapping) = node else {
      isMisplaced = true
      sink.report(
        "\(path.isEmpty ? "the file" : path) has to be a mapping, not \(node.kindName)", at: node)
      return
    }
    for (key, value) in mapping {
      guard let name = key.string else {
        sink.report("a key of \(path.isEmpty ? "the file" : path) is not a word", at: key)
        continue
      }
      if entries[name] != nil { sink.report("'\(full(name))' is given twice", at: key) }
      entries[name] = value
      keyNodes.append((name, key))
    }
  }

  func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The value of a key; asking makes the key known.
  func take(_ key: String) -> Node? {
    asked.append(key)
    return entries[key]
  }

  func has(_ key: String) -> Bool { entries[key] != nil }

  /// The keys that were given and not asked for yet, in file order.
  var rest: [(name: String, node: Node)] {
    keyNodes.compactMap { key in
      asked.contains(key.name) ? nil : entries[key.name].map { (key.name, $0) }
    }
  }

  /// Reports keys that nobody asked for.
  func finish() {
    for (name, node) in keyNodes where !asked.contains(name) {
      sink.report("unknown key '\(full(name))'" + suggestion(for: name, among: asked), at: node)
    }
  }

  func nested(_ key: String) -> MappingReader {
    MappingReader(take(key), path: full(key), sink: sink, at: position)
  }

  func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int? = nil) -> Int {
    guard take(key) != nil || standard == nil else { return standard ?? range.lowerBound }
    return legalInteger(key, in: range) ?? standard ?? range.lowerBound
  }

  /// A whole number; `nil` if it is missing or illegal, which is reported.
  func legalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = take(key) else { return missing(key, nil, nil) }
    guard let value = node.wholeNumber, range.contains(value) else {
      let limits =
        range.upperBound == .max
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      sink.report("\(full(key)) has to be a whole number \(limits), not \(node.kindName)", at: node)
      return nil
    }
    return value
  }

  func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
    has(key)
      ? integer(key, in: range)
      : {
        asked.append(key)
        return nil
      }()
  }

  /// Reads a number; `isOpenBelow` leaves the lower bound itself out.
  func real(
    _ key: String, in range: ClosedRange<Double>, isOpenBelow: Bool = false,
    default standard: Double? = nil
  ) -> Double {
    guard let node = take(key) else { return missing(key, standard, range.lowerBound) }
    guard let value = node.number, range.contains(value),
      !(isOpenBelow && value == range.lowerBound)
    else {
      let low = ArgumentValue.real(range.lowerBound)
      let above = isOpenBelow ? "above \(low)" : "of at least \(low)"
      let limits =
        range.upperBound == .greatestFiniteMagnitude
        ? above : above + " and at most \(ArgumentValue.real(range.upperBound))"
      sink.report("\(full(key)) has to be a number \(limits), not \(node.kindName)", at: node)
      return standard ?? range.upperBound
    }
    return value
  }

  func text(_ key: String, default standard: String? = nil) -> String {
    guard let node = take(key) else { return missing(key, standard, "") }
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      sink.report("\(full(key)) has to be a text, not \(node.kindName)", at: node)
      return standard ?? ""
    }
    return scalar.string
  }

  func choice<T: RawRepresentable & CaseIterable>(_ key: String, default standard: T) -> T
  where T.RawValue == String {
    guard let node = take(key) else { return standard }
    guard let word = node.string, let value = T(rawValue: word) else {
      let words = T.allCases.map(\.rawValue)
      sink.report(
        "\(full(key)) is \(node.kindName); it has to be one of "
          + words.map { "'\($0)'" }.joined(separator: ", ")
          + (node.string.map { hint($0, words) } ?? ""), at: node)
      return standard
    }
    return value
  }

  private func hint(_ word: String, _ words: [String]) -> String {
    let text = suggestion(for: word, among: words)
    return text.hasPrefix("; did") ? text : ""
  }

  private func missing<T>(_ key: String, _ standard: T?, _ fallback: T) -> T {
    if let standard { return standard }
    reportMissing(key)
    return fallback
  }

  /// Reports that a key is missing, unless there is no mapping that it could be in.
  func reportMissing(_ key: String) {
    if !isMisplaced { sink.report("\(full(key)) is missing", at: position) }
  }
}
