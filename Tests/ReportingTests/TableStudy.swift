import Components
import Results
import Studies

/// A small study for the tests of tables: three attacks, two of them real, against three defenses.
enum TableStudy {
  static let digest = "0123456789abcdef" + String(repeating: "0", count: 48)

  static let facts = MethodFacts(
    methods: [
      .attack: [
        "weak": .init(ComponentManifest(id: "weak", summary: ""), tier: "low"),
        "strong": .init(ComponentManifest(id: "strong", summary: ""), tier: "high"),
      ]
    ],
    tiers: [.init("low", "can do little"), .init("high", "can do all")],
    metrics: [
      .init(
        id: "accuracy.stop", definition: "accuracy", unit: "fraction", better: .higher,
        tolerance: 0.01),
      .init(id: "asr.stop", definition: "success", unit: "fraction", better: .lower),
    ],
    flags: [(id: "few-seeds", text: "fewer than 5 seeds")])

  static func study(
    _ records: [TrialRecordV1], resolved: JSONValue = [], altered: [String]? = nil
  ) -> Study {
    var manifest = RunManifestV1(
      tool: .init(version: "9.9.9", swift: "6.3", build: "release"), engine: 7,
      scenario: .init(name: "small", sha256: digest, resolved: resolved), data: [],
      machine: .init(cores: 2, arch: "x86_64", os: "any"), invocation: ["gauntlet"],
      started: "2026-01-31T12:00:00Z", files: ["trials.jsonl": digest])
    manifest.altered = altered
    return Study(manifest, ResultSet(manifest, records), facts: facts)
  }

  /// Two seeds: accuracies `mean ± 0.01` and attack successes `asr ± 0.02`.
  static func cell(
    _ attack: String, _ defense: String, _ accuracy: Double, _ success: Double,
    axes: [String: String] = [:]
  ) -> [TrialRecordV1] {
    [1, 2].map { seed in
      let side = seed == 1 ? -1.0 : 1.0
      return Fixtures.record(
        attack, defense, seed: seed, axes: axes,
        metrics: [
          "accuracy.stop": accuracy + 0.01 * side, "asr.stop": success + 0.02 * side,
          "accuracy.chance": 0.1, "cost.seconds": 0.001 * Double(seed), "cost.bytes": 1000,
        ])
    }
  }

  static let records =
    cell("none", "mean", 0.9, 0.0) + cell("none", "krum", 0.85, 0.01)
    + cell("weak", "mean", 0.8, 0.9) + cell("weak", "krum", 0.82, 0.3)
    + cell("strong", "mean", 0.5, 0.4) + cell("strong", "krum", 0.15, 0.99)
    + [
      Fixtures.record("none", "bulyan", status: .notApplicable, message: "too few clients"),
      Fixtures.record("weak", "bulyan", status: .notApplicable, message: "too few clients"),
      Fixtures.record("strong", "bulyan", status: .notApplicable, message: "too few clients"),
    ]
}
