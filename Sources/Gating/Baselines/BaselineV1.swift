public import Results

/// The numbers that results are held against, with the policy that says how.
///
/// A JSON file, pretty at the top and with one line per cell below, so that a review sees one line
/// per cell that changed. It holds the value of every seed, because pairing needs them.
public struct BaselineV1: Hashable, Sendable {
  public static let currentSchema = "gauntlet/baseline/1"

  /// How many hexadecimal digits of the digests of the final parameters a baseline holds.
  public static let digestLength = 16

  /// What the numbers are measurements of.
  public struct Origin: Hashable, Sendable {
    /// Such as `gauntlet 0.1.0`.
    public var tool: String
    /// ISO 8601 in UTC.
    public var at: String
    public var engine: Int
    public var scenario: String
    public var data: [RunManifestV1.Data]
    /// For each combination of axes, everything but defenses and seeds.
    public var settings: [Setting]

    public init(
      tool: String, at: String, engine: Int, scenario: String, data: [RunManifestV1.Data],
      settings: [Setting]
    ) {
      self.tool = tool
      self.at = at
      self.engine = engine
      self.scenario = scenario
      self.data = data
      self.settings = settings
    }
  }

  /// One change of the file.
  public struct Entry: Hashable, Sendable {
    /// ISO 8601 in UTC.
    public var at: String
    /// Who changed it, if they said so.
    public var by: String?
    public var why: String
    /// How many cells it added, replaced or dropped.
    public var cells: Int

    public init(at: String, by: String? = nil, why: String, cells: Int) {
      self.at = at
      self.by = by
      self.why = why
      self.cells = cells
    }
  }

  /// The numbers of one cell.
  public struct Cell: Hashable, Sendable {
    public var attack: String
    public var defense: String
    public var axes: [String: String]
    /// Ascending.
    public var seeds: [Int]
    /// Values by metric, in the order of the seeds; `nil` where there is none.
    public var metrics: [String: [Double?]]
    /// The seeds whose value is only a lower bound, by metric.
    public var censored: [String: [Int]]
    /// The first `digestLength` hexadecimal digits of the digests of the final parameters, by seed.
    public var parameters: [String]
    /// The line in the file, counted from 1; `nil` if it does not come from one.
    public var line: Int?

    public init(
      attack: String, defense: String, axes: [String: String] = [:], seeds: [Int],
      metrics: [String: [Double?]], censored: [String: [Int]] = [:], parameters: [String],
      line: Int? = nil
    ) {
      self.attack = attack
      self.defense = defense
      self.axes = axes
      self.seeds = seeds
      self.metrics = metrics
      self.censored = censored
      self.parameters = parameters
      self.line = line
    }

    /// `attack/defense`, then the axes.
    public var name: String {
      TrialRecordV1.cellName(attack: attack, defense: defense, axes: axes)
    }

    /// The cell by key, as selections see it.
    public var keys: [String: String] {
      axes.merging(["attack": attack, "defense": defense]) { $1 }
    }
  }

  public var origin: Origin
  public var policy: Policy
  public var history: [Entry]
  /// Sorted by name.
  public var cells: [Cell]

  public init(origin: Origin, policy: Policy, history: [Entry], cells: [Cell]) {
    self.origin = origin
    self.policy = policy
    self.history = history
    self.cells = cells.sorted { $0.name < $1.name }
  }
}
