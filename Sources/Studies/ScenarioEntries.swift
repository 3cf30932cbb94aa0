public import Results

/// The attacks and defenses of a resolved scenario, in its order, each once.
public struct ScenarioEntries: Hashable, Sendable {
  /// A part of an entry: what the catalog calls it, and its parameters.
  public struct Component: Hashable, Sendable {
    public var kind: MethodFacts.Kind
    /// The id in the catalog.
    public var id: String
    /// The parameters as `name=value`, sorted by name.
    public var parameters: [String]
  }

  /// One entry of `attacks` or `defenses`.
  public struct Entry: Hashable, Sendable {
    /// The id in the scenario.
    public var id: String
    /// The rule or attack first, then stages, finishers, modifiers; of groups all attacks.
    public var components: [Component]
    /// What the scenario says about where its settings come from.
    public var source: String?
    /// The entry as `run.json` has it.
    public var json: JSONValue
  }

  public var attacks: [Entry]
  public var defenses: [Entry]

  /// - Parameter resolved: The resolved scenario of each combination of axes, as in `run.json`; what
  ///   is not of that form is passed over.
  public init(_ resolved: JSONValue) {
    var attacks: [Entry] = []
    var defenses: [Entry] = []
    for case .object(let combination) in resolved.elements {
      Self.add(combination["attacks"], to: &attacks) { Self.components(ofAttack: $0) }
      Self.add(combination["defenses"], to: &defenses) { Self.components(ofDefense: $0) }
    }
    self.attacks = attacks
    self.defenses = defenses
  }

  public func attack(_ id: String) -> Entry? { attacks.first { $0.id == id } }

  public func defense(_ id: String) -> Entry? { defenses.first { $0.id == id } }

  private static func add(
    _ list: JSONValue?, to entries: inout [Entry],
    _ components: (_ use: JSONValue) -> [Component]
  ) {
    for case .object(let entry) in list?.elements ?? [] {
      guard case .string(let id)? = entry["id"], !entries.contains(where: { $0.id == id })
      else { continue }
      var source: String?
      if case .string(let text)? = entry["cite"] { source = text }
      entries.append(
        Entry(
          id: id, components: components(entry["use"] ?? .null), source: source,
          json: .object(entry)))
    }
  }

  private static func components(ofAttack use: JSONValue) -> [Component] {
    guard case .object(let parts) = use else { return [] }
    var found = [component(.attack, use)].compactMap(\.self)
    found += (parts["with"]?.elements ?? []).compactMap { component(.modifier, $0) }
    for case .object(let group) in parts["groups"]?.elements ?? [] {
      found += components(ofAttack: group["attack"] ?? .null)
    }
    return found
  }

  private static func components(ofDefense use: JSONValue) -> [Component] {
    guard case .object(let parts) = use else { return [] }
    return [component(.rule, parts["rule"] ?? .null)].compactMap(\.self)
      + (parts["stages"]?.elements ?? []).compactMap { component(.stage, $0) }
      + (parts["finishers"]?.elements ?? []).compactMap { component(.finisher, $0) }
  }

  private static func component(_ kind: MethodFacts.Kind, _ value: JSONValue) -> Component? {
    guard case .object(let object) = value, case .string(let id)? = object["id"] else { return nil }
    var parameters: [String] = []
    if case .object(let values)? = object["parameters"] {
      parameters = values.sorted { $0.key < $1.key }.map { name, value in
        if case .string(let text) = value { return "\(name)=\(text)" }
        return "\(name)=\(CanonicalJSON.string(value))"
      }
    }
    return Component(kind: kind, id: id, parameters: parameters)
  }
}

extension JSONValue {
  /// The elements of an array; none for anything else.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
