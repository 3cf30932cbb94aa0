import Components
import Results
import Studies

/// Small studies made by hand.
enum Sample {
  /// A trial whose accuracy and attack success at the end of the window are given.
  static func trial(
    _ attack: String, _ defense: String, seed: Int = 1, axes: [String: String] = [:],
    accuracy: Double? = nil, success: Double? = nil, metrics: [String: Double?] = [:],
    absent: [String: String] = [:], censored: [String] = [], flags: [String] = [],
    status: TrialStatus = .ok, isImplied: Bool = false, message: String? = nil
  ) -> TrialRecordV1 {
    var values = metrics
    if let accuracy { values["accuracy.stop"] = accuracy }
    if let success { values["asr.stop"] = success }
    return TrialRecordV1(
      key: String(repeating: "0", count: 64), attack: attack, defense: defense, axes: axes,
      seed: seed, engine: 3, status: status, metrics: values, absent: absent, censored: censored,
      flags: flags, isImplied: isImplied, message: message)
  }

  /// One trial per value, with seeds from 1 on.
  static func trials(
    _ attack: String, _ defense: String, axes: [String: String] = [:], accuracy: [Double],
    success: [Double] = []
  ) -> [TrialRecordV1] {
    accuracy.enumerated().map { index, value in
      trial(
        attack, defense, seed: index + 1, axes: axes, accuracy: value,
        success: index < success.count ? success[index] : nil)
    }
  }

  static func study(
    _ records: [TrialRecordV1], resolved: JSONValue = .array([]),
    facts: MethodFacts = MethodFacts()
  ) -> Study {
    let manifest = RunManifestV1(
      tool: .init(version: "0.4.0", swift: "6.3", build: "release"), engine: 3,
      scenario: .init(name: "sample", sha256: "", resolved: resolved), data: [],
      machine: .init(cores: 1, arch: "x86_64", os: "Linux"), invocation: ["gauntlet"],
      started: "2026-01-01T00:00:00Z")
    return Study(manifest, ResultSet(manifest, records), facts: facts)
  }

  /// Attacks of the tiers `data-only` and `omniscient`, of the three that there are.
  static func facts(_ tiers: [String: String]) -> MethodFacts {
    let attacks = Dictionary(
      uniqueKeysWithValues: tiers.map { id, tier in
        (
          id,
          MethodFacts.Method(
            ComponentManifest(id: ComponentID(stringLiteral: id), summary: ""), tier: tier)
        )
      })
    return MethodFacts(
      methods: [.attack: attacks],
      tiers: [
        .init("data-only", "data"), .init("own-knowledge", "own"), .init("omniscient", "all"),
      ])
  }
}
