import Gating
import Results
import _TestSupport

/// Small results and baselines to compare.
enum Sample {
  static let policy = Policy(metrics: [
    "accuracy": .init(better: .higher, abs: 0.0625), "asr": .init(better: .lower, abs: 0.0625),
    "norm": .init(better: .none, abs: 0.0625),
  ])

  static let data = [RunManifestV1.Data(name: "digits", sha256: "d1", rows: 1797)]

  /// The resolved scenario of one combination of axes.
  static func resolved(
    rounds: Int = 60, epsilon: Double = 0.5, f: Int = 4, axes: [String: String] = [:]
  ) -> JSONValue {
    [
      [
        "axes": JSONValue(axes), "rounds": .integer(rounds), "seeds": [1, 2, 3],
        "attacks": [
          ["id": "none", "use": ["id": "none"]],
          ["id": "ipm", "use": ["id": "ipm", "epsilon": .number(epsilon)]],
        ],
        "defenses": [
          ["id": "mean", "use": ["id": "mean"]],
          ["id": "krum", "use": ["id": "krum", "f": .integer(f)]],
        ],
      ]
    ]
  }

  static func record(
    _ cell: String, seed: Int, _ metrics: [String: Double?] = [:], axes: [String: String] = [:],
    status: TrialStatus = .ok, censored: [String] = [], parameters: String = "ab",
    engine: Int = 1, message: String? = nil
  ) -> TrialRecordV1 {
    let parts = cell.split(separator: "/").map(String.init)
    return TrialRecordV1(
      key: String(repeating: "0", count: 64), attack: parts[0], defense: parts[1], axes: axes,
      seed: seed, engine: engine, status: status, metrics: metrics, censored: censored,
      parametersSHA256: status == .ok ? String(repeating: parameters, count: 32) : nil,
      rounds: 60, message: message)
  }

  /// One finished trial per value; the seeds are 1, 2, 3 and so on unless they are given.
  static func trials(
    _ cell: String, _ metrics: [String: [Double?]], seeds: [Int]? = nil,
    axes: [String: String] = [:]
  ) -> [TrialRecordV1] {
    let count = metrics.values.map(\.count).max() ?? 0
    return (seeds ?? Array(1...count)).enumerated().map { index, seed in
      record(cell, seed: seed, metrics.mapValues { $0[index] }, axes: axes)
    }
  }

  static func results(_ records: [TrialRecordV1], resolved: JSONValue? = nil) -> ResultSet {
    ResultSet(
      scenario: "core", engine: 1, data: data, resolved: resolved ?? self.resolved(),
      records: records)
  }

  /// A baseline of results; metrics of the policy that no trial has are left out of it.
  static func baseline(
    _ results: ResultSet, policy: Policy = policy
  ) throws -> BaselineV1 {
    let known = Set(results.records.flatMap(\.metrics.keys))
    var policy = policy
    policy.metrics = policy.metrics.filter { known.contains($0.key) }
    return try BaselineV1(
      recording: results, policy: policy, tool: "gauntlet 0.1.0", now: "2026-01-01T00:00:00Z",
      by: "ci", why: "first")
  }

  static func baseline(
    _ records: [TrialRecordV1], policy: Policy = policy
  ) throws -> BaselineV1 {
    try baseline(results(records), policy: policy)
  }

  /// The finding of one metric of one cell with these values before and after.
  static func finding(
    _ metric: String, _ before: [Double?], _ after: [Double?], policy: Policy = policy,
    gate: Gate = Gate()
  ) throws -> Finding? {
    let baseline = try baseline(trials("ipm/krum", [metric: before]), policy: policy)
    let report = gate.check(results(trials("ipm/krum", [metric: after])), against: baseline)
    return report.findings.first { $0.metric == metric }
  }

  /// Several cells with noise in two metrics, the same for the same number; five seeds.
  static func noisy(_ number: UInt64, cells: Int = 6, spread: Double = 0.03) -> [TrialRecordV1] {
    var random = SeededGenerator(number)
    return (0..<cells).flatMap { cell in
      trials(
        "a\(cell / 2)/d\(cell % 2)",
        [
          "accuracy": (0..<5).map { _ in 0.7 + Double.random(in: -spread...spread, using: &random)
          },
          "asr": (0..<5).map { _ in 0.2 + Double.random(in: -spread...spread, using: &random) },
        ])
    }
  }
}
