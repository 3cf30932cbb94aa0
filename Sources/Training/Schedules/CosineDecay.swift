import Components
import Determinism

/// Half a cosine from 1 in round 0 towards `end` after the last round.
public struct CosineDecay: LearningRateSchedule {
  public static let entry = LearningRateEntry(
    manifest: ComponentManifest(
      id: "cosine", summary: "Half a cosine from the start value down.",
      formula: "end + (1 − end) (1 + cos(π round / rounds)) / 2",
      citations: [
        Citation(
          ["Loshchilov", "Hutter"], "SGDR: stochastic gradient descent with warm restarts", "ICLR",
          2017, arXiv: "1608.03983")
      ], origin: "One period, without restarts.", parameters: [.rateEnd])
  ) { CosineDecay(end: $0.real("end")) }

  public let end: Double

  public init(end: Double) { self.end = end }

  public func factor(round: Int, of rounds: Int) -> Double {
    let progress = Double(round) / Double(rounds)
    return end + (1 - end) * 0.5 * (1 + ElementaryFunctions.cos(.pi * progress))
  }
}
