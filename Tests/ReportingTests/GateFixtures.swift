import Gating

enum GateFixtures {
  static let metrics: [(id: String, better: Finding.Direction, tolerance: Double)] = [
    ("accuracy.final", .higher, 0.01), ("asr.final", .lower, 0.02),
  ]

  static func finding(
    _ attack: String, _ defense: String, metric: String = "accuracy.final",
    axes: [String: String] = [:], verdict: CheckVerdict = .identical, baseline: Double? = 0.9,
    current: Double? = 0.9, seeds: [Int] = [1, 2, 3, 4, 5], interval: ClosedRange<Double>? = nil,
    tolerance: Double? = nil, pValue: Double? = nil, moreSeeds: Int? = nil,
    reason: String? = nil, override: String? = nil, line: Int? = nil
  ) -> Finding {
    let known = metrics.first { $0.id == metric }
    let better = known?.better ?? .none
    let name = axes.sorted { $0.key < $1.key }
      .reduce("\(attack)/\(defense)") { "\($0) \($1.key)=\($1.value)" }
    var worsening: Double?
    if let baseline, let current {
      worsening = better == .lower ? current - baseline : baseline - current
    }
    return Finding(
      attack: attack, defense: defense, axes: axes, cell: name, metric: metric, better: better,
      verdict: verdict, baseline: baseline, current: current, seeds: seeds, worsening: worsening,
      interval: interval, tolerance: tolerance ?? known?.tolerance ?? 0, pValue: pValue,
      smallestVisible: verdict == .missing ? nil : 0.015, moreSeeds: moreSeeds, reason: reason,
      override: override, line: line)
  }

  /// Two metrics of a matrix, all identical but for the findings given.
  static func report(
    attacks: [String], defenses: [String], axes: [[String: String]] = [[:]],
    except changed: [Finding] = []
  ) -> GateReport {
    var findings: [Finding] = []
    for (axesIndex, axes) in axes.enumerated() {
      for (row, attack) in attacks.enumerated() {
        for (column, defense) in defenses.enumerated() {
          let worth = 0.95 - 0.15 * Double(row) - 0.04 * Double(column + axesIndex)
          for metric in metrics {
            let value = metric.better == .higher ? worth : 1 - worth
            let plain = finding(
              attack, defense, metric: metric.id, axes: axes, baseline: value, current: value,
              line: 40 + row * defenses.count + column)
            findings.append(
              changed.first { $0.cell == plain.cell && $0.metric == plain.metric } ?? plain)
          }
        }
      }
    }
    return GateReport(
      scenario: "core", baselinePath: "Baselines/core.json", resultsPath: "results/core",
      isExact: false, findings: findings)
  }

  /// Every verdict, claims of every standing, warnings, and a metric where the gate was blind.
  static var everything: GateReport {
    let changed = [
      finding(
        "alie", "median", verdict: .regression, baseline: 0.710, current: 0.641,
        interval: -0.086...(-0.052), pValue: 0.0004, line: 51),
      finding(
        "alie", "median", metric: "asr.final", verdict: .regression, baseline: 0.05,
        current: 0.08, interval: 0.021...0.039, pValue: 0.031,
        override: "ties between identical rows", line: 51),
      finding(
        "backdoor", "krum", verdict: .regression, baseline: 0.9, current: nil,
        reason: "a number became null in seed 2", line: 46),
      finding(
        "backdoor", "mean", verdict: .inconclusive, baseline: 0.702, current: 0.688,
        seeds: [1, 2, 3], interval: -0.034...0.006, pValue: 0.21, moreSeeds: 3, line: 43),
      finding(
        "none", "median", verdict: .improved, baseline: 0.93, current: 0.95,
        interval: 0.012...0.028),
      finding("none", "krum", verdict: .pass, baseline: 0.88, current: 0.879, pValue: 1),
      finding(
        "none", "mean", metric: "asr.final", verdict: .incomparable, baseline: nil, current: nil,
        seeds: [], reason: "the baseline is of other data", line: 41),
    ]
    let missing = ["none", "backdoor", "alie"].flatMap { attack in
      metrics.map {
        finding(
          attack, "norm-clipping", metric: $0.id, verdict: .missing, baseline: 0.5, current: nil,
          seeds: [], reason: "the results have no such cell", line: 44)
      }
    }
    var report = report(
      attacks: ["none", "backdoor", "alie"],
      defenses: ["mean", "median", "krum", "norm-clipping"], except: changed + missing)
    report.claims = claims
    report.warnings = ["override 2 (attack=alie defense=krum) ended on 2026-01-31"]
    report.extraCells = (1...7).map { "alie/new-rule-\($0)" }
    report.visibility = [
      .init(
        metric: "accuracy.final", tolerance: 0.01, median: 0.012, largest: 0.016,
        largestCell: "alie/median", blindCount: 0, checkCount: 12),
      .init(
        metric: "asr.final", tolerance: 0.02, median: 0.024, largest: 0.31,
        largestCell: "backdoor/krum", blindCount: 3, checkCount: 12),
    ]
    return report
  }

