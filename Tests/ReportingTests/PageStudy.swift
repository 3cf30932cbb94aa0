import Results
import Studies

/// A small study with every sort of cell, for the tests of pages and figures.
enum PageStudy {
  /// Every sort of cell.
  ///
  /// Against `mean`: `weak` and `strong` ran, `dead` killed the model, `flip` failed for one seed.
  /// Against `krum`: `flip` timed out, `dead` was not run. `bulyan` applies nowhere.
  static let records =
    TableStudy.cell("none", "mean", 0.9, 0.0) + TableStudy.cell("none", "krum", 0.85, 0.01)
    + TableStudy.cell("weak", "mean", 0.8, 0.9) + TableStudy.cell("weak", "krum", 0.82, 0.3)
    + TableStudy.cell("strong", "mean", 0.5, 0.4) + TableStudy.cell("strong", "krum", 0.44, 0.8)
    + TableStudy.cell("dead", "mean", 0.1, 1 - 0.02)
    + [
      record("flip", "mean", 0.7, 0.2),
      Fixtures.record("flip", "mean", seed: 2, status: .error, message: "the disk went away"),
      Fixtures.record("flip", "krum", status: .timeout),
      Fixtures.record("none", "bulyan", status: .notApplicable, message: "too few clients"),
      Fixtures.record("weak", "bulyan", status: .notApplicable, message: "too few clients"),
    ]

  static func record(
    _ attack: String, _ defense: String, _ accuracy: Double, _ success: Double, seed: Int = 1,
    axes: [String: String] = [:], stealth: Double? = nil, drop: Double? = nil,
    flags: [String] = []
  ) -> TrialRecordV1 {
    var metrics: [String: Double?] = [
      "accuracy.stop": accuracy, "asr.stop": success, "accuracy.chance": 0.1,
    ]
    if let stealth { metrics["stealth.score"] = stealth }
    if let drop { metrics["accuracy.drop"] = drop }
    return Fixtures.record(
      attack, defense, seed: seed, axes: axes, metrics: metrics, flags: flags)
  }

  /// A window from round 2 up to the one before 4, and curves of four rounds for `mean`.
  static var study: Study {
    var study = TableStudy.study(records, resolved: resolved)
    study.curves = curves
    return study
  }

  static let resolved: JSONValue = [
    ["axes": [:], "threat": ["window": ["start": 2, "stop": 4]]]
  ]

  static let curves = CurveTable([
    CellID(attack: "none", defense: "mean", axes: [:]): ["accuracy": curve(0.5, 0.25)],
    CellID(attack: "weak", defense: "mean", axes: [:]): [
      "accuracy": curve(0.375, 0.125), "asr": curve(0.25, 0.125),
    ],
  ])

  private static func curve(_ start: Double, _ half: Double) -> CurveTable.Curve {
    .init(
      (1...4).map { round in
        let mean = start + 0.0625 * Double(round)
        return .init(round: round, mean: mean, low: mean - half, high: mean + half)
      })
  }

  /// A share of attackers of 0.1 and 0.2, two attacks, two defenses.
  static func swept(axis: String = "threat.malicious") -> Study {
    TableStudy.study(
      ["0.1", "0.2"].enumerated().flatMap { index, value -> [TrialRecordV1] in
        let axes = [axis: value]
        let loss = 0.25 * Double(index)
        return TableStudy.cell("none", "mean", 0.9, 0, axes: axes)
          + TableStudy.cell("weak", "mean", 0.8 - loss, 0.1, axes: axes)
          + TableStudy.cell("strong", "mean", 0.75 - loss / 2, 0.3, axes: axes)
          + TableStudy.cell("weak", "krum", 0.7, 0.2, axes: axes)
          + TableStudy.cell("strong", "krum", 0.6, 0.4, axes: axes)
      })
  }
}
