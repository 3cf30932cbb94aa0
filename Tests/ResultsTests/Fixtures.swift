import Results

enum Fixtures {
  static let key = String(repeating: "0123456789abcdef", count: 4)

  static func record(
    attack: String = "backdoor", defense: String = "krum", axes: [String: String] = [:],
    seed: Int = 1, status: TrialStatus = .ok,
    metrics: [String: Double?] = ["accuracy.final": 0.875, "detection.auc": nil],
    absent: [String: String] = ["detection.auc": "the rule scores nobody"],
    flags: [String] = [], resolved: [String: Double] = [:], isImplied: Bool = false,
    message: String? = nil
  ) -> TrialRecordV1 {
    TrialRecordV1(
      key: key, attack: attack, defense: defense, axes: axes, seed: seed, engine: 1,
      status: status, metrics: metrics, absent: absent, flags: flags,
      parametersSHA256: status == .ok ? String(key.reversed()) : nil, resolved: resolved,
      rounds: 60, isImplied: isImplied, message: message)
  }

  static let manifest = RunManifestV1(
    tool: .init(version: "0.1.0", swift: "6.3.1", build: "release"), engine: 1,
    scenario: .init(name: "core", sha256: key, resolved: ["rounds": 60, "rate": 0.1]),
    data: [.init(name: "digits", sha256: key, rows: 1797)],
    machine: .init(cores: 2, arch: "x86_64", os: "Linux"),
    invocation: ["gauntlet", "run", "core.yaml"], started: "2026-01-01T00:00:00Z",
    counts: ["ok": 1])
}
