/// A reliability flag of a cell: a statement about the figures of all its seeds together.
public struct CellFlag: Hashable, Sendable {
  /// Such as `collapsed`.
  public var id: String
  /// The figures that it rests on, such as `0.103 [0.099, 0.107] at the end of the window`; may be
  /// empty.
  public var detail: String
  /// `in 2 of 5 seeds` where not all seeds have it, else empty.
  public var share: String
  /// Whether the cell has it; what only some of the seeds have is told, and is no flag of the cell.
  public var isRaised: Bool

  public init(_ id: String, detail: String = "", share: String = "", isRaised: Bool = true) {
    self.id = id
    self.detail = detail
    self.share = share
    self.isRaised = isRaised
  }

  /// Whether the flag is a statement about a metric: a mark stands beside no other figure.
  public static func concerns(_ id: String, metric: String) -> Bool {
    switch id {
    case "attack-ineffective", "collapsed", "utility-collapse":
      metric.hasPrefix("accuracy.") || metric.hasPrefix("persistence.")
        || VoidFigures.isAboutSuccess(metric)
    default: true
    }
  }

  /// What a flag means, by id: those that follow from all trials of a cell, or from other cells.
  ///
  /// They are derived when they are shown and in no line of `trials.jsonl`.
  public static let definitions: [(id: String, text: String)] = [
    (
      "attack-ineffective",
      "under the plain mean the attack loses less than 0.02 of accuracy, gains less than 0.05 of"
        + " attack success rate and loses less than 0.05 of its source class at the end of the"
        + " window, each in the mean over the seeds: surviving it proves nothing"
    ),
    (
      "collapsed",
      "under this attack the accuracy is at most the largest class share of the test set + 0.1, at"
        + " the end of the window or of the run, in the mean over the seeds or in most of them: what"
        + " a dead model answers is no success of the attack and no merit of the defense, and the"
        + " figures of attack success are void"
    ),
    (
      "f-exceeded",
      "in most seeds some rounds of the window held more attackers than the f that the defense was"
        + " told"
    ),
    ("few-seeds", "fewer than 5 seeds: means and intervals say little"),
    (
      "malicious-majority",
      "in most seeds some rounds of the window held at least as many attackers as honest clients:"
        + " no rule can tell who is right"
    ),
    (
      "not-adaptive",
      "no attack that ran against this defense rehearsed it, as opt-ipm does: a defense that was"
        + " not attacked by design may be weaker than it looks"
    ),
    (
      "utility-collapse",
      "without an attack the accuracy under this defense is at most the largest class share of the"
        + " test set + 0.1, at the end of the window, in the mean over the seeds or in most of them"
    ),
  ]

  /// Whether a flag in a line of `trials.jsonl` is one that versions before 0.3 stored, when they
  /// could not know the other trials.
  static func isDerived(_ id: String) -> Bool { definitions.contains { $0.id == id } }
}
