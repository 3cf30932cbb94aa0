import Federation
import Simulation
import Statistics

/// The verdicts of one round, split into malicious and honest rows.
///
/// A controlled client that has nothing to be accused of is in neither: accusing it is neither right
/// nor wrong.
struct RoundVerdicts {
  private(set) var malicious = 0.0
  private(set) var honest = 0.0
  private(set) var droppedMalicious: Double
  private(set) var droppedHonest: Double
  private(set) var flagged = Confusion()
  private(set) var excluded = Confusion()
  private let rowsDiffer: Bool
  private var clientCount: Double
  private var maliciousWeight = 0.0
  private var honestWeight = 0.0
  private var maliciousSuspicions: [Double] = []
  private var honestSuspicions: [Double] = []

  /// Reads the verdicts in the order of the rows.
  ///
  /// A client without a verdict is left out, a suspicion that is not a number counts as none.
  ///
  /// - Parameters:
  ///   - observation: The round.
  ///   - culprits: The controlled clients that an accusation would be right about.
  ///   - rowsDiffer: Whether rows of the round differ.
  init(_ observation: RoundObservation, culprits: Set<ClientID>, rowsDiffer: Bool) {
    self.rowsDiffer = rowsDiffer
    droppedMalicious = Double(observation.droppedControlled.count { culprits.contains($0) })
    droppedHonest = Double(observation.dropped.count - observation.droppedControlled.count)
    // The server took nothing from a client whose update was not finite.
    excluded.truePositives = droppedMalicious
    excluded.falsePositives = droppedHonest
    clientCount = droppedMalicious + droppedHonest
    for (row, client) in observation.clients.enumerated() {
      let isMalicious = culprits.contains(client)
      guard isMalicious || !observation.isControlled[row] else { continue }
      clientCount += 1
      guard let verdict = observation.verdicts[client] else { continue }
      let isFlagged = verdict.disposition == .rejected ? 1.0 : 0
      let suspicion = verdict.suspicion.flatMap { $0.isNaN ? nil : $0 }
      let isExcluded = verdict.weight == 0 ? 1.0 : 0
      if isMalicious {
        malicious += 1
        maliciousWeight += verdict.weight
        flagged.truePositives += isFlagged
        excluded.truePositives += isExcluded
        if let suspicion { maliciousSuspicions.append(suspicion) }
      } else {
        honest += 1
        honestWeight += verdict.weight
        flagged.falsePositives += isFlagged
        excluded.falsePositives += isExcluded
        if let suspicion { honestSuspicions.append(suspicion) }
      }
    }
  }

  /// Whether the rule had something to tell clients apart by.
  ///
  /// That is rows that differ, updates that were dropped, or what it remembers, if its suspicions
  /// differ. A lone row has to be judged by itself. Where every honest client that took part was
  /// dropped, as in a model that became infinite, the rule had no choice.
  var isInformative: Bool {
    let rowCount = malicious + honest
    guard rowCount > 0, honest > 0 || droppedHonest == 0 else { return false }
    let suspicions = maliciousSuspicions + honestSuspicions
    return rowsDiffer || rowCount == 1 || droppedMalicious + droppedHonest > 0
      || suspicions.contains { $0 != suspicions[0] }
  }

  /// Whether malicious clients took part, and honest ones with a row.
  var hasBothKinds: Bool { malicious + droppedMalicious > 0 && honest > 0 }

  /// The AUROC of the suspicion scores; `nil` where either kind has none.
  var area: Double? {
    Ranks.area(positives: maliciousSuspicions, negatives: honestSuspicions)
  }

  /// Adds the suspicion scores to a curve, if both kinds have some.
  func add(to curve: inout OperatingCurve) {
    curve.add(
      positives: OperatingCurve.Side(maliciousSuspicions),
      negatives: OperatingCurve.Side(honestSuspicions))
  }

  /// The malicious share of the weight by the malicious share of the clients; `nil` without weight
  /// and where only one kind took part.
  var weightShare: Double? {
    let head = (malicious + droppedMalicious) / clientCount
    let weight = maliciousWeight + honestWeight
    guard hasBothKinds, weight > 0 else { return nil }
    return maliciousWeight / weight / head
  }
}

extension WindowCounts {
  /// Adds the counts of one round.
  mutating func add(_ round: RoundVerdicts) {
    malicious += round.malicious
    honest += round.honest
    droppedMalicious += round.droppedMalicious
    droppedHonest += round.droppedHonest
    flagged.truePositives += round.flagged.truePositives
    flagged.falsePositives += round.flagged.falsePositives
    excluded.truePositives += round.excluded.truePositives
    excluded.falsePositives += round.excluded.falsePositives
  }
}
