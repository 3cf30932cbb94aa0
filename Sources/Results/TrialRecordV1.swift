/// One trial, a line of `trials.jsonl`: one attack against one defense with one seed.
///
/// Rates are fractions in [0, 1]. Encoding is canonical (`CanonicalJSON`): equal records give
/// equal bytes. Decoding ignores unknown keys, so that a later version may add some. `type` is
/// `"trial"` in the file, and the version is the number at the end of `RunManifestV1.schema`.
public struct TrialRecordV1: Hashable, Sendable {
  /// SHA-256 of everything resolved, in 64 lower-case hexadecimal digits: the identity.
  public var key: String
  /// The attack's id in the scenario.
  public var attack: String
  /// The defense's id in the scenario.
  public var defense: String
  /// Values of the matrix axes by dotted key, such as `threat.malicious`; empty without a matrix.
  public var axes: [String: String]
  public var seed: Int
  /// The engine number: raised whenever numbers may change.
  public var engine: Int
  public var status: TrialStatus
  /// Metric values by id; every registered id is a key in an `ok` trial, `nil` where it does not
  /// apply.
  public var metrics: [String: Double?]
  /// Why a metric is `nil`, by id.
  public var absent: [String: String]
  /// Metrics whose value is only a lower bound.
  public var censored: [String]
  /// Reliability flags, such as `oracle-f`.
  public var flags: [String]
  /// Digest of the final global parameters; `nil` unless the trial is `ok`.
  public var parametersSHA256: String?
  /// Parameters that the run worked out, such as the `gamma` of model replacement.
  public var resolved: [String: Double]
  /// How well each detector tells attackers apart: by the detector's name the true positive rates at
  /// ``falsePositiveRates``, ascending, rounded to four decimals.
  ///
  /// Detectors that saw no round are left out; lines of earlier versions have none. `rule` is the
  /// defense's own suspicion.
  public var roc: [String: [Double]]
  /// Rounds that were run.
  public var rounds: Int
  /// Whether the trial ran only because a metric of another one needs it.
  public var isImplied: Bool
  /// The reason of an error, a timeout or an infeasible pair.
  public var message: String?

  /// Names the cell: `attack/defense`, then ` axis=value` for each axis in the order of its key.
  public var cell: String {
    Self.cellName(attack: attack, defense: defense, axes: axes)
  }

  /// The cell by key, as selections see it: `attack`, `defense`, and the axes.
  public var keys: [String: String] {
    axes.merging(["attack": attack, "defense": defense]) { $1 }
  }

  /// Creates a record.
  ///
  /// - Precondition: all metrics and resolved values are finite (or `nil`), `key` and
  ///   `parametersSHA256` are 64 lower-case hexadecimal digits, each curve of `roc` has one rate per
  ///   entry of ``falsePositiveRates``, ascending in 0...1, and `rounds` is not negative.
  public init(
    key: String, attack: String, defense: String, axes: [String: String] = [:], seed: Int,
    engine: Int, status: TrialStatus, metrics: [String: Double?] = [:],
    absent: [String: String] = [:], censored: [String] = [], flags: [String] = [],
    parametersSHA256: String? = nil, resolved: [String: Double] = [:],
    roc: [String: [Double]] = [:], rounds: Int = 0,
    isImplied: Bool = false, message: String? = nil
  ) {
    self.key = key
    self.attack = attack
    self.defense = defense
    self.axes = axes
    self.seed = seed
    self.engine = engine
    self.status = status
    self.metrics = metrics
    self.absent = absent
    self.censored = censored
    self.flags = flags
    self.parametersSHA256 = parametersSHA256
    self.resolved = resolved
    self.roc = roc
    self.rounds = rounds
    self.isImplied = isImplied
    self.message = message
    let problem = self.problem
    precondition(problem == nil, "trial record: \(problem ?? "")")
  }

  /// The name of a cell: `attack/defense`, then ` axis=value` for each axis, sorted by key.
  public static func cellName(
    attack: String, defense: String, axes: [String: String] = [:]
  ) -> String {
    axes.sorted { $0.key < $1.key }
      .reduce("\(attack)/\(defense)") { "\($0) \($1.key)=\($1.value)" }
  }

  /// What no record may hold; `nil` if all is well.
  var problem: String? {
    guard Self.isDigest(key) else {
      return "the key '\(key)' is not 64 lower-case hexadecimal digits"
    }
    if let parametersSHA256, !Self.isDigest(parametersSHA256) {
      return "parameters_sha256 '\(parametersSHA256)' is not 64 lower-case hexadecimal digits"
    }
    guard rounds >= 0 else { return "rounds is \(rounds)" }
    if let name = roc.filter({ !Self.isCurve($0.value) }).keys.min() {
      return "'roc.\(name)' is not \(Self.falsePositiveRates.count) ascending numbers from 0 to 1"
    }
    // Nearly always; sorting is for a message that is always the same.
    if metrics.values.allSatisfy({ $0?.isFinite ?? true }), resolved.values.allSatisfy(\.isFinite) {
      return nil
    }
    let present = metrics.compactMapValues(\.self).sorted { $0.key < $1.key }
    let all = present + resolved.sorted { $0.key < $1.key }
    return all.first { !$0.value.isFinite }
      .map { "'\($0.key)' is \($0.value), which no result file can hold" }
  }

  /// The false positive rates of the points of ``roc``: 0, 0.05, …, 1.
  public static let falsePositiveRates = (0...20).map { Double($0) / 20 }

  private static func isCurve(_ rates: [Double]) -> Bool {
    guard rates.count == falsePositiveRates.count, rates[0] >= 0, rates[20] <= 1 else {
      return false
    }
    return zip(rates, rates.dropFirst()).allSatisfy(<=)
  }

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
