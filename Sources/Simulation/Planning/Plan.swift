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

    public init(
      only: Selection? = nil, skip: Selection? = nil, seeds: [UInt64]? = nil,
      environment: [String: String] = [:]
    ) {
      self.only = only
      self.skip = skip
      self.seeds = seeds
      self.environment = environment
    }
  }

  /// One combination of the matrix, ready to run.
  struct Variant: Sendable {
    let scenario: Scenario
    let task: TaskFacts

    var setups: ComponentSetups { ComponentSetups(scenario: scenario, task: task) }
  }

  public let name: String
  /// The path of the scenario file as the user wrote it.
  public let path: String
  /// Digest of the scenario file's bytes, in hexadecimal.
  public let scenarioSHA256: String
  public private(set) var trials: [PlannedTrial]
  /// Data sets with digests, for the run's manifest.
  public let data: [RunManifestV1.Data]
  /// The resolved scenario of each combination, for the run's manifest.
  public let resolved: JSONValue
  let variants: [Variant]
  /// The dotted keys of the matrix axes, those of combinations that are not selected too.
  let axes: [String]

  /// Plans a scenario.
  ///
  /// - Throws: ``DocumentError`` with every problem found: unknown components, illegal or missing
  ///   parameters, triggers larger than the input, unreadable data, selections that match nothing,
  ///   and a matrix in which no cell is feasible.
  public init(_ file: ScenarioFile, catalog: Catalog, options: Options = Options())
    throws(DocumentError)
  {
    var planner = Planner(file: file, catalog: catalog, options: options)
    planner.run()
    guard planner.sink.problems.isEmpty else {
      throw DocumentError(file: file.path, problems: planner.sink.problems)
    }
    name = file.name
    path = file.path
    scenarioSHA256 = file.sha256
    trials = planner.trials
    variants = planner.variants
    axes = file.variants.flatMap { $0.axes.map(\.key) }.uniqued()
    data = planner.manifestData
    resolved = .array(planner.resolved)
  }

  /// The trials that were asked for, implied ones left out.
  public var requestedCount: Int { trials.count { !$0.isImplied } }

  /// Rounds of all trials that will run.
  public var roundCount: Int {
    trials.reduce(0) { $0 + ($1.feasibility == .ready ? $1.rounds : 0) }
  }

  /// Records of this plan with what they are measurements of.
  public func resultSet(_ records: [TrialRecordV1]) -> ResultSet {
    ResultSet(
      scenario: name, engine: Engine.number, data: data, resolved: resolved, records: records)
  }
}
