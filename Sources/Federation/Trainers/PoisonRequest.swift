/// What happens to the examples of a client that attacks, in words that a trainer in another process
/// understands.
///
/// Attacks that change data say it besides doing it, as far as it can be said; see
/// ``Attack/poisonRequest(of:)``.
public enum PoisonRequest: Sendable, Hashable {
  /// Which label replaces which.
  public enum Relabeling: Sendable, Hashable {
    /// y becomes C − 1 − y.
    case reverse
    /// The first label of a pair becomes the second; others stay.
    case pairs([Pair])
  }

  /// Two classes.
  public struct Pair: Sendable, Hashable {
    public let from: Int
    public let to: Int

    public init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  case labelFlip(Relabeling)
  /// floor(ratio · m) of the client's m examples (of its source-class examples, if there is a source)
  /// get the trigger and the label of the target; they are the same in every round.
  case backdoor(Trigger, target: Int, source: Int?, ratio: Double)

  /// What a trainer has to offer.
  public var kind: String {
    switch self {
    case .labelFlip: "label-flip"
    case .backdoor: "backdoor"
    }
  }
}
