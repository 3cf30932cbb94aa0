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
  private var resolver: DataResolver

  init(file: ScenarioFile, catalog: Catalog, options: Plan.Options) {
    self.file = file
    self.catalog = catalog
    self.options = options
    resolver = DataResolver(scenarioPath: file.path, environment: options.environment)
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
    guard let data = open(scenario) else { return }
    let model = Perceptron(
      inputs: data.source.shape.count, hidden: scenario.task.model.hidden,
      classes: data.source.classCount, initialization: scenario.task.model.initialization)
    let axes = components(of: scenario, data.source, model)
    checkReservedIDs(scenario)
    guard sink.problems.isEmpty else { return }
    variants.append(
      Plan.Variant(
        scenario: scenario, data: data, model: model))
    noteData(scenario, data)
    noteResolved(variant, data, axes)
    addTrials(variant, data, axes)
  }

  private func components(
    of scenario: Scenario, _ source: any DataSource, _ model: any Model
  ) -> Axes {
    let resolver = ComponentResolver(
      scenario: scenario, catalog: catalog, source: source, model: model, sink: sink)
    resolver.checkBackdoor()
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
    _ variant: ScenarioFile.Variant, _ data: DataResolver.Opened, _ axes: Axes
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
            scenario: scenario, dataDigest: data.digest, attack: attack.attack,
            defense: defense.defense, seed: seed)
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

  private mutating func open(_ scenario: Scenario) -> DataResolver.Opened? {
    let data: DataResolver.Opened
    do throws(DatasetError) {
      data = try resolver.open(scenario.task.dataset)
    } catch {
      sink.report("task.dataset: \(error)", at: scenario.task.datasetPosition)
      return nil
    }
    var drawsSizes = false
    if case .uniformSizes = scenario.clients.partition { drawsSizes = true }
    if data.source.trainingCount == nil && !drawsSizes {
      sink.report(
        "task.dataset.train is missing: how many examples to draw for all clients "
          + "(only the partition 'uniform-sizes' decides that itself)",
        at: scenario.task.datasetPosition)
      return nil
    }
    if let problem = sizeProblem(scenario, data.source) {
      sink.report(problem, at: scenario.task.datasetPosition)
      return nil
    }
    return data
  }

  /// Says what does not fit: too few examples for the clients, or a run too large for any machine.
  private func sizeProblem(_ scenario: Scenario, _ source: any DataSource) -> String? {
    let clients = scenario.clients.count
    if let count = source.trainingCount {
      let (each, what) =
        switch scenario.clients.partition {
        case .uniformSizes(_, let maximum): (maximum - 1, "up to \(maximum - 1) examples")
        case .labelShards(let perClient): (perClient, "\(perClient) shards")
        case .iid, .dirichlet, .quantitySkew: (1, "an example")
        }
      let (needed, isOverflow) = clients.multipliedReportingOverflow(by: each)
      if isOverflow || count < needed {
        return "clients.count is \(clients), but there are only \(count) training examples"
          + (each == 1 ? "" : " for \(what) each")
      }
    }
    // In doubles, so that nothing overflows.
    let limit = 256 * 0x1p30
    if case .gaussianClasses(let features, _, _, let train, let test) = scenario.task.dataset {
      var examples = Double(train ?? 0) + Double(test)
      if case .uniformSizes(_, let maximum) = scenario.clients.partition, train == nil {
        examples += Double(clients) * Double(maximum)
      }
      if 4 * examples * Double(features) > limit {
        return "\(Int(examples)) examples of \(features) features need more than 256 GiB"
      }
    }
    let widths = [source.shape.count] + scenario.task.model.hidden + [source.classCount]
    let parameters = zip(widths, widths.dropFirst()).reduce(0.0) { sum, layer in
      sum + (Double(layer.0) + 1) * Double(layer.1)
    }
    // Rows and buffers of one trial.
    guard 4 * parameters * Double(scenario.clients.participantCount + 8) <= limit else {
      return "a model of \(Int(min(parameters, 1e15))) parameters for "
        + "\(scenario.clients.participantCount) participants needs more than 256 GiB"
    }
    return nil
  }

  private mutating func noteData(_ scenario: Scenario, _ data: DataResolver.Opened) {
    let name =
      switch scenario.task.dataset {
      case .digits: "digits"
      case .gaussianClasses: "gaussian-classes"
      case .idx: "idx"
      }
    if let digest = data.digest, !manifestData.contains(where: { $0.sha256 == digest }) {
      manifestData.append(.init(name: name, sha256: digest, rows: data.rowCount))
    }
  }

  private mutating func noteResolved(
    _ variant: ScenarioFile.Variant, _ data: DataResolver.Opened, _ axes: Axes
  ) {
    guard case .object(var object) = variant.scenario.resolved(dataDigest: data.digest) else {
      return
    }
    object["axes"] = JSONValue(variant.axisValues)
    let cites = Dictionary(
      variant.scenario.attacks.map { ($0.id, $0.cite) }
        + variant.scenario.defenses.map { ($0.id, $0.cite) }, uniquingKeysWith: { a, b in a ?? b })
    func entry(_ id: String, _ use: JSONValue) -> JSONValue {
      ["id": .string(id), "use": use, "cite": JSONValue(cites[id] ?? nil)]
    }
    object["attacks"] = .array(axes.attacks.map { entry($0.id, TrialKey.component($0.attack)) })
    object["defenses"] = .array(axes.defenses.map { entry($0.id, TrialKey.component($0.defense)) })
    resolved.append(.object(object))
  }

  /// The attack `none` first; one is added if the scenario has none.
  private static func cleanFirst(_ attacks: [AttackChoice]) -> [AttackChoice] {
    guard let index = attacks.firstIndex(where: { $0.choice.use == "none" }) else {
      return [AttackChoice(id: "none", choice: Choice("none"))] + attacks
    }
    var rest = attacks
    return [rest.remove(at: index)] + rest
  }

  /// The plain mean first; one is added if the scenario has none.
  private static func meanFirst(_ defenses: [DefenseChoice]) -> [DefenseChoice] {
    let isPlain: (DefenseChoice) -> Bool = { $0.stages.isEmpty && $0.rule.use == "mean" }
    guard let index = defenses.firstIndex(where: isPlain) else {
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
