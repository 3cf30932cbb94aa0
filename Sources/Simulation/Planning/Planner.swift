import Components
import Datasets
import Determinism
import Diagnostics
import Documents
import Federation
import Results
import Tensors
import Training

/// Builds a plan, collecting problems on the way.
struct Planner {
  let file: ScenarioFile
  let catalog: Catalog
  let options: Plan.Options
  let sink: ProblemSink
  private(set) var counts = PlanCounts()
  private(set) var trials: [PlannedTrial] = []
  private(set) var variants: [Plan.Variant] = []
  var manifestData: [RunManifestV1.Data] = []
  var resolved: [JSONValue] = []
  /// For each combination how many entries of `resolved` there are up to its last one.
  private(set) var resolvedEnds: [Int] = []
  /// Why cells are not applicable.
  private var reasons: Set<String> = []
  private var tasks: TaskResolver

  init(
    file: ScenarioFile, catalog: Catalog, options: Plan.Options, sink: ProblemSink = ProblemSink()
  ) {
    self.file = file
    self.catalog = catalog
    self.options = options
    self.sink = sink
    tasks = TaskResolver(
      scenarioPath: file.path, environment: options.environment,
      memory: options.memory ?? .largest, trainers: catalog.trainers, sink: sink)
  }

  /// Checks everything and counts the trials; makes them unless a count is enough.
  mutating func run(countsOnly: Bool = false) {
    checkSelections()
    var parts: [Part] = []
    var idle = IdleAttacks()
    var notes: [String] = []
    for variant in file.variants {
      guard let part = part(variant) else { continue }
      count(part)
      notes += [part.variant.scenario.smallStepNote].compactMap(\.self)
      notes += idle.notes(part, seeds: options.seeds ?? part.variant.scenario.seeds)
      if !countsOnly { parts.append(part) }
    }
    guard sink.problems.isEmpty else { return }
    if counts.requestedTrials == 0 {
      report("the selection leaves no cell to run")
    } else if counts.requestedTrials == counts.requestedNotApplicable {
      for reason in reasons.sorted() { report("no cell is feasible: \(reason)") }
    } else if counts.trials > Self.trialLimit {
      report(
        "asks for \(counts.trials == .max ? "more than 10^18" : "\(counts.trials)") trials ("
          + "\(counts.cells) \(counts.cells == 1 ? "cell" : "cells"), \(counts.seeds) "
          + "\(counts.seeds == 1 ? "seed" : "seeds")); at most \(Self.trialLimit) are planned")
    }
    counts.notes = notes.uniqued()
    guard sink.problems.isEmpty, !countsOnly else { return }
    for part in parts { add(part) }
  }

  /// The most trials of one plan.
  static let trialLimit = 1_000_000

  private func report(_ message: String) {
    sink.report(message, at: nil as SourcePosition?)
  }

  // MARK: - Selection

  private func checkSelections() {
    guard options.only != nil || options.skip != nil else { return }
    var known: [String: Set<String>] = [:]
    for variant in file.variants {
      known["attack", default: []].formUnion(variant.scenario.attacks.map(\.id))
      known["defense", default: []].formUnion(variant.scenario.defenses.map(\.id))
      for axis in variant.axes { known[axis.key, default: []].insert(axis.value) }
      guard
        variant.scenario.attacks.contains(where: { !$0.axes.isEmpty })
          || variant.scenario.defenses.contains(where: { !$0.axes.isEmpty })
      else { continue }
      for axis in variant.scenario.attacks.flatMap(\.axes)
        + variant.scenario.defenses.flatMap(\.axes)
      {
        known[axis.key, default: []].insert(axis.value)
      }
    }
    for selection in [options.only, options.skip].compactMap({ $0 }) {
      if let problem = selection.problem(known: known) {
        sink.report(problem, at: nil as SourcePosition?)
      }
    }
  }

