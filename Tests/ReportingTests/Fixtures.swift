import Reporting
import Results
import Studies

enum Fixtures {
  static let scores: [Score] = [
    .init(metric: "accuracy.final", title: "accuracy (final)", better: .higher),
    .init(metric: "asr.final", title: "attack success rate (final)", better: .lower),
    .init(
      metric: "persistence.lifespan", title: "persistence (rounds above 50 %)", better: .lower,
      decimals: 1),
  ]

  static func record(
    _ attack: String, _ defense: String, seed: Int = 1, axes: [String: String] = [:],
    status: TrialStatus = .ok, metrics: [String: Double?] = [:], absent: [String: String] = [:],
    censored: [String] = [], flags: [String] = [], isImplied: Bool = false, message: String? = nil
  ) -> TrialRecordV1 {
    TrialRecordV1(
      key: String(repeating: "0", count: 64), attack: attack, defense: defense, axes: axes,
      seed: seed, engine: 1, status: status, metrics: metrics, absent: absent, censored: censored,
      flags: flags, isImplied: isImplied, message: message)
  }

  /// Three attacks against four defenses, three seeds, with every kind of cell.
  static func matrix(defenses: [String], axes: [String: String] = [:]) -> [TrialRecordV1] {
    var records: [TrialRecordV1] = []
    for (row, attack) in ["none", "backdoor", "model-replacement"].enumerated() {
      for (column, defense) in defenses.enumerated() {
        for seed in 1...3 {
          let shift = Double(seed - 2) * 0.01 * Double(column)
          var flags = ["oracle-f"]
          if attack == "model-replacement", defense == "median" { flags.append("diverged") }
          let isPersistent = attack != "none"
          var metrics: [String: Double?] = [
            "accuracy.final": 0.95 - 0.1 * Double(row) - 0.02 * Double(column) + shift,
            "asr.final": 0.1 + 0.4 * Double(row) - 0.05 * Double(column) - shift,
            "persistence.lifespan": isPersistent ? 10 * Double(row) + Double(seed) : nil,
          ]
          if attack == "backdoor", defense == "median", seed == 3 {
            metrics["persistence.lifespan"] = .some(nil)
          }
          var status = TrialStatus.ok
          var message: String?
          if defense == "krum" {
            (status, message) = (.notApplicable, "needs n >= 2f + 3 = 13, has 10")
          } else if attack == "backdoor", defense == "mean", seed == 2 {
            (status, message) = (.error, "the disk went away")
          }
          records.append(
            record(
              attack, defense, seed: seed, axes: axes, status: status,
              metrics: status == .ok ? metrics : [:],
              absent: status == .ok ? ["persistence.lifespan": "the attack never took"] : [:],
              censored: attack == "model-replacement" && seed == 1 ? ["persistence.lifespan"] : [],
              flags: status == .ok ? flags : [], message: message))
        }
      }
    }
    return records
  }
}
