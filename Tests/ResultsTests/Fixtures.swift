@testable import Results

enum Fixtures {
  static let key = String(repeating: "0123456789abcdef", count: 4)

  static func record(
    key: String = key, attack: String = "backdoor", defense: String = "krum",
    axes: [String: String] = [:],
    seed: Int = 1, status: TrialStatus = .ok,
    metrics: [String: Double?] = ["accuracy.final": 0.875, "detection.auc": nil],
    absent: [String: String] = ["detection.auc": "the rule scores nobody"],
    flags: [String] = [], resolved: [String: Double] = [:], roc: [String: [Double]] = [:],
    rounds: Int = 60,
    isImplied: Bool = false, message: String? = nil, engine: Int = 1
  ) -> TrialRecordV1 {
    TrialRecordV1(
      key: key, attack: attack, defense: defense, axes: axes, seed: seed, engine: engine,
      status: status, metrics: metrics, absent: absent, flags: flags,
      parametersSHA256: status == .ok ? String(key.reversed()) : nil, resolved: resolved,
      roc: roc, rounds: rounds, isImplied: isImplied, message: message)
  }

  /// A key that differs for each number.
  static func key(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 64 - digits.count) + digits
  }

  /// Trial number `number` of a run: two rounds, its own key and seed.
  static func trial(
    _ number: Int, status: TrialStatus = .ok, metrics: [String: Double?] = ["accuracy.final": 0.5]
  ) -> TrialRecordV1 {
    record(
      key: key(number), seed: number, status: status, metrics: metrics, absent: [:],
      rounds: status == .ok ? 2 : 0)
  }

  /// The columns of `rounds.csv` in these tests.
  static let layout = RoundsLayout(axes: [], series: ["accuracy", "loss"])

  /// The rounds of a trial, one series in each of them.
  static func rounds(_ trial: TrialRecordV1) -> [RoundRecordV1] {
    (0..<trial.rounds).map { RoundRecordV1(round: $0, values: ["accuracy": Double($0)]) }
  }

  /// The lines of trials in `rounds.csv`.
  static func lines(_ trials: [TrialRecordV1]) -> String {
    trials.map { layout.lines(rounds($0), of: $0) }.joined()
  }

  /// What a run expects that is to give these trials.
  static func expectation(
    _ trials: [TrialRecordV1], scenario: String = "core", engine: Int = 1,
    manifest: RunManifestV1 = manifest
  ) -> ExpectedRun {
    var run = ExpectedRun(scenario: scenario, engine: engine)
    run.expect(resolved: manifest.scenario.resolved, data: manifest.data)
    for trial in trials { run.expect(key: trial.key, cell: trial.cell, seed: trial.seed) }
    return run
  }

  /// The manifest with one combination of axes, and components that have one parameter each.
  static func manifest(
    rounds: Int = 60, axes: [String: String] = [:], attacks: [String: Int] = ["backdoor": 1],
    defenses: [String: Int] = ["krum": 1], data: String = key
  ) -> RunManifestV1 {
    func list(_ components: [String: Int]) -> JSONValue {
      .array(
        components.sorted { $0.key < $1.key }.map { id, parameter in
          ["id": .string(id), "use": ["id": .string(id), "p": .integer(parameter)], "cite": nil]
        })
    }
    var manifest = Self.manifest
    manifest.scenario.resolved = [
      [
        "axes": JSONValue(axes), "rounds": .integer(rounds), "task": ["lr": 0.1],
        "attacks": list(attacks), "defenses": list(defenses),
      ]
    ]
    manifest.data[0].sha256 = data
    return manifest
  }

  static let manifest = RunManifestV1(
    tool: .init(version: "0.1.0", swift: "6.3.1", build: "release"), engine: 1,
    scenario: .init(name: "core", sha256: key, resolved: ["rounds": 60, "rate": 0.1]),
    data: [.init(name: "digits", sha256: key, rows: 1797)],
    machine: .init(cores: 2, arch: "x86_64", os: "Linux"),
    invocation: ["gauntlet", "run", "core.yaml"], started: "2026-01-01T00:00:00Z",
    counts: ["ok": 1])
}

extension ResultWriter {
  /// Opens a folder with the columns of these tests.
  convenience init(
    folder: String, fresh: Bool = false, run: ExpectedRun? = nil
  ) throws(ResultError) {
    try self.init(folder: folder, layout: Fixtures.layout, fresh: fresh, run: run)
  }

  /// Appends a trial with its rounds, as a run does.
  func take(_ trial: TrialRecordV1) throws(ResultError) {
    try append(rounds: Fixtures.rounds(trial), of: trial)
    try append(trial)
  }
}
