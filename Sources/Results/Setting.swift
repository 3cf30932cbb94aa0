import Diagnostics

/// What one combination of axes measures: the task, the clients, the threat and the components.
///
/// Seeds are left out. Attacks and defenses are kept by id: trials may share a folder only if each
/// id means one thing there, while a gate takes a changed defense for a change to be judged.
public struct Setting: Hashable, Sendable {
  /// The axes of the combination, by dotted key.
  public var axes: [String: String]
  /// The resolved scenario without attacks, defenses and seeds.
  public var scenario: JSONValue
  /// Each attack with its parameters, by id.
  public var attacks: [String: JSONValue]
  /// Each defense with its parameters, by id.
  public var defenses: [String: JSONValue]

  public init(
    axes: [String: String], scenario: JSONValue, attacks: [String: JSONValue],
    defenses: [String: JSONValue]
  ) {
    self.axes = axes
    self.scenario = scenario
    self.attacks = attacks
    self.defenses = defenses
  }

  /// The settings in the resolved scenario of a run, one for each combination of axes.
  public static func all(in resolved: JSONValue) -> [Setting] {
    guard case .array(let combinations) = resolved else { return [] }
    return combinations.compactMap { combination in
      guard case .object(var object) = combination else { return nil }
      let attacks = components(object.removeValue(forKey: "attacks"))
      let defenses = components(object.removeValue(forKey: "defenses"))
      var axes: [String: String] = [:]
      if case .object(let members)? = object.removeValue(forKey: "axes") {
        for case (let key, .string(let value)) in members { axes[key] = value }
      }
      object["seeds"] = nil
      return Setting(
        axes: axes, scenario: .object(object), attacks: attacks, defenses: defenses)
    }
  }

  /// Where two runs of the combination contradict each other; `nil` if they go together.
  ///
  /// Components that only one of them has are no contradiction.
  func contradiction(by later: Setting) -> String? {
    var places: [String] = []
    if !Self.isSame(scenario, later.scenario) {
      places.append(Self.differences(scenario, later.scenario))
    }
    for (kind, before, after) in [
      ("attack", attacks, later.attacks), ("defense", defenses, later.defenses),
    ] {
      for (id, old) in before.sorted(by: { $0.key < $1.key }) {
        guard let new = after[id], !Self.isSame(old, new) else { continue }
        places.append("the \(kind) '\(excerpt(id))': \(Self.differences(old, new))")
      }
    }
    if places.isEmpty { return nil }
    let name = axes.sorted { $0.key < $1.key }
      .map { "\(excerpt($0.key))=\(excerpt($0.value)): " }.joined()
    return name + places.prefix(3).joined(separator: "; ")
      + (places.count > 3 ? "; and \(places.count - 3) more" : "")
  }

  private static func components(_ list: JSONValue?) -> [String: JSONValue] {
    guard case .array(let entries)? = list else { return [:] }
    var components: [String: JSONValue] = [:]
    for case .object(let entry) in entries {
      if case .string(let id)? = entry["id"] { components[id] = entry["use"] ?? .null }
    }
    return components
  }

  /// Where two values differ, such as `rounds was 60, is 30`; at most three places, each cut after 80
  /// characters, with control characters spelled out.
  public static func differences(_ before: JSONValue, _ after: JSONValue) -> String {
    var places: [String] = []
    collect(before, after, "", &places)
    let shown = places.prefix(3).joined(separator: "; ")
    return places.count > 3 ? "\(shown); and \(places.count - 3) more" : shown
  }

  private static func collect(
    _ before: JSONValue?, _ after: JSONValue?, _ path: String, _ places: inout [String]
  ) {
    if isSame(before, after) { return }
    if case .object(let old)? = before, case .object(let new)? = after {
      for key in Set(old.keys).union(new.keys).sorted() {
        collect(old[key], new[key], path.isEmpty ? key : "\(path).\(key)", &places)
      }
      return
    }
    func text(_ value: JSONValue?) -> String {
      value.map { excerpt(CanonicalJSON.string($0)) } ?? "not given"
    }
    places.append("\(excerpt(path)) was \(text(before)), is \(text(after))")
  }

  /// `1` and `1.0` are one value, as they are in the file.
  public static func isSame(_ a: JSONValue?, _ b: JSONValue?) -> Bool {
    a.map(CanonicalJSON.string) == b.map(CanonicalJSON.string)
  }
}
