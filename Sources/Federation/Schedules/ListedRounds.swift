import Components
public import Determinism

/// Every controlled client acts in the listed rounds: one of them is a single shot.
public struct ListedRounds: AttackSchedule {
  public static let entry = AttackScheduleEntry(
    manifest: ComponentManifest(
      id: "rounds", summary: "All attackers act in the listed rounds; one round is a single shot.",
      formula: "round ∈ rounds", preconditions: ["the rounds lie in the window"],
      citations: [
        Citation(
          ["Bagdasaryan", "Veit", "Hua", "Estrin", "Shmatikov"],
          "How to backdoor federated learning",
          "AISTATS", 2020, arXiv: "1807.00459")
      ],
      parameters: [
        ParameterSpec(
          "rounds", .list(of: .integer(0...1_000_000)), default: .required,
          help: "such as [12] or [12, 14]; rounds count from 0")
      ])
  ) { ListedRounds($0.integers("rounds")) }

  public let rounds: Set<Int>

  public init(_ rounds: [Int]) { self.rounds = Set(rounds) }

  public func acts(
    place _: Int, of _: Int, round: Int, window _: Range<Int>, seed _: SeedPath
  ) -> Bool {
    rounds.contains(round)
  }

  public func problem(in window: Range<Int>) -> String? {
    let outside = rounds.filter { !window.contains($0) }.sorted()
    guard let first = outside.first else { return nil }
    return "round \(first) lies outside the window \(window.lowerBound) ..< \(window.upperBound)"
  }
}
