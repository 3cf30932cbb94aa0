public import Components
import Diagnostics
import Documents
import Federation
import Yams

extension ScenarioDecoder {
  func attacks(_ reader: MappingReader) -> [AttackChoice] {
    entries("attacks", reader).compactMap { attack($0) }
      .uniqued(by: \.id, position: \.choice.position, list: "attacks", sink: sink)
  }

  private func attack(_ node: Node) -> AttackChoice? {
    var schedule: Chosen<AttackScheduleEntry>?
    let entry = component(node, kind: "an attack", lists: ["with": "a modifier"]) { reader, id in
      schedule = reader.take("schedule").map { self.schedule($0, of: id) }
    }
    return entry.map {
      AttackChoice(
        id: $0.id, choice: $0.choice, modifiers: $0.lists["with"] ?? [], schedule: schedule,
        cite: $0.cite)
    }
  }

  /// Reads the schedule of one attack.
  func schedule(_ node: Node, of id: String) -> Chosen<AttackScheduleEntry> {
    let pair = Node.mapping(Node.Mapping([(Node("schedule"), node)]))
    return chosen(
      MappingReader(pair, path: "attacks.\(excerpt(id))", sink: sink), "schedule",
      of: catalog.attackSchedules, noun: "a schedule", idKey: "kind", standard: "every")
  }

  func defenses(_ reader: MappingReader) -> [DefenseChoice] {
    entries("defenses", reader).compactMap { node in
      component(
        node, kind: "a defense", lists: ["stages": "a stage", "finishers": "a finisher"]
      ).map {
        DefenseChoice(
          id: $0.id, stages: $0.lists["stages"] ?? [], rule: $0.choice,
          finishers: $0.lists["finishers"] ?? [], cite: $0.cite)
      }
    }.uniqued(by: \.id, position: \.rule.position, list: "defenses", sink: sink)
  }

  private func entries(_ key: String, _ reader: MappingReader) -> [Node] {
    guard let node = reader.take(key) else {
      reader.reportMissing(key)
      return []
    }
    guard case .sequence(let items) = node, !items.isEmpty else {
      sink.report("\(key) has to be a list of at least one entry, not \(node.kindName)", at: node)
      return []
    }
    return Array(items)
  }

  /// One entry of a list of components.
  private struct Entry {
    var id: String
    var choice: Choice
    /// Components that it lists under a key of their own.
    var lists: [String: [Choice]] = [:]
    var cite: String?
  }

  /// Reads `krum`, or `{id: …, use: krum, f: 2}`; `id` and `use` default to each other.
  ///
  /// `lists` has the keys of lists of further components, with what each of those is; `before` takes
  /// keys of a mapping that are not parameters either.
  private func component(
    _ node: Node, kind: String, lists kinds: [String: String] = [:],
    before: (_ reader: MappingReader, _ id: String) -> Void = { _, _ in }
  ) -> Entry? {
    if case .scalar = node, let name = node.string, !name.isEmpty {
      return Entry(id: name, choice: Choice(ComponentID(name), position: node.position))
    }
    guard case .mapping = node else {
      sink.report("\(kind) has to be an id or a mapping with 'use', not \(node.kindName)", at: node)
      return nil
    }
    let reader = MappingReader(node, path: "", sink: sink)
    guard reader.has("use") || reader.has("id") else {
      sink.report("\(kind) needs 'use' (what to run) or 'id'", at: node)
      return nil
    }
    let use = reader.has("use") ? reader.text("use") : reader.text("id")
    let id = reader.text("id", default: use)
    if !Self.isLegal(id: id) {
      sink.report(
        "'\(excerpt(id))' is not a legal id: letters, digits, '.', '_' and '-' only", at: node)
    }
    let cite = reader.has("cite") ? reader.text("cite") : nil
    var lists: [String: [Choice]] = [:]
    for (key, kind) in kinds.sorted(by: { $0.key < $1.key }) {
      guard let list = reader.take(key) else { continue }
      guard case .sequence(let items) = list else {
        sink.report("\(key) has to be a list, not \(list.kindName)", at: list)
        return nil
      }
      lists[key] = items.compactMap { component($0, kind: kind)?.choice }
    }
    before(reader, id)
    let (given, positions) = parameters(reader)
    return Entry(
      id: id,
      choice: Choice(
        ComponentID(use), given, position: node.position, parameterPositions: positions),
      lists: lists, cite: cite)
  }

  /// Takes every remaining key as a parameter; the component checks names and values.
  ///
  /// Those that `--set` gives keep a place of their own.
  private func parameters(
    _ reader: MappingReader
  ) -> ([String: ArgumentValue], [String: SourcePosition]) {
    var given: [String: ArgumentValue] = [:]
    var positions: [String: SourcePosition] = [:]
    for (name, node) in reader.rest {
      _ = reader.take(name)
      guard let value = ArgumentValue(node) else {
        sink.report(
          "\(excerpt(name)) has to be a number, a word or a list of them, not \(node.kindName)",
          at: node)
        continue
      }
      given[name] = value
      if let position = node.position, position.option != nil { positions[name] = position }
    }
    return (given, positions)
  }

  private static func isLegal(id: String) -> Bool {
    !id.isEmpty && id.count <= 100
      && id.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "._-".unicodeScalars.contains($0)
      }
  }
}

extension ArgumentValue {
  /// Reads a value from a command line; `[1,2]` is a list.
  public init?(text: String) {
    if text.hasPrefix("["), text.hasSuffix("]") {
      let values = text.dropFirst().dropLast().split(separator: ",").map {
        ArgumentValue(text: String($0.trimmingPrefix(" ")))
      }
      guard values.allSatisfy({ $0 != nil }) else { return nil }
      self = .list(values.compactMap(\.self))
    } else if let value = Int(text) {
      self = .integer(value)
    } else if let value = Double(text), value.isFinite {
      self = .real(value)
    } else if !text.isEmpty {
      self = .text(text)
    } else {
      return nil
    }
  }
}

extension Array {
  /// Leaves later entries with an id that is taken out, and reports them.
  fileprivate func uniqued(
    by id: (Element) -> String, position: (Element) -> SourcePosition?, list: String,
    sink: ProblemSink
  ) -> [Element] {
    var seen: Set<String> = []
    return filter { entry in
      guard seen.insert(id(entry)).inserted else {
        sink.report(
          "\(list) names '\(excerpt(id(entry)))' twice; give one of them an 'id:' of its own",
          at: position(entry))
        return false
      }
      return true
    }
  }
}
