/// Everything that one gate found.
public struct GateReport: Hashable, Sendable {
  /// How well one metric was watched.
  public struct Visibility: Hashable, Sendable {
    public var metric: String
    public var tolerance: Double
    /// The median and the largest, over the cells, of the smallest worsening that would have been
    /// called a regression.
    public var median: Double
    public var largest: Double
    public var largestCell: String
    /// Cells in which a worsening of twice the tolerance would not have been seen.
    public var blindCount: Int
    public var checkCount: Int

    public init(
      metric: String, tolerance: Double, median: Double, largest: Double, largestCell: String,
      blindCount: Int, checkCount: Int
    ) {
      self.metric = metric
      self.tolerance = tolerance
      self.median = median
      self.largest = largest
      self.largestCell = largestCell
      self.blindCount = blindCount
      self.checkCount = checkCount
    }
  }

  /// The scenario's name.
  public var scenario: String
  /// The baseline file as the user wrote it; `nil` if only claims were checked.
  public var baselinePath: String?
  /// The folder of the results as the user wrote it.
  public var resultsPath: String
  /// Whether every number had to be equal to the bit.
  public var isExact: Bool
  /// In the order of the baseline: by cell, then by metric.
  public var findings: [Finding]
  public var claims: [ClaimFinding]
  /// What is odd but decides nothing by itself, such as an expired override.
  public var warnings: [String]
  /// What a reader should know and no verdict depends on, such as a defense with new parameters.
  public var notes: [String]
  /// Cells of the results that the baseline lacks.
  public var extraCells: [String]
  public var visibility: [Visibility]
  /// How many tests the p values and intervals are adjusted for.
  public var testCount = 0
  /// What the policy says about cases that are neither red nor green.
  public var policy: Policy.Reactions

  public init(
    scenario: String, baselinePath: String?, resultsPath: String, isExact: Bool,
    findings: [Finding], claims: [ClaimFinding] = [], warnings: [String] = [],
    notes: [String] = [], extraCells: [String] = [], visibility: [Visibility] = [],
    policy: Policy.Reactions = .init()
  ) {
    self.scenario = scenario
    self.baselinePath = baselinePath
    self.resultsPath = resultsPath
    self.isExact = isExact
    self.findings = findings
    self.claims = claims
    self.warnings = warnings
    self.notes = notes
    self.extraCells = extraCells
    self.visibility = visibility
    self.policy = policy
  }

  public func count(_ verdict: CheckVerdict) -> Int {
    findings.count { $0.verdict == verdict }
  }

  /// The findings with a verdict.
  public func findings(_ verdict: CheckVerdict) -> [Finding] {
    findings.filter { $0.verdict == verdict }
  }

  /// Claims that were to hold and do not; void ones among them, since a dead model keeps no promise.
  public var brokenClaims: [ClaimFinding] {
    claims.filter { ($0.verdict == .broken || $0.verdict == .void) && !$0.isKnownToFail }
  }

  /// Checks and claims for which there were numbers on both sides.
  public var comparedCount: Int {
    findings.count { $0.verdict != .missing && $0.verdict != .incomparable }
      + claims.count { $0.verdict != .missing }
  }
}
