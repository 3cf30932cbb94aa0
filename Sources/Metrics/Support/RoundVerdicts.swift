import Federation
import Simulation
import Statistics

/// The verdicts of one round, split into malicious and honest rows.
struct RoundVerdicts {
  private(set) var malicious = 0.0
  private(set) var honest = 0.0
  private(set) var droppedMalicious: Double
  private(set) var droppedHonest: Double
  private(set) var flagged = Confusion()
  private(set) var excluded = Confusion()
  private let clientCount: Double
  private var maliciousWeight = 0.0
  private var honestWeight = 0.0
  private var maliciousSuspicions: [Double] = []
  private var honestSuspicions: [Double] = []

  /// Reads the verdicts in the order of the rows.
  ///
  /// A client without a verdict is left out, a suspicion that is not a number counts as none.
  init(_ observation: RoundObservation) {
    droppedMalicious = Double(observation.droppedControlled.count)
    droppedHonest = Double(observation.dropped.count) - droppedMalicious
    // The server took nothing from a client whose update was not finite.
    excluded.truePositives = droppedMalicious
    excluded.falsePositives = droppedHonest
    clientCount = Double(observation.clients.count + observation.dropped.count)
    for (client, isMalicious) in zip(observation.clients, observation.isControlled) {
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

  /// The AUROC of the suspicion scores.
  var area: Double? {
    Ranks.area(positives: maliciousSuspicions, negatives: honestSuspicions)
  }

  /// The malicious share of the weight by the malicious share of the clients.
  var weightShare: Double? {
    let head = (malicious + droppedMalicious) / clientCount
    let weight = maliciousWeight + honestWeight
    guard malicious + droppedMalicious > 0, weight > 0 else { return nil }
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