  private func isSelected(
    _ attack: Axes.Attack, _ defense: Axes.Defense, _ variant: ScenarioFile.Variant
  ) -> Bool {
    // References that the engine added were not asked for.
    guard let attackPlace = attack.place, let defensePlace = defense.place,
      variant.includes(attackPlace, defensePlace)
    else { return false }
    guard options.only != nil || options.skip != nil else { return true }
    var cell = variant.axisValues(attack.axes, defense.axes)
    cell["attack"] = attack.id
    cell["defense"] = defense.id
    return (options.only?.matches(cell) ?? true) && !(options.skip?.matches(cell) ?? false)
  }

  // MARK: - One combination

  /// The components of one combination, the clean attack and the plain mean first.
  struct Axes {
    /// `place` is the position in the scenario's list; `nil` for a reference that was added.
    typealias Attack = (
      id: String, axes: [ScenarioFile.Axis], place: Int?, attack: ResolvedAttack, reason: String?
    )
    typealias Defense = (
      id: String, axes: [ScenarioFile.Axis], place: Int?, defense: ResolvedDefense, reason: String?
    )

    var attacks: [Attack]
    var defenses: [Defense]

    /// Why a cell is not applicable; `nil` if it is.
    func reason(_ cell: Cell) -> String? {
      attacks[cell.attack].reason ?? defenses[cell.defense].reason
    }
  }

  /// Positions in ``Axes``; 0 is the clean attack and the plain mean.
  struct Cell: Hashable {
    let attack: Int
    let defense: Int
  }

  /// One combination, checked.
  struct Part {
    let variant: ScenarioFile.Variant
    let task: TaskFacts
    let axes: Axes
    let wanted: Set<Cell>
    let needed: Set<Cell>
    let memory: MemoryNeed
  }

  private mutating func part(_ variant: ScenarioFile.Variant) -> Part? {
    let scenario = variant.scenario
    guard variant.soundness.settings else {
      if variant.soundness.dataset { tasks.checkData(of: scenario) }
      return nil
    }
    guard let task = tasks.facts(of: scenario) else { return nil }
    let axes = components(of: scenario, task)
    checkReservedIDs(scenario)
    guard sink.problems.isEmpty, let memory = memory(scenario, task, axes) else { return nil }
    let (wanted, needed) = cells(variant, axes)
    return Part(
      variant: variant, task: task, axes: axes, wanted: wanted, needed: needed, memory: memory)
  }

  /// What a combination takes; `nil`, reported, where that is more than there is.
  private func memory(_ scenario: Scenario, _ task: TaskFacts, _ axes: Axes) -> MemoryNeed? {
    let setup = ComponentSetups(scenario: scenario, task: task).attack(seed: 0, data: nil)
    let memory = MemoryNeed(
      scenario, task, defenses: axes.defenses.map(\.defense),
      keepsModels: axes.attacks.contains {
        (try? $0.attack.make(setup))?.roundTrigger != nil
      })
    let limit = options.memory ?? .largest
    guard memory.least <= limit.byteCount else {
      sink.report(
        limit.refusal(
          of: "\(scenario.clients.participantCount) participants with "
            + "\(task.layout.count) parameters each, their defenses and data need",
          needing: memory.least, instead: "take fewer participants or examples or a smaller model"),
        at: scenario.task.position)
      return nil
    }
    return memory
  }

  /// Counts the trials of a combination, in numbers that stop at the largest.
  private mutating func count(_ part: Part) {
    let seeds = (options.seeds ?? part.variant.scenario.seeds).count
    let extra = part.needed.subtracting(part.wanted)
    var idle = 0
    for cell in part.wanted {
      guard let reason = part.axes.reason(cell) else { continue }
      idle += 1
      reasons.insert(reason)
    }
    let ready = part.wanted.count - idle + extra.count
    counts.seeds = max(counts.seeds, seeds)
    counts.cells += part.wanted.count + extra.count
    counts.add(part.wanted.count, seeds, to: \.requestedTrials)
    counts.add(extra.count, seeds, to: \.impliedTrials)
    counts.add(idle, seeds, to: \.requestedNotApplicable)
    counts.add(ready, seeds, times: part.variant.scenario.rounds, to: \.rounds)
    counts.requestedCells += part.wanted.count
    counts.notApplicableCells += idle
  }

