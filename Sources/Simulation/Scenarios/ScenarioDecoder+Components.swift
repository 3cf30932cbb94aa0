import Components
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
    node.value(of: "groups") == nil ? singleAttack(node) : attackOfGroups(node)
  }

  /// Reads `{id: mixed, groups: [{share: 0.5, attack: alie}, …]}`.
  private func attackOfGroups(_ node: Node) -> AttackChoice? {
    let reader = MappingReader(node, path: "", sink: sink)
    for key in ["use", "with"] where reader.has(key) {
      sink.report(
        "an attack has '\(key)' or 'groups', not both; the attack of each group has its own",
        at: reader.take(key))
    }
    let id = reader.text("id")
    if reader.has("id") { check(id: id, at: node) }
    let cite = reader.has("cite") ? reader.text("cite") : nil
    let schedule = reader.take("schedule").flatMap { self.schedule($0, of: id) }
    let list = reader.take("groups")
    reader.finish()
    guard let items = groupNodes(list, of: "attacks.\(excerpt(id)).groups") else { return nil }
    let groups = items.enumerated().compactMap { place, item in
      group(item, path: "attacks.\(excerpt(id)).groups[\(place)]")
    }
    guard groups.count == items.count else { return nil }
    var names: Set<String> = []
    for group in groups where group.isSound && !names.insert(group.name).inserted {
      sink.report(
        "attacks.\(excerpt(id)).groups has two groups named '\(excerpt(group.name))'; give one of "
          + "them another 'name:'", at: group.position)
    }
    return AttackChoice(
      id: id, choice: Choice("groups", position: node.position), schedule: schedule,
      groups: groups, cite: cite)
  }

  /// The most groups of attackers.
  private static let groupLimit = 1_000

  /// The entries of a list of groups; `nil`, reported, if it is none.
  func groupNodes(_ node: Node?, of path: String) -> [Node]? {
    guard case .sequence(let items)? = node, !items.isEmpty else {
      sink.report(
        "\(path) has to be a list of at least one mapping, not \(node?.kindName ?? "nothing")",
        at: node)
      return nil
    }
    guard items.count <= Self.groupLimit else {
      sink.report(
        "\(path) has \(items.count) entries; it takes at most \(Self.groupLimit)", at: node)
      return nil
    }
    return Array(items)
  }

  private func group(_ node: Node, path: String) -> AttackChoice.Group? {
    let reader = MappingReader(node, path: path, sink: sink)
    let (keys, isSound) = noting { reader.arguments(ScenarioKeys.attackGroup) }
    let attack = reader.take("attack")
    if attack == nil { reader.reportMissing("attack") }
    reader.finish()
    guard let attack else { return nil }
    guard attack.value(of: "groups") == nil else {
      sink.report("\(path).attack: groups have no groups of their own", at: attack)
      return nil
    }
    let name = reader.has("name") ? keys.text("name") : nil
    if isSound, let name { check(id: name, at: reader.take("name")) }
    return singleAttack(attack).map {
      AttackChoice.Group(
        givenName: name, share: keys.number("share"), attack: $0, position: node.position,
        isSound: isSound)
    }
  }

  private func singleAttack(_ node: Node) -> AttackChoice? {
    var schedule: Chosen<AttackScheduleEntry>?
    let entry = component(node, kind: "an attack", lists: ["with": "a modifier"]) { reader, id in
      schedule = reader.take("schedule").flatMap { self.schedule($0, of: id) }
    }
    return entry.map {
      AttackChoice(
        id: $0.id, choice: $0.choice, modifiers: $0.lists["with"] ?? [], schedule: schedule,
        cite: $0.cite)
    }
  }

  /// Reads the schedule of one attack; `nil` if something was reported.
  func schedule(_ node: Node, of id: String) -> Chosen<AttackScheduleEntry>? {
    let pair = Node.mapping(Node.Mapping([(Node("schedule"), node)]))
    let (schedule, isSound) = noting {
      chosen(
        MappingReader(pair, path: "attacks.\(excerpt(id))", sink: sink), "schedule",
        of: catalog.attackSchedules, noun: "a schedule", idKey: "kind", standard: "every")
    }
    return isSound ? schedule : nil
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
    check(id: id, at: node)
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
    let (given, places) = parameters(reader)
    return Entry(
      id: id,
      choice: Choice(
        ComponentID(use), given, position: node.position, parameterPlaces: places),
      lists: lists, cite: cite)
  }

  /// Takes every remaining key as a parameter; the component checks names and values.
  private func parameters(
    _ reader: MappingReader
  ) -> ([String: ArgumentValue], [String: Choice.ParameterPlace]) {
    var given: [String: ArgumentValue] = [:]
    var places: [String: Choice.ParameterPlace] = [:]
    for (name, node) in reader.rest {
      _ = reader.take(name)
      guard let value = ArgumentValue(node) ?? ArgumentValue(mapping: node, of: name) else {
        sink.report(
          "\(excerpt(name)) has to be a number, a word or a list of them, not \(node.kindName)",
          at: node)
        continue
      }
      given[name] = value
      places[name] = .init(key: reader.keyPosition(name), value: node.position)
      guard name == ArgumentValue.freeMapping, case .mapping(let pairs) = node else { continue }
      for (key, value) in pairs {
        guard let inner = key.string else { continue }
        places["\(name).\(inner)"] = .init(key: key.position, value: value.position)
      }
    }
    return (given, places)
  }

  func check(id: String, at node: Node?) {
    guard !Self.isLegal(id: id) else { return }
    sink.report(
      "'\(excerpt(id))' is not a legal id: letters, digits, '.', '_' and '-' only", at: node)
  }

  private static func isLegal(id: String) -> Bool {
    !id.isEmpty && id.count <= 100
      && id.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "._-".unicodeScalars.contains($0)
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
