import Federation
public import Simulation
import Statistics

/// What the defense decided about malicious and honest clients, in the rounds of the window.
///
/// - `detection.auc`: AUROC of the suspicion scores, rows without one left out; higher is more
///   suspicious, ties half. Pooled: the mean over rounds in which both kinds have a score.
/// - `detection.weight-share`: share of the weight of malicious clients / their share of the
///   clients. Clients whose update was dropped count as clients with weight 0. Left out without
///   malicious clients or where all weights are 0. Pooled: the mean over rounds.
/// - `detection.flagged.*`, `detection.excluded.*`: rows with the verdict `rejected`, and with
///   weight 0, malicious and honest; pooled as sums.
public struct VerdictMeter: RoundMeter {
  static let area = "detection.auc"
  static let weightShare = "detection.weight-share"

  public static let series = [
    area, "detection.excluded.honest", "detection.excluded.malicious",
    "detection.flagged.honest", "detection.flagged.malicious", weightShare,
  ]

  private var counts = WindowCounts()
  private var areas: [Double] = []
  private var shares: [Double] = []
  private var sawWindow = false

  public init(_ setup: MeterSetup) {}

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    let round = RoundVerdicts(observation)
    counts.add(round)
    var figures = [
      "detection.excluded.honest": round.excluded.falsePositives,
      "detection.excluded.malicious": round.excluded.truePositives,
      "detection.flagged.honest": round.flagged.falsePositives,
      "detection.flagged.malicious": round.flagged.truePositives,
    ]
    if let area = round.area {
      areas.append(area)
      figures[Self.area] = area
    }
    if let share = round.weightShare {
      shares.append(share)
      figures[Self.weightShare] = share
    }
    return figures
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow else { return [:] }
    var figures = counts.figures
    figures[Self.area] = Moments.mean(areas)
    figures[Self.weightShare] = Moments.mean(shares)
    return figures
  }
}
