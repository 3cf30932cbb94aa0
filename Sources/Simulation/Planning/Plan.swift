import Datasets
import Determinism
public import Diagnostics
import Documents
public import Federation
import Foundation
public import Results
import Training

/// Everything that a run will do, resolved and checked; nothing is trained yet.
///
/// Trials come in the order in which they run and are recorded: by matrix combination, then seed,
/// then attack (the clean one first), then defense (the plain mean first), so a trial's twins
/// precede it.
public struct Plan: Sendable {
  /// What to take of a scenario.
  public struct Options: Sendable {
    public var only: Selection?
    public var skip: Selection?
    public var seeds: [UInt64]?
    /// Variables such as `GAUNTLET_DATA`.
    public var environment: [String: String]
    /// What a run may take; `nil`: as much as any.
    public var memory: MemoryLimit?

    public init(
      only: Selection? = nil, skip: Selection? = nil, seeds: [UInt64]? = nil,
      environment: [String: String] = [:], memory: MemoryLimit? = nil
    ) {
      self.only = only
      self.skip = skip
      self.seeds = seeds
      self.environment = environment
      self.memory = memory
    }
  }

  /// One combination of the matrix, ready to run.
  struct Variant: Sendable {
    let scenario: Scenario
    let task: TaskFacts
    /// What it takes while it trains.
    let memory: MemoryNeed

    var setups: ComponentSetups { ComponentSetups(scenario: scenario, task: task) }
  }

  public let name: String
  /// How much it is.
  public let counts: PlanCounts
  /// The path of the scenario file as the user wrote it.
  public let path: String
  /// Digest of the scenario file's bytes, in hexadecimal.
  public let scenarioSHA256: String
  public private(set) var trials: [PlannedTrial]
  /// Data sets with digests, for the run's manifest.
  public let data: [RunManifestV1.Data]
  /// The resolved scenario of each combination, for the run's manifest.
  public let resolved: JSONValue
  /// For each combination how many entries of `resolved` there are up to its last one.
  private let resolvedEnds: [Int]
  let variants: [Variant]
  /// The dotted keys of the matrix axes, those of combinations that are not selected too.
  let axes: [String]

  /// Plans a scenario.
  ///
  /// - Throws: ``DocumentError`` with every problem found: unknown components, illegal or missing
  ///   parameters, triggers larger than the input, unreadable data, selections that match nothing,
  ///   what does not fit in memory, and a matrix in which no cell is feasible.
  public init(_ file: ScenarioFile, catalog: Catalog, options: Options = Options())
    throws(DocumentError)
  {
    var planner = Planner(file: file, catalog: catalog, options: options)
    planner.run()
    guard planner.sink.problems.isEmpty else {
      throw DocumentError(file: file.path, problems: planner.sink.problems)
    }
    self.init(file, planner)
  }

  /// Reads and plans a scenario.
  ///
  /// - Parameters:
  ///   - path: A YAML (or JSON) file; `-` is standard input.
  ///   - catalog: What it may name.
  ///   - overrides: Dotted keys and values that replace what the file says.
  ///   - options: What to take of it.
  /// - Throws: ``DocumentError`` with the problems of the file and of the plan, as far as both can be
  ///   known, at once.
  public init(
    path: String, catalog: Catalog, overrides: [(key: String, value: String)] = [],
    options: Options = Options()
  ) throws(DocumentError) {
    let (file, planner) = try Self.planner(path, catalog, overrides, options, countsOnly: false)
    self.init(file, planner)
  }

  /// Checks a scenario as planning it does, and counts its trials without making them.
  ///
  /// - Throws: ``DocumentError`` with the problems of the file and of the plan at once.
  public static func counts(
    path: String, catalog: Catalog, overrides: [(key: String, value: String)] = [],
    options: Options = Options()
  ) throws(DocumentError) -> PlanCounts {
    try planner(path, catalog, overrides, options, countsOnly: true).planner.counts
  }

  private static func planner(
    _ path: String, _ catalog: Catalog, _ overrides: [(key: String, value: String)],
    _ options: Options, countsOnly: Bool
  ) throws(DocumentError) -> (file: ScenarioFile, planner: Planner) {
    let (name, text) = try YAMLDocument.text(of: path, kind: "a scenario")
    let sink = ProblemSink()
    let file = try ScenarioFile(
      text: text, path: name, catalog: catalog, overrides: overrides, sink: sink)
    var planner = Planner(file: file, catalog: catalog, options: options, sink: sink)
    planner.run(countsOnly: countsOnly)
    guard sink.problems.isEmpty else { throw DocumentError(file: name, problems: sink.problems) }
    return (file, planner)
  }

  private init(_ file: ScenarioFile, _ planner: Planner) {
    name = file.name
    path = file.path
    scenarioSHA256 = file.sha256
    trials = planner.trials
    variants = planner.variants
    let entryAxes = file.variants.first.map { first in
      first.scenario.attacks.flatMap(\.axes) + first.scenario.defenses.flatMap(\.axes)
    }
    axes = (file.variants.flatMap { $0.axes.map(\.key) } + (entryAxes ?? []).map(\.key)).uniqued()
    counts = planner.counts
    data = planner.manifestData
    resolved = .array(planner.resolved)
    resolvedEnds = planner.resolvedEnds
  }

  /// The trials that were asked for, implied ones left out.
  public var requestedCount: Int { counts.requestedTrials }

  /// Rounds of all trials that will run.
  public var roundCount: Int {
    trials.reduce(0) { $0 + ($1.feasibility == .ready ? $1.rounds : 0) }
  }

  /// The resolved scenario of the combinations that the trials at these places are of.
  ///
  /// Each of a thousand shards would else carry those of all.
  public func resolved(of places: Range<Int>) -> JSONValue {
    guard case .array(let all) = resolved, let first = places.first, let last = places.last else {
      return resolved
    }
    // Trials come combination by combination.
    let (from, to) = (trials[first].variant, trials[last].variant)
    return .array(Array(all[(from == 0 ? 0 : resolvedEnds[from - 1])..<resolvedEnds[to]]))
  }

  /// Records of this plan with what they are measurements of.
  public func resultSet(_ records: [TrialRecordV1]) -> ResultSet {
    ResultSet(
      scenario: name, engine: Engine.number, data: data, resolved: resolved, records: records)
  }
}
