import Components
import Datasets
import Federation
import Results

/// What the manifest of a run says about a plan.
extension Planner {
  mutating func noteData(_ task: TaskFacts, _ scenario: Scenario) {
    if let facts = task.trainer?.facts { return note(facts) }
    guard let task = task.local else { return }
    var named = [(scenario.task.dataset.id, task.data)]
    if let settings = scenario.serverData.outOfDistribution, let other = task.outOfDistribution {
      named.append((settings.dataset.id, other))
    }
    for (id, data) in named {
      if let digest = data.digest, !manifestData.contains(where: { $0.sha256 == digest }) {
        manifestData.append(.init(name: id.rawValue, sha256: digest, rows: data.rowCount))
      }
    }
    if let outside = task.outside {
      let digest = TrialKey.digest(of: outside.canonicalArrays)
      guard !manifestData.contains(where: { $0.sha256 == digest }) else { return }
      manifestData.append(
        .init(name: "threat.auxiliary", sha256: digest, rows: outside.count))
    }
  }

  private mutating func note(_ facts: TrainerFacts) {
    guard !manifestData.contains(where: { $0.sha256 == facts.identity }) else { return }
    manifestData.append(
      .init(
        name: facts.name, sha256: facts.identity,
        rows: facts.exampleCounts.reduce(facts.testCount, +)))
  }

  /// Notes the combination as it is measured: once for the cells without swept parameters, and once
  /// for each set of swept parameters that a cell has.
  mutating func noteResolved(_ part: Part, _ json: JSONValue) {
    guard case .object(let object) = json else { return }
    let (variant, axes) = (part.variant, part.axes)
    let cites = Dictionary(
      variant.scenario.attacks.map { ($0.id, $0.cite) }
        + variant.scenario.defenses.map { ($0.id, $0.cite) }, uniquingKeysWith: { a, b in a ?? b })
    func entry(_ id: String, _ use: JSONValue) -> JSONValue {
      ["id": .string(id), "use": use, "cite": JSONValue(cites[id] ?? nil)]
    }
    var seen: Set<[String]> = []
    func note(_ attack: [ScenarioFile.Axis], _ defense: [ScenarioFile.Axis]) {
      guard seen.insert((attack + defense).map { "\($0.key)=\($0.value)" }).inserted else { return }
      var object = object
      object["axes"] = JSONValue(variant.axisValues(attack, defense))
      object["attacks"] = .array(
        axes.attacks.filter { $0.axes == attack }.map { entry($0.id, $0.attack.json) })
      object["defenses"] = .array(
        axes.defenses.filter { $0.axes == defense }.map { entry($0.id, $0.defense.json) })
      resolved.append(.object(object))
    }
    note([], [])
    guard
      axes.attacks.contains(where: { !$0.axes.isEmpty })
        || axes.defenses.contains(where: { !$0.axes.isEmpty })
    else { return }
    for (a, attack) in axes.attacks.enumerated() {
      for (d, defense) in axes.defenses.enumerated()
      where part.wanted.contains(Cell(attack: a, defense: d))
        || part.needed.contains(Cell(attack: a, defense: d))
      {
        note(attack.axes, defense.axes)
      }
    }
  }
}

extension ScenarioFile.Variant {
  /// The values of the axes of a cell by dotted key.
  func axisValues(
    _ attack: [ScenarioFile.Axis], _ defense: [ScenarioFile.Axis]
  ) -> [String: String] {
    Dictionary((axes + attack + defense).map { ($0.key, $0.value) }) { first, _ in first }
  }
}
