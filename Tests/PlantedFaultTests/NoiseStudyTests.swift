import Foundation
import Gating
import Metrics
import Results
import Suite
import Testing

/// How often the gate is red although nothing changed, and how often it sees a true effect, on the
/// noise of the engine itself.
///
/// Reads what ``StudyTests`` wrote, so it runs only with `GAUNTLET_STUDY=<folder>`: `make study`.
@Suite(
  .serialized, .enabled(if: ProcessInfo.processInfo.environment["GAUNTLET_STUDY"] != nil))
struct NoiseStudyTests {
  /// A true effect on an accuracy.
  private static let effect = 0.05
  /// The paired deviations up to which it is counted how often the effect is found.
  ///
  /// With five seeds and a thousand checks it has to be found up to the first of them.
  private static let deviations = [0.01, 0.015, 0.02]

  @Test(arguments: ["reshuffled", "resummed"])
  func falseAlarmsAreRare(kind: String) throws {
    let baseline = try Self.baseline(Self.records("core"))
    let runs = try Self.runs(kind)
    #expect(runs.count >= 50)
    let reports = try runs.map { Gate().check(try CoreRun.results($0), against: baseline) }
    let red = reports.count { $0.outcome() == .regressed }
    let improved = reports.count { $0.count(.improved) > 0 }
    let doubts = reports.reduce(0) { $0 + $1.count(.inconclusive) }
    let changed = reports.reduce(0) { sum, report in
      sum + report.findings.count { $0.verdict != .identical }
    }
    print(
      "\(kind): \(red) of \(runs.count) gates red, \(improved) with an improvement; per gate "
        + "\(changed / runs.count) of \(reports.first?.findings.count ?? 0) checks changed, "
        + "\(Figure.text(Double(doubts) / Double(runs.count))) inconclusive")
    #expect(Double(red) <= 0.05 * Double(runs.count))
  }

  /// One baseline is one draw: here every run is the baseline of the six after it.
  @Test func falseAlarmsAreRareWhateverTheBaseline() throws {
    let runs = try Self.runs("reshuffled")
    var (red, count) = (0, 0)
    for first in runs.indices {
      let baseline = try Self.baseline(runs[first])
      for step in 1...6 {
        let results = try CoreRun.results(runs[(first + step) % runs.count])
        count += 1
        if Gate().check(results, against: baseline).outcome() == .regressed { red += 1 }
      }
    }
    print("every run as baseline: \(red) of \(count) gates red")
    #expect(count >= 300)
    #expect(Double(red) <= 0.05 * Double(count))
  }

  @Test func aTrueEffectIsFound() throws {
    let baseline = try Self.baseline(Self.records("core"))
    var found = [0, 0, 0]
    var count = [0, 0, 0]
    for (index, run) in try Self.runs("reshuffled").enumerated() {
      let results = try CoreRun.results(run)
      let quiet = Gate().check(results, against: baseline).findings.filter {
        $0.metric == "accuracy.final" && $0.better == .higher
          && Self.pairedDeviation($0, results, baseline) <= Self.deviations[2]
      }
      // Every third cell of each run: 60 runs cover each of them about 20 times.
      for finding in quiet.enumerated().filter({ ($0.offset + index) % 3 == 0 }).map(\.element) {
        var worse = results
        for place in worse.records.indices where worse.records[place].cell == finding.cell {
          let value = worse.records[place].metrics["accuracy.final"] ?? nil
          worse.records[place].metrics["accuracy.final"] = value.map { $0 - Self.effect }
        }
        let verdict = Gate().check(worse, against: baseline).findings.first {
          $0.cell == finding.cell && $0.metric == finding.metric
        }?.verdict
        let deviation = Self.pairedDeviation(finding, results, baseline)
        let place = Self.deviations.firstIndex { deviation <= $0 } ?? 0
        count[place] += 1
        if verdict == .regression { found[place] += 1 }
      }
    }
    for (place, deviation) in Self.deviations.enumerated() {
      print(
        "a worsening of \(Self.effect) at a paired deviation of at most \(deviation): found in "
          + "\(found[place]) of \(count[place])")
    }
    #expect(count[0] >= 300)
    #expect(Double(found[0]) >= 0.9 * Double(count[0]))
  }

  /// Prints how strongly the seeds of two runs go together, which is what pairing lives on.
  @Test func seedsArePairs() throws {
    let baseline = try Self.baseline(Self.records("core"))
    let runs = try Self.runs("reshuffled")
    for metric in baseline.policy.metrics.keys.sorted() {
      var correlations: [Double] = []
      var deviations: [Double] = []
      for run in runs {
        let values = Self.values(of: metric, run)
        for cell in baseline.cells {
          let before = (cell.metrics[metric] ?? []).compactMap(\.self)
          let after = cell.seeds.compactMap { values[cell.name]?[$0] }
          guard before.count == after.count, before.count == cell.seeds.count else { continue }
          let changes = zip(before, after).map { $1 - $0 }
          if changes.contains(where: { $0 != 0 }) {
            deviations.append(Self.deviation(of: changes))
          }
          if let value = Self.correlation(before, after) { correlations.append(value) }
        }
      }
      print(
        "\(metric): correlation \(Figure.text(Self.median(correlations))) (median of "
          + "\(correlations.count)), paired sd \(Figure.text(Self.median(deviations))) (median of "
          + "\(deviations.count) that changed)")
      #expect(!correlations.isEmpty)
    }
  }

  // MARK: - Support

  private static func baseline(_ records: [TrialRecordV1]) throws -> BaselineV1 {
    var policy = Policy.gating(.builtIn)
    policy.watchUndefendedCells()
    return try BaselineV1(
      recording: CoreRun.results(records), policy: policy, tool: "tests",
      now: "2026-01-01T00:00:00Z", why: "study")
  }

  private static func records(_ name: String) throws -> [TrialRecordV1] {
    let folder = try #require(ProcessInfo.processInfo.environment["GAUNTLET_STUDY"])
    return try ResultFolder.readTrials("\(folder)/\(name)").records
  }

  /// The runs that are there, by key.
  private static func runs(_ kind: String) throws -> [[TrialRecordV1]] {
    try (1...1000).prefix { key in
      let folder = ProcessInfo.processInfo.environment["GAUNTLET_STUDY"] ?? ""
      return FileManager.default.fileExists(atPath: "\(folder)/\(kind)-\(key)/trials.jsonl")
    }.map { try records("\(kind)-\($0)") }
  }

  private static func values(
    of metric: String, _ records: [TrialRecordV1]
  ) -> [String: [Int: Double]] {
    var values: [String: [Int: Double]] = [:]
    for record in records {
      if let value = record.metrics[metric] ?? nil {
        values[record.cell, default: [:]][record.seed] = value
      }
    }
    return values
  }

  private static func pairedDeviation(
    _ finding: Finding, _ results: ResultSet, _ baseline: BaselineV1
  ) -> Double {
    guard let cell = baseline.cells.first(where: { $0.name == finding.cell }) else {
      return .infinity
    }
    let now = values(of: finding.metric, results.records)[finding.cell] ?? [:]
    let before = cell.metrics[finding.metric] ?? []
    return deviation(
      of: zip(cell.seeds, before).compactMap { seed, old in
        old.flatMap { old in now[seed].map { $0 - old } }
      })
  }

  private static func deviation(of values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    let (sdA, sdB) = (deviation(of: a), deviation(of: b))
    guard sdA > 0, sdB > 0 else { return nil }
    let products = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
    return products / Double(a.count - 1) / (sdA * sdB)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }
}
