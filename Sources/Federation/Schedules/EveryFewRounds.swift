import Components
public import Determinism

/// Every controlled client acts in every k-th round of the window, its first one among them.
public struct EveryFewRounds: AttackSchedule {
  public static let entry = AttackScheduleEntry(
    manifest: ComponentManifest(
      id: "every", summary: "All attackers act in every k-th round of the window.",
      formula: "(round − start) mod k = 0",
      citations: [
        Citation(
          ["Sun", "Kairouz", "Suresh", "McMahan"], "Can you really backdoor federated learning?",
          "arXiv", 2019, arXiv: "1911.07963")
      ],
      parameters: [
        ParameterSpec("k", .integer(1...1_000_000), default: .integer(1), help: "rounds apart")
      ])
  ) { EveryFewRounds(k: $0.integer("k")) }

  public let k: Int

  public init(k: Int = 1) { self.k = k }

  public func acts(
    place _: Int, of _: Int, round: Int, window: Range<Int>, seed _: SeedPath
  ) -> Bool {
    (round - window.lowerBound) % k == 0
  }
}
