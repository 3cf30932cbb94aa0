import Diagnostics
import Results

extension CheckContext {
  /// S020.
  func resolution() -> [EntryFinding] {
    guard let plan = results.plan else { return [] }
    let written = results.manifest.scenario.resolved
    let made = Setting.all(in: plan.resolved)
    let byAxes = Dictionary(made.map { ($0.axes, $0) }) { first, _ in first }
    var problems = Self.repeated(in: written)
    var seen: Set<[String: String]> = []
    for setting in Setting.all(in: written) {
      let name = Self.name(setting.axes)
      if !seen.insert(setting.axes).inserted { problems.append("\(name)is there twice") }
      guard let other = byAxes[setting.axes] else {
        problems.append("\(name)\(Entry.scenarioName) does not make it")
        continue
      }
      if let difference = difference(setting, other) { problems.append(name + difference) }
    }
    // Of the other defenses' parameters only what was run is there.
    for setting in made
    where !seen.contains(setting.axes) && !setting.axes.keys.contains(where: Self.isOfADefense) {
      problems.append("\(Self.name(setting.axes))is missing")
    }
    return limited(
      problems.map {
        EntryFinding(.resolution, file: manifestPath, place: "/scenario/resolved", $0)
      })
  }

  /// Where a setting is not what the scenario makes; other defenses may be missing.
  private func difference(_ setting: Setting, _ made: Setting) -> String? {
    var pairs = [
      (made.scenario, setting.scenario), (.object(made.attacks), .object(setting.attacks)),
      (made.defenses[entry.defense] ?? .null, setting.defenses[entry.defense] ?? .null),
    ]
    for (id, use) in setting.defenses.sorted(by: { $0.key < $1.key }) {
      if let other = made.defenses[id] { pairs.append((other, use)) }
    }
    guard let (before, after) = pairs.first(where: { !Setting.isSame($0, $1) }) else { return nil }
    return "by \(Entry.scenarioName), \(Setting.differences(before, after))"
  }

  private static func isOfADefense(_ axis: String) -> Bool { axis.hasPrefix("defenses.") }

  private static func name(_ axes: [String: String]) -> String {
    if axes.isEmpty { return "" }
    return axes.sorted { $0.key < $1.key }.map { excerpt("\($0.key)=\($0.value)") }
      .joined(separator: " ") + ": "
  }

  /// Attacks and defenses that a combination has twice: which of them counts, nobody could tell.
  private static func repeated(in resolved: JSONValue) -> [String] {
    guard case .array(let combinations) = resolved else { return ["is not a list"] }
    var problems: [String] = []
    for case .object(let combination) in combinations {
      for list in ["attacks", "defenses"] {
        guard case .array(let entries)? = combination[list] else { continue }
        var seen: Set<JSONValue> = []
        for case .object(let entry) in entries where !seen.insert(entry["id"] ?? .null).inserted {
          problems.append("\(list) has an id twice")
        }
      }
    }
    return problems
  }
}
