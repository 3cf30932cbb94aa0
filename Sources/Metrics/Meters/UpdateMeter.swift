import Determinism
public import Federation
import Kernels
public import Simulation
import Statistics
import Tensors

/// How the malicious updates of a window round differ from the honest ones, and how well each
/// reference detector tells them apart.
///
/// One meter for both, because both rest on the same lengths and angles of the rows. What compares
/// pairs of rows (`stealth.krum-rank`, `detector.krum`, `detector.principal`) and the honest side of
/// `stealth.ks` look at 512 rows of a round that has more, see ``RowSample``; with those a figure is
/// one of the rows and their order, which says nothing about clients. All others count every row.
///
/// Rounds in which nothing can be seen are left out: those without a malicious client or without an
/// honest row, and those in which all rows are equal, as in a saturated model, and none was dropped.
///
/// - `stealth.*`: the median over the malicious rows of the round; pooled: the median over the
///   malicious rows of all window rounds. `stealth.ks` is measured in at most 8 of them: every s-th
///   of these rounds that has a malicious row, s = ⌈rounds / 8⌉, starting with the first.
/// - `detector.*`: the AUROC of malicious against honest rows, ties half, not oriented; pooled: the
///   mean over these rounds.
/// - `stealth.detectability`, pooled only: with `a` such a mean, the largest `max(a, 1 - a)`.
/// - `stealth.rounds`, pooled only: the number of these rounds.
/// - The operating curve of each detector, by its name: the mean over the rounds of `detector.*`, with
///   the side suspicious that the mean AUROC says: low scores where it is below 0.5.
///
/// Clients whose update was dropped count as perfectly visible to every detector, whoever controls
/// them; the other figures leave them out.
///
/// - Complexity: with m = min(n, 512) O(m² d) for the pairs, O(n d log² n) for the coordinate-wise
///   median and O(n d) for the rest of a round, besides terms without d: O(m²) for the principal
///   component, O(m² log m) for Krum scores and O(f h) comparisons for ranks. Memory: one buffer of
///   d values, kept, and O(n + m²) more.
public struct UpdateMeter: RoundMeter {
  static let detectability = "stealth.detectability"
  static let rounds = "stealth.rounds"
  private static let sampledRoundCount = 8

  public static let series =
    ReferenceDetector.allCases.map(\.id).sorted() + StealthMeasure.allCases.map(\.id).sorted()

  private let sampleStep: Int
  private var sawWindow = false
  private var roundCount = 0
  private var comparedRoundCount = 0
  private var median: [Float]
  private var measures: [StealthMeasure: [Double]] = [:]
  private var areas: [ReferenceDetector: [Double]] = [:]
  private var curves: [ReferenceDetector: OperatingCurve] = [:]

  public init(_ setup: MeterSetup) {
    let sampled = Self.sampledRoundCount
    sampleStep = max(1, (setup.rounds + sampled - 1) / sampled)
    median = [Float](repeating: 0, count: setup.parameterCount)
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    let kinds = RoundKinds(observation)
    guard kinds.areBothThere else { return [:] }
    let rowsDiffer = observation.updates.hasDifferentRows
    guard rowsDiffer || kinds.areSomeDropped else { return [:] }
    roundCount += 1
    let figures = RowFigures(observation.updates, kinds, pool: observation.pool)
    var result = detect(figures, in: observation.updates, pool: observation.pool)
    guard rowsDiffer, !kinds.malicious.isEmpty else { return result }
    var values = figures.stealth()
    values[.outlierShare] = figures.equals.spread(kinds.malicious) {
      OutlierShare.shares(observation.updates, of: $0, among: kinds.honest)
    }
    if comparedRoundCount.isMultiple(of: sampleStep) {
      values[.kolmogorovSmirnov] = figures.equals.spread(kinds.malicious) {
        KolmogorovSmirnov.statistics(
          observation.updates, of: $0, against: figures.sample.honestRows)
      }
    }
    comparedRoundCount += 1
    for measure in StealthMeasure.allCases {
      guard let rows = values[measure] else { continue }
      measures[measure, default: []] += rows
      result[measure.id] = Median.of(rows)
    }
    return result
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow else { return [:] }
    var summary = [Self.rounds: Double(roundCount)]
    for (measure, values) in measures { summary[measure.id] = Median.of(values) }
    for (detector, values) in areas { summary[detector.id] = Moments.mean(values) }
    let sides = ReferenceDetector.allCases.compactMap { summary[$0.id] }.map { max($0, 1 - $0) }
    summary[Self.detectability] = sides.max()
    return summary
  }

  public func operatingCurves() -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    for (detector, curve) in curves {
      let mean = Moments.mean(areas[detector] ?? []) ?? 0.5
      result[detector.rawValue] = curve.truePositiveRates(accusesLow: mean < 0.5)
    }
    return result
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sawWindow)
    pass.visit(&roundCount)
    pass.visit(&comparedRoundCount)
    for measure in StealthMeasure.allCases {
      pass.visit(&measures[measure], from: []) { $0.visit(&$1) }
    }
    for detector in ReferenceDetector.allCases {
      pass.visit(&areas[detector], from: []) { $0.visit(&$1) }
      pass.visit(&curves[detector], from: OperatingCurve()) { $1.checkpoint(&$0) }
    }
  }

  private mutating func detect(
    _ figures: RowFigures, in rows: borrowing Matrix<Float>, pool: WorkPool
  ) -> [String: Double] {
    var result: [String: Double] = [:]
    for (detector, scores) in scores(figures, in: rows, pool: pool) {
      guard let area = figures.area(of: scores, by: detector) else { continue }
      areas[detector, default: []].append(area)
      let sides = figures.sides(of: scores, by: detector)
      curves[detector, default: OperatingCurve()].add(
        positives: sides.malicious, negatives: sides.honest)
      result[detector.id] = area
    }
    return result
  }

  private mutating func scores(
    _ figures: RowFigures, in rows: borrowing Matrix<Float>, pool: WorkPool
  ) -> [ReferenceDetector: [Double]] {
    guard rows.rowCount > 1 else {
      // A lone row has no others to be compared with; any score does where all malicious clients
      // were dropped, since those rank above it.
      let scores = [Double](repeating: 0, count: rows.rowCount)
      return .init(uniqueKeysWithValues: ReferenceDetector.allCases.map { ($0, scores) })
    }
    return figures.detectorScores(medianDistances: medianDistances(rows, pool: pool))
  }

  private mutating func medianDistances(
    _ rows: borrowing Matrix<Float>, pool: WorkPool
  ) -> [Double] {
    var target = median.mutableSpan
    Float.columnMedian(
      rows.span, rowCount: rows.rowCount, columnCount: rows.columnCount, pool: pool, into: &target)
    return rows.squaredDistances(to: median, pool: pool)
  }
}
