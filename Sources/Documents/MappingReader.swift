public import Diagnostics
public import Yams

/// Reads the keys of one mapping and reports the ones that nobody asked for.
public final class MappingReader {
  public let node: Node?
  public let path: String
  public let sink: ProblemSink
  /// Where missing keys are reported: the mapping, or what should hold it.
  public let position: SourcePosition?
  /// Whether something else stands in place of the mapping, so that no key can be missing.
  private var isMisplaced = false
  private var entries: [String: (key: Node, value: Node)] = [:]
  private var keyNodes: [(name: String, node: Node)] = []
  /// In the order in which they were asked for.
  private var asked: [String] = []
  private var askedSet: Set<String> = []
  /// Keys that are missing, and given ones that may be their misspelling.
  private var doubtful: [(key: String, given: String)] = []

  /// - Parameters:
  ///   - node: `nil` reads as an empty mapping.
  ///   - path: Names the mapping in messages, such as `task.local`; empty at the top.
  ///   - sink: Where problems go.
  ///   - position: Where keys of a mapping that is not there are reported.
  public init(_ node: Node?, path: String, sink: ProblemSink, at position: SourcePosition? = nil) {
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
      if entries[name] != nil { sink.report("'\(excerpt(full(name)))' is given twice", at: key) }
      entries[name] = (key, value)
      keyNodes.append((name, key))
    }
  }

  public func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The value of a key; asking makes the key known.
  public func take(_ key: String) -> Node? {
    if askedSet.insert(key).inserted { asked.append(key) }
    return entries[key]?.value
  }

  public func has(_ key: String) -> Bool { entries[key] != nil }

  /// Where a key stands; `nil` if it is not given.
  public func keyPosition(_ key: String) -> SourcePosition? { entries[key]?.key.position }

  /// The keys that were given and not asked for yet, in file order.
  public var rest: [(name: String, node: Node)] {
    keyNodes.compactMap { key in
      askedSet.contains(key.name) ? nil : entries[key.name].map { (key.name, $0.value) }
    }
  }

  /// Reports keys that nobody asked for.
  public func finish() {
    for (name, node) in keyNodes where !askedSet.contains(name) {
      sink.report(
        "unknown key '\(excerpt(full(name)))'" + suggestion(for: name, among: asked), at: node)
    }
    for (key, given) in doubtful where askedSet.contains(given) { report(missing: key) }
    doubtful = []
  }

  /// Reads the mapping of a key; one that is misspelt misses nothing.
  public func nested(_ key: String) -> MappingReader {
    let inner = MappingReader(take(key), path: full(key), sink: sink, at: position)
    if !has(key) { inner.isMisplaced = isMisplaced || misspelling(of: key) != nil }
    return inner
  }

  /// Reads an empty mapping in place of the value of a key.
  public func vacant(_ key: String, at position: SourcePosition?) -> MappingReader {
    let inner = MappingReader(nil, path: full(key), sink: sink, at: position ?? self.position)
    if !has(key) { inner.isMisplaced = isMisplaced || misspelling(of: key) != nil }
    return inner
  }

  /// A key that is given, that nobody asked for yet and that is near to one.
  private func misspelling(of key: String) -> String? {
    keyNodes.prefix(1_000).first {
      !askedSet.contains($0.name) && nearest(to: $0.name, among: [key]) != nil
    }?.name
  }

  public func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int? = nil)
    -> Int
  {
    guard take(key) != nil || standard == nil else { return standard ?? range.lowerBound }
    return legalInteger(key, in: range) ?? standard ?? range.lowerBound
  }

  /// A whole number; `nil` if it is missing or illegal, which is reported.
  public func legalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
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

  /// Reads a number; `isOpenBelow` leaves the lower bound itself out.
  public func real(
    _ key: String, in range: ClosedRange<Double>, isOpenBelow: Bool = false,
    default standard: Double? = nil
  ) -> Double {
    guard let node = take(key) else { return missing(key, standard, range.lowerBound) }
    guard let value = node.number, range.contains(value),
      !(isOpenBelow && value == range.lowerBound)
    else {
      let low = Self.text(range.lowerBound)
      let above = isOpenBelow ? "above \(low)" : "of at least \(low)"
      let limits =
        range.upperBound == .greatestFiniteMagnitude
        ? above : above + " and at most \(Self.text(range.upperBound))"
      sink.report("\(full(key)) has to be a number \(limits), not \(node.kindName)", at: node)
      return standard ?? range.upperBound
    }
    return value
  }

  public func text(_ key: String, default standard: String? = nil) -> String {
    guard let node = take(key) else { return missing(key, standard, "") }
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      sink.report("\(full(key)) has to be a text, not \(node.kindName)", at: node)
      return standard ?? ""
    }
    return scalar.string
  }

  public func choice<T: RawRepresentable & CaseIterable>(_ key: String, default standard: T) -> T
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
    nearest(to: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
  }

  private func missing<T>(_ key: String, _ standard: T?, _ fallback: T) -> T {
    if let standard { return standard }
    reportMissing(key)
    return fallback
  }

  /// Reports that a key is missing, unless there is no mapping that it could be in, or it is there
  /// under a misspelt name, which ``finish()`` reports.
  public func reportMissing(_ key: String) {
    if let given = misspelling(of: key) {
      doubtful.append((key, given))
      sink.noteToldElsewhere()
    } else {
      report(missing: key)
    }
  }

  private func report(missing key: String) {
    if isMisplaced {
      sink.noteToldElsewhere()
    } else {
      sink.report("\(full(key)) is missing", at: position)
    }
  }

  /// A bound as people write it: `5` rather than `5.0`.
  private static func text(_ bound: Double) -> String {
    Int(exactly: bound).map(String.init) ?? "\(bound)"
  }
}