  private mutating func add(_ part: Part) {
    variants.append(
      Plan.Variant(scenario: part.variant.scenario, task: part.task, memory: part.memory))
    noteData(part.task, part.variant.scenario)
    let json = part.variant.scenario.resolved(part.task.digests(of: part.variant.scenario))
    noteResolved(part, json)
    resolvedEnds.append(resolved.count)
    addTrials(part, json)
  }

  private func components(of scenario: Scenario, _ task: TaskFacts) -> Axes {
    let resolver = ComponentResolver(
      scenario: scenario, catalog: catalog, task: task, sink: sink,
      folder: UserPath.folder(of: file.path))
    resolver.checkThreat()
    return Axes(
      attacks: Self.cleanFirst(scenario.attacks).compactMap { place, choice in
        resolver.resolve(choice).map {
          (id: choice.id, axes: choice.axes, place: place, attack: $0.attack, reason: $0.reason)
        }
      },
      defenses: Self.meanFirst(scenario.defenses).compactMap { place, choice in
        resolver.resolve(choice).map {
          (id: choice.id, axes: choice.axes, place: place, defense: $0.defense, reason: $0.reason)
        }
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
      for (d, defense) in axes.defenses.enumerated() where isSelected(attack, defense, variant) {
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

  private mutating func addTrials(_ part: Part, _ resolved: JSONValue) {
    let (variant, axes) = (part.variant, part.axes)
    let scenario = variant.scenario
    let forkable = Forkable(part)
    for seed in options.seeds ?? scenario.seeds {
      var positions: [Cell: Int] = [:]
      for (a, attack) in axes.attacks.enumerated() {
        for (d, defense) in axes.defenses.enumerated() {
          let cell = Cell(attack: a, defense: d)
          let isWanted = part.wanted.contains(cell)
          guard isWanted || part.needed.contains(cell) else { continue }
          let json = TrialKey.json(
            resolved, attack: attack.attack, defense: defense.defense, seed: seed)
          let reason = attack.reason ?? defense.reason
          positions[cell] = trials.count
          var trial = PlannedTrial(
            attack: attack.id, defense: defense.id,
            axes: variant.axisValues(attack.axes, defense.axes), seed: seed,
            feasibility: reason.map { .notApplicable($0) } ?? .ready,
            isImplied: !isWanted, key: TrialKey.hexadecimal(json),
            attackerCount: scenario.threat.maliciousCount, rounds: scenario.rounds,
            variant: variants.count - 1, attackPlace: a, attackChoice: attack.attack,
            defenseChoice: defense.defense, isForkable: forkable.includes(cell))
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
    for (_, choice) in Self.cleanFirst(scenario.attacks).dropFirst() where choice.id == "none" {
      sink.report(
        "the id 'none' is that of the clean reference; give this attack another 'id:'",
        at: choice.choice.position)
    }
    for (_, choice) in Self.meanFirst(scenario.defenses).dropFirst() where choice.id == "mean" {
      sink.report(
        "the id 'mean' is that of the undefended reference; give this defense another 'id:'",
        at: choice.rule.position)
    }
  }

  /// The attack `none` first, each with its place in the list; one is added if there is none.
  private static func cleanFirst(_ attacks: [AttackChoice]) -> [(Int?, AttackChoice)] {
    referenceFirst(attacks, AttackChoice(id: "none", choice: Choice("none"))) { $0.isClean }
  }

  /// The plain mean first, likewise.
  private static func meanFirst(_ defenses: [DefenseChoice]) -> [(Int?, DefenseChoice)] {
    referenceFirst(defenses, DefenseChoice(id: "mean", rule: Choice("mean"))) { $0.isPlainMean }
  }

  private static func referenceFirst<Entry>(
    _ entries: [Entry], _ reference: Entry, _ isReference: (Entry) -> Bool
  ) -> [(Int?, Entry)] {
    var all = entries.enumerated().map { (place: Int?.some($0.offset), entry: $0.element) }
    guard let index = entries.firstIndex(where: isReference) else {
      return [(nil, reference)] + all
    }
    let first = all.remove(at: index)
    return [first] + all
  }
}
