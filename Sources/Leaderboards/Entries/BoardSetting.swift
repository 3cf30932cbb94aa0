import Hashing
public import Results
import Studies

/// What rows are measured in: the task, the clients, the threat and the attacks.
///
/// Only rows of one setting are ranked together.
/// Defenses and seeds are no part of it, nor are names, comments and files: two scenarios that say
/// the same make one setting.
public struct BoardSetting: Hashable, Sendable {
  /// SHA-256 of the canonical JSON of all of it, in hexadecimal.
  public let digest: String
  /// The values of the axes, those of attacks' and defenses' parameters left out.
  public let axes: [String: String]
  /// One for each value of the attacks' parameters that the scenario varies; at least one.
  let variants: [Setting]

  /// The settings of a resolved scenario, in its order.
  public static func all(in resolved: JSONValue) -> [BoardSetting] {
    var order: [[String: String]] = []
    var groups: [[String: String]: [Setting]] = [:]
    for setting in Setting.all(in: resolved) {
      let axes = setting.axes.filter {
        !$0.key.hasPrefix("attacks.") && !$0.key.hasPrefix("defenses.")
      }
      if groups[axes] == nil { order.append(axes) }
      groups[axes, default: []].append(setting)
    }
    return order.map { BoardSetting(axes: $0, groups[$0] ?? []) }
  }

  private init(axes: [String: String], _ variants: [Setting]) {
    self.axes = axes
    self.variants = variants
    let texts = Set(
      variants.map {
        CanonicalJSON.string(["scenario": $0.scenario, "attacks": .object($0.attacks)])
      })
    let all = "[" + texts.sorted().joined(separator: ",") + "]"
    digest = Hexadecimal.string(SHA256.hash(Array(all.utf8)))
  }

  /// All of it, for people to read.
  public var json: JSONValue {
    .array(
      variants.map {
        .object([
          "axes": JSONValue($0.axes), "scenario": $0.scenario, "attacks": .object($0.attacks),
        ])
      })
  }

  /// The ids of the attacks, those that do nothing too, sorted.
  public var attacks: [String] { Set(variants.flatMap(\.attacks.keys)).sorted() }

  /// Each attack with its cell's axes, for each value of its own parameters.
  func cells(of defense: String) -> [CellID] {
    var seen: Set<CellID> = []
    return variants.flatMap { variant in
      variant.attacks.keys.sorted().map { attack in
        let own = variant.axes.filter { $0.key.hasPrefix("attacks.\(attack).") }
        return CellID(
          attack: attack, defense: defense, axes: axes.merging(own) { first, _ in first })
      }
    }.filter { seen.insert($0).inserted }
  }

  /// The resolved defense in each variant; `nil` where it is not among the defenses.
  func uses(of defense: String) -> [JSONValue?] { variants.map { $0.defenses[defense] } }

  // MARK: - What people look for

  public var dataset: String { text("task", "dataset", "id") ?? "unknown" }

  /// Such as `dirichlet(alpha=0.3)`.
  public var partition: String {
    guard let id = text("clients", "partition", "id") else { return "unknown" }
    guard case .object(let values)? = value("clients", "partition", "parameters"), !values.isEmpty
    else { return id }
    let list = values.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.shown($0.value))" }
    return "\(id)(\(list.joined(separator: ", ")))"
  }

  /// The share of malicious clients, such as `0.2`.
  public var fraction: String {
    guard let clients = number("clients", "count"), clients > 0,
      let malicious = number("threat", "malicious")
    else { return "unknown" }
    return Self.shown(.number((malicious / clients * 1e4).rounded() / 1e4))
  }

  /// What attackers know, as the scenario says it.
  public var knowledge: String { text("threat", "knowledge") ?? "unknown" }

  public var clients: String { value("clients", "count").map(Self.shown) ?? "unknown" }

  public var rounds: String { value("rounds").map(Self.shown) ?? "unknown" }

  /// Whether attackers have rounds to attack in.
  var hasWindow: Bool {
    guard let start = number("threat", "window", "start"),
      let stop = number("threat", "window", "stop")
    else { return false }
    return start < stop
  }

  /// Whether the scenario has a backdoor, which is measured whatever the attack.
  var hasBackdoor: Bool {
    if case .object? = value("threat", "backdoor") { true } else { false }
  }

  private func value(_ path: String...) -> JSONValue? { value(path) }

  private func value(_ path: [String]) -> JSONValue? {
    var current = variants.first?.scenario
    for key in path {
      guard case .object(let members)? = current else { return nil }
      current = members[key]
    }
    return current
  }

  private func text(_ path: String...) -> String? {
    if case .string(let text)? = value(path) { text } else { nil }
  }

  private func number(_ path: String...) -> Double? {
    switch value(path) {
    case .integer(let value)?: Double(value)
    case .number(let value)?: value
    default: nil
    }
  }

  private static func shown(_ value: JSONValue) -> String {
    if case .string(let text) = value { text } else { CanonicalJSON.string(value) }
  }
}