  static let claims: [ClaimFinding] = [
    claim("krum-resists", "alie/krum", 0.05, verdict: .holds, value: 0.031, limit: 0.048),
    claim(
      "flame-resists", "worst of 3 cells (alie/flame)", 0.15, verdict: .missing,
      reason: "no cell matches"),
    claim(
      "median-resists", "alie/median", 0.15, verdict: .broken, value: 0.31, limit: 0.352,
      source: "Yin et al. 2018, Table 3"),
    claim(
      "mean-resists", "alie/mean", 0.15, verdict: .broken, value: 0.9, limit: 0.95,
      isKnownToFail: true),
    claim(
      "clip-resists", "alie/norm-clipping", 0.15, verdict: .inconclusive, value: 0.14,
      limit: 0.16),
    claim(
      "clip-fails", "none/norm-clipping", 0.15, verdict: .holds, value: 0.04, limit: 0.05,
      isKnownToFail: true),
  ]

  static func claim(
    _ id: String, _ subject: String, _ bound: Double, verdict: ClaimFinding.Verdict,
    value: Double? = nil, limit: Double? = nil, source: String? = nil,
    isKnownToFail: Bool = false, reason: String? = nil
  ) -> ClaimFinding {
    ClaimFinding(
      claim: id, subject: subject, metric: "asr.final", relation: .atMost, bound: bound,
      verdict: verdict, value: value, limit: limit, confidence: 0.95,
      seeds: value == nil ? [] : [1, 2, 3, 4, 5], source: source, isKnownToFail: isKnownToFail,
      reason: reason, line: 7)
  }

  /// Names that attack each form, each in two cells of two axes.
  static var hostile: GateReport {
    let names = [
      "a|b`c", "<img src=x>", "&amp;\"'", "line\nbreak\r\n::error::x", "\u{1b}[2J\u{202e}",
      "\u{FFFF}\u{1}%0A", "[x](http://y)", "@team,*",
    ]
    let axes = ["threat.malicious": "0.2|", "b": "``\n`"]
    var report = GateReport(
      scenario: "sc|\u{1b}<enario>", baselinePath: "Base lines/it's,100%:`x`.json",
      resultsPath: "re\nsults", isExact: false,
      findings: names.flatMap { name in
        [
          finding(
            name, "m", axes: axes, verdict: .regression, baseline: 0.9, current: 0.1,
            interval: -0.9...(-0.7), reason: name, override: name),
          finding(
            "n", name, axes: axes, verdict: .missing, current: nil, seeds: [], reason: name),
          finding("n", name, metric: name, axes: axes, verdict: .improved, current: 0.95),
        ]
      })
    report.claims = names.map {
      claim($0, $0, 0.1, verdict: .broken, value: 0.5, limit: 0.4, source: $0, reason: $0)
    }
    report.warnings = names
    report.extraCells = names
    report.visibility = names.map {
      .init(
        metric: $0, tolerance: 0.1, median: .infinity, largest: .infinity, largestCell: $0,
        blindCount: 1, checkCount: 1)
    }
    return report
  }

  static var empty: GateReport {
    GateReport(
      scenario: "core", baselinePath: "Baselines/core.json", resultsPath: "results",
      isExact: false, findings: [])
  }
}
