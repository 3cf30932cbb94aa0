public import Federation
public import Simulation
import Statistics

/// What the defense decided about malicious and honest clients, in the rounds of the window.
///
/// Rounds in which nothing could be seen are left out: those without a row, those in which all
/// honest clients were dropped, and those in which all rows are equal, no update was dropped and the
/// suspicion scores are equal too. A controlled client that does not act in a round counts in neither
/// kind, unless the defense follows clients and it has acted in the window before.
///
/// - `detection.auc`: AUROC of the suspicion scores, rows without one left out; higher is more
///   suspicious, ties half. Pooled: the mean over rounds in which both kinds have a score.
///   The operating curve named `rule` is the mean over the same rounds.
/// - `detection.weight-share`: share of the weight of malicious clients / their share of the
///   clients. Clients whose update was dropped count as clients with weight 0. Left out where only
///   one kind took part or all weights are 0. Pooled: the mean over rounds.
/// - `detection.flagged.*`, `detection.excluded.*`: rows with the verdict `rejected`, and with
///   weight 0, malicious and honest; pooled as sums.
/// - `detection.rounds`, `detection.auc.rounds`, pooled only: the rounds with both kinds, and those
///   of them with an AUROC.
public struct VerdictMeter: RoundMeter {
  static let area = "detection.auc"
  static let areaRounds = "detection.auc.rounds"
  static let rounds = "detection.rounds"
  static let weightShare = "detection.weight-share"
  /// The name of the curve of the rule's own suspicion.
  static let curveName = "rule"

  public static let series = [
    area, "detection.excluded.honest", "detection.excluded.malicious",
    "detection.flagged.honest", "detection.flagged.malicious", weightShare,
  ]

  private let followsClients: Bool
  private var culprits: Set<ClientID> = []
  private var counts = WindowCounts()
  private var presence = WindowPresence()
  private var areas: [Double] = []
  private var curve = OperatingCurve()
  private var shares: [Double] = []
  private var roundCount = 0
  private var sawWindow = false

  public init(_ setup: MeterSetup) {
    followsClients = setup.followsClients
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    let rowsDiffer = observation.updates.hasDifferentRows
    presence.add(RoundKinds(observation), rowsDiffer: rowsDiffer)
    if !followsClients { culprits.removeAll(keepingCapacity: true) }
    for (client, isActing) in zip(observation.clients, observation.isActing) where isActing {
      culprits.insert(client)
    }
    culprits.formUnion(observation.droppedActing)
    let round = RoundVerdicts(observation, culprits: culprits, rowsDiffer: rowsDiffer)
    guard round.isInformative else { return [:] }
    counts.add(round)
    if round.hasBothKinds { roundCount += 1 }
    var figures = [
      "detection.excluded.honest": round.excluded.falsePositives,
      "detection.excluded.malicious": round.excluded.truePositives,
      "detection.flagged.honest": round.flagged.falsePositives,
      "detection.flagged.malicious": round.flagged.truePositives,
    ]
    if let area = round.area {
      areas.append(area)
      round.add(to: &curve)
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
    var figures = counts.figures.merging(presence.figures) { $1 }
    figures[Self.rounds] = Double(roundCount)
    figures[Self.areaRounds] = Double(areas.count)
    figures[Self.area] = Moments.mean(areas)
    figures[Self.weightShare] = Moments.mean(shares)
    return figures
  }

  public func operatingCurves() -> [String: [Double]] {
    curve.truePositiveRates().map { [Self.curveName: $0] } ?? [:]
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sawWindow)
    pass.visit(&roundCount)
    pass.visit(&culprits)
    counts.checkpoint(&pass)
    presence.checkpoint(&pass)
    pass.visit(&areas)
    curve.checkpoint(&pass)
    pass.visit(&shares)
  }
}
