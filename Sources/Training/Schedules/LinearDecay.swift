import Components

/// A straight line from 1 in round 0 towards `end` after the last round.
public struct LinearDecay: LearningRateSchedule {
  public static let entry = LearningRateEntry(
    manifest: ComponentManifest(
      id: "linear", summary: "A straight line from the start value down.",
      formula: "1 + (end − 1) round / rounds", parameters: [.rateEnd])
  ) { LinearDecay(end: $0.real("end")) }

  public let end: Double

  public init(end: Double) { self.end = end }

  public func factor(round: Int, of rounds: Int) -> Double {
    1 + (end - 1) * (Double(round) / Double(rounds))
  }
}
