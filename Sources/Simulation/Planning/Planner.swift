import Components
import Datasets
import Determinism
import Diagnostics
import Documents
import Federation
import Results
import Training

/// Builds a plan, collecting problems on the way.
struct Planner {
  let file: ScenarioFile
  let catalog: Catalog
  let options: Plan.Options
  let sink = ProblemSink()
  private(set) var trials: [PlannedTrial] = []
  private(set) var variants: [Plan.Variant] = []
  private(set) var manifestData: [RunManifestV1.Data] = []
  private(set) var resolved: [JSONValue] = []
  private var tasks: TaskResolver

  init(file: ScenarioFile, catalog: Catalog, options: Plan.Options) {
    self.file = file
    self.catalog = catalog
    self.options = options
    tasks = TaskResolver(
      scenarioPath: file.path, environment: options.environment, sink: sink)
  }

  mutating func run() {
    checkSelections()
    for variant in file.variants { add(variant) }
    guard sink.problems.isEmpty else { return }
    let requested = trials.filter { !$0.isImplied }
    if requested.isEmpty {
      sink.report("the selection leaves no cell to run", at: nil as SourcePosition?)
    } else if !requested.contains(where: { $0.feasibility == .ready }) {
      for case .notApplicable(let reason) in Set(requested.map(\.feasibility)) {
        sink.report("no cell is feasible: \(reason)", at: nil as SourcePosition?)
      }
    }
  }

  // MARK: - Selection

  private func checkSelections() {
    var known: [String: Set<String>] = [:]
    for variant in file.variants {
      known["attack", default: []].formUnion(variant.scenario.attacks.map(\.id))
      known["defense", default: []].formUnion(variant.scenario.defenses.map(\.id))
      for axis in variant.axes { known[axis.key, default: []].insert(axis.value) }
    }
    for selection in [options.only, options.skip].compactMap({ $0 }) {
      if let problem = selection.problem(known: known) {
        sink.report(problem, at: nil as SourcePosition?)
      }
    }
  }

  private func isSelected(_ attack: String, _ defense: String, _ variant: ScenarioFile.Variant)
    -> Bool
  {
    // References that the engine added were not asked for.
    guard variant.scenario.attacks.contains(where: { $0.id == attack }),
      variant.scenario.defenses.contains(where: { $0.id == defense }),
      variant.includes(attack, defense)
    else { return false }
    var cell = ["attack": attack, "defense": defense]
    for axis in variant.axes { cell[axis.key] = axis.value }
    return (options.only?.matches(cell) ?? true) && !(options.skip?.matches(cell) ?? false)
  }

  // MARK: - One combination

  /// The components of one combination, the clean attack and the plain mean first.
  private struct Axes {
    typealias Attack = (id: String, attack: ResolvedAttack, reason: String?)
    typealias Defense = (id: String, defense: ResolvedDefense, reason: String?)

    var attacks: [Attack]
    var defenses: [Defense]
  }

  /// Positions in ``Axes``; 0 is the clean attack and the plain mean.
  private struct Cell: Hashable {
    let attack: Int
    let defense: Int
  }

  private mutating func add(_ variant: ScenarioFile.Variant) {
    let scenario = variant.scenario
    guard let task = tasks.facts(of: scenario) else { return }
    let axes = components(of: scenario, task)
    checkReservedIDs(scenario)
    guard sink.problems.isEmpty else { return }
    variants.append(Plan.Variant(scenario: scenario, task: task))
    noteData(task, scenario)
    let json = scenario.resolved(task.digests)
    noteResolved(variant, json, axes)
    addTrials(variant, json, axes)
  }

  private func components(of scenario: Scenario, _ task: TaskFacts) -> Axes {
    let resolver = ComponentResolver(
      scenario: scenario, catalog: catalog, task: task, sink: sink)
    resolver.checkThreat()
    return Axes(
      attacks: Self.cleanFirst(scenario.attacks).compactMap { choice in
        resolver.resolve(choice).map { (id: choice.id, attack: $0.attack, reason: $0.reason) }
      },
      defenses: Self.meanFirst(scenario.defenses).compactMap { choice in
        resolver.resolve(choice).map { (id: choice.id, defense: $0.defense, reason: $0.reason) }
      })
  }

  /// The cells that were asked for, and those that their metrics need: (none, same defense),
  /// (same attack, mean) and (none, mean).
  private func cells(_ variant: ScenarioFile.Variant, _ axes: Axes) -> (
    wanted: Set<Cell>, needed: Set<Cell>
  ) {
    var wanted: Set<Cell> = []
    var needed: Set<Cell> = []
    for (a, attack) in axes.attacks.enumerated() {
      for (d, defense) in axes.defenses.enumerated()
      where isSelected(attack.id, defense.id, variant) {
        wanted.insert(Cell(attack: a, defense: d))
        if attack.reason == nil && defense.reason == nil {
          needed.formUnion([
            Cell(attack: 0, defense: d), Cell(attack: a, defense: 0), Cell(attack: 0, defense: 0),
          ])
        }
      }
    }
    return (wanted, needed)
  }

