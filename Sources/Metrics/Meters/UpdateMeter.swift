import Determinism
import Kernels
public import Simulation
import Tensors

/// How the malicious updates of a window round differ from the honest ones, and how well each
/// reference detector tells them apart.
///
/// One meter for both, because both rest on the same lengths and angles of the rows.
///
/// - `stealth.*`: the median over the malicious rows of the round; pooled: the median over the
///   malicious rows of all window rounds. `stealth.ks` is measured in at most 8 of them: every s-th
///   in which both kinds took part, s = ⌈rounds / 8⌉, starting with the first.
/// - `detector.*`: the AUROC of malicious against honest rows, ties half, not oriented; pooled: the
///   mean over the rounds in which both kinds took part.
/// - `stealth.detectability`, pooled only: with `a` such a mean, the largest `max(a, 1 - a)`.
///
/// Controlled clients whose update was dropped count as perfectly visible to every detector; the
/// other figures leave them out.
///
/// - Complexity: O(n² d + n³) time per round; three buffers of d values, kept, and O(n²) more.
public struct UpdateMeter: RoundMeter {
  static let detectability = "stealth.detectability"
  private static let sampledRoundCount = 8

  public static let series =
    ReferenceDetector.allCases.map(\.id).sorted() + StealthMeasure.allCases.map(\.id).sorted()

  private let sampleStep: Int
  private var comparedRoundCount = 0
  private var median: [Float]
  private var outliers: OutlierShare
  private var measures: [StealthMeasure: [Double]] = [:]
  private var areas: [ReferenceDetector: [Double]] = [:]

  public init(_ setup: MeterSetup) {
    let sampled = Self.sampledRoundCount
    sampleStep = max(1, (setup.rounds + sampled - 1) / sampled)
    median = [Float](repeating: 0, count: setup.parameterCount)
    outliers = OutlierShare(columnCount: setup.parameterCount)
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    let kinds = RoundKinds(observation)
    let maliciousCount = kinds.malicious.count + kinds.droppedMaliciousCount
    guard observation.isInWindow, maliciousCount > 0, !kinds.honest.isEmpty else { return [:] }
    let figures = RowFigures(observation.updates, kinds)
    var result = detect(figures, in: observation.updates)
    guard !kinds.malicious.isEmpty else { return result }
    var values = figures.stealth()
    values[.outlierShare] = outliers.shares(
      observation.updates, of: kinds.malicious, among: kinds.honest)
    if comparedRoundCount.isMultiple(of: sampleStep) {
      values[.kolmogorovSmirnov] = KolmogorovSmirnov.statistics(
        observation.updates, of: kinds.malicious, against: kinds.honest)
    }
    comparedRoundCount += 1
    for measure in StealthMeasure.allCases {
      guard let rows = values[measure] else { continue }
      measures[measure, default: []] += rows
      result[measure.id] = Statistics.median(rows)
    }
    return result
  }

  public mutating func finish() -> [String: Double] {
    var summary: [String: Double] = [:]
    for (measure, values) in measures { summary[measure.id] = Statistics.median(values) }
    for (detector, values) in areas { summary[detector.id] = Statistics.mean(values) }
    let sides = ReferenceDetector.allCases.compactMap { summary[$0.id] }.map { max($0, 1 - $0) }
    summary[Self.detectability] = sides.max()
    return summary
  }

  private mutating func detect(
    _ figures: RowFigures, in rows: borrowing Matrix<Float>
  ) -> [String: Double] {
    var result: [String: Double] = [:]
    for (detector, scores) in scores(figures, in: rows) {
      guard let area = figures.area(of: scores) else { continue }
      areas[detector, default: []].append(area)
      result[detector.id] = area
    }
    return result
  }

  private mutating func scores(
    _ figures: RowFigures, in rows: borrowing Matrix<Float>
  ) -> [ReferenceDetector: [Double]] {
    guard rows.rowCount > 1 else {
      // A lone row has no others to be compared with; any score does where all malicious clients
      // were dropped, since those rank above it.
      let scores = [Double](repeating: 0, count: rows.rowCount)
      return .init(uniqueKeysWithValues: ReferenceDetector.allCases.map { ($0, scores) })
    }
    return figures.detectorScores(medianDistances: medianDistances(rows))
  }

  private mutating func medianDistances(_ rows: borrowing Matrix<Float>) -> [Double] {
    let d = rows.columnCount
    let values = rows.values.span
    var target = median.mutableSpan
    Float.columnMedian(
      values, rowCount: rows.rowCount, columnCount: d, pool: WorkPool(width: 1), into: &target)
    return (0..<rows.rowCount).map { row in
      Float.squaredDistance(values.extracting(rows.range(ofRow: row)), median.span)
    }
  }
}
