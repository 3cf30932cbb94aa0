import Components
public import Determinism

/// One controlled client after the other, each in a round of its own.
///
/// The client at place p acts in round start + p · k. With `repeat` the first one follows the last;
/// otherwise each acts once, which is DBA's single-shot schedule.
public struct InTurn: AttackSchedule {
  public static let entry = AttackScheduleEntry(
    manifest: ComponentManifest(
      id: "in-turn", summary: "One attacker after the other, each in a round of its own.",
      formula: "round = start + p · k for the attacker at place p; with repeat modulo their number",
      citations: [
        Citation(
          ["Xie", "Huang", "Chen", "Li"],
          "DBA: distributed backdoor attacks against federated learning", "ICLR", 2020)
      ],
      parameters: [
        ParameterSpec("k", .integer(1...1_000_000), default: .integer(1), help: "rounds apart"),
        ParameterSpec(
          "repeat", .choice(["true", "false"]), default: .text("false"),
          help: "whether the first attacker follows the last"),
      ])
  ) { InTurn(k: $0.integer("k"), repeats: $0.text("repeat") == "true") }

  public let k: Int
  public let repeats: Bool

  public init(k: Int = 1, repeats: Bool = false) {
    self.k = k
    self.repeats = repeats
  }

  public func acts(
    place: Int, of count: Int, round: Int, window: Range<Int>, seed _: SeedPath
  ) -> Bool {
    let (turn, rest) = (round - window.lowerBound).quotientAndRemainder(dividingBy: k)
    return rest == 0 && (repeats ? turn % count : turn) == place
  }
}