  private mutating func addTrials(
    _ variant: ScenarioFile.Variant, _ resolved: JSONValue, _ axes: Axes
  ) {
    let scenario = variant.scenario
    let (wanted, needed) = cells(variant, axes)
    for seed in options.seeds ?? scenario.seeds {
      var positions: [Cell: Int] = [:]
      for (a, attack) in axes.attacks.enumerated() {
        for (d, defense) in axes.defenses.enumerated() {
          let cell = Cell(attack: a, defense: d)
          guard wanted.contains(cell) || needed.contains(cell) else { continue }
          let json = TrialKey.json(
            resolved, attack: attack.attack, defense: defense.defense, seed: seed)
          let reason = attack.reason ?? defense.reason
          positions[cell] = trials.count
          var trial = PlannedTrial(
            attack: attack.id, defense: defense.id, axes: variant.axisValues, seed: seed,
            feasibility: reason.map { .notApplicable($0) } ?? .ready,
            isImplied: !wanted.contains(cell), key: TrialKey.hexadecimal(json),
            attackerCount: scenario.threat.maliciousCount, rounds: scenario.rounds,
            variant: variants.count - 1, attackChoice: attack.attack,
            defenseChoice: defense.defense)
          if reason == nil {
            trial.twin = positions[Cell(attack: 0, defense: d)]
            trial.undefendedTwin = positions[Cell(attack: 0, defense: 0)]
            trial.undefended = positions[Cell(attack: a, defense: 0)]
          }
          trials.append(trial)
        }
      }
    }
  }

  /// Reports ids of the references, `none` and `mean`, that a scenario gives to something else.
  private func checkReservedIDs(_ scenario: Scenario) {
    for (choice, place) in zip(Self.cleanFirst(scenario.attacks), 0...)
    where place > 0 && choice.id == "none" {
      sink.report(
        "the id 'none' is that of the clean reference; give this attack another 'id:'",
        at: choice.choice.position)
    }
    for (choice, place) in zip(Self.meanFirst(scenario.defenses), 0...)
    where place > 0 && choice.id == "mean" {
      sink.report(
        "the id 'mean' is that of the undefended reference; give this defense another 'id:'",
        at: choice.rule.position)
    }
  }

  private mutating func noteData(_ task: TaskFacts, _ scenario: Scenario) {
    var named = [(scenario.task.dataset.id, task.data)]
    if let settings = scenario.serverData.outOfDistribution, let other = task.outOfDistribution {
      named.append((settings.dataset.id, other))
    }
    for (id, data) in named {
      if let digest = data.digest, !manifestData.contains(where: { $0.sha256 == digest }) {
        manifestData.append(.init(name: id.rawValue, sha256: digest, rows: data.rowCount))
      }
    }
  }

  private mutating func noteResolved(
    _ variant: ScenarioFile.Variant, _ json: JSONValue, _ axes: Axes
  ) {
    guard case .object(var object) = json else { return }
    object["axes"] = JSONValue(variant.axisValues)
    let cites = Dictionary(
      variant.scenario.attacks.map { ($0.id, $0.cite) }
        + variant.scenario.defenses.map { ($0.id, $0.cite) }, uniquingKeysWith: { a, b in a ?? b })
    func entry(_ id: String, _ use: JSONValue) -> JSONValue {
      ["id": .string(id), "use": use, "cite": JSONValue(cites[id] ?? nil)]
    }
    object["attacks"] = .array(axes.attacks.map { entry($0.id, $0.attack.json) })
    object["defenses"] = .array(axes.defenses.map { entry($0.id, $0.defense.json) })
    resolved.append(.object(object))
  }

  /// The attack `none` first; one is added if the scenario has none.
  private static func cleanFirst(_ attacks: [AttackChoice]) -> [AttackChoice] {
    guard let index = attacks.firstIndex(where: { $0.choice.use == "none" && $0.modifiers.isEmpty })
    else {
      return [AttackChoice(id: "none", choice: Choice("none"))] + attacks
    }
    var rest = attacks
    return [rest.remove(at: index)] + rest
  }

  /// The plain mean first; one is added if the scenario has none.
  private static func meanFirst(_ defenses: [DefenseChoice]) -> [DefenseChoice] {
    guard let index = defenses.firstIndex(where: \.isPlainMean) else {
      return [DefenseChoice(id: "mean", rule: Choice("mean"))] + defenses
    }
    var rest = defenses
    return [rest.remove(at: index)] + rest
  }
}

extension ScenarioFile.Variant {
  /// The values of the axes by dotted key.
  fileprivate var axisValues: [String: String] {
    Dictionary(uniqueKeysWithValues: axes.map { ($0.key, $0.value) })
  }
}
