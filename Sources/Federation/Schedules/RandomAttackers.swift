import Components
public import Determinism

/// In every round of the window some of the controlled clients act, drawn anew.
///
/// Either each acts with a probability, whatever the others do, so that their number is binomial; or a
/// fixed number of them is drawn without replacement, all where there are no more. Where only some of
/// the clients take part, a drawn one acts if it is among them: with a fixed number the number of those
/// is hypergeometric, as in the random sampling of Sun et al. That the attackers of a round are those
/// that happen to take part, which is what the paper does, needs no schedule.
///
/// Draws depend on the seed, the round and the place of a client: a coin does not change with the number
/// of controlled clients, and whoever one `count` draws a larger one draws as well.
public struct RandomAttackers: AttackSchedule {
  public static let entry = AttackScheduleEntry(
    manifest: ComponentManifest(
      id: "random", summary: "In each round of the window some attackers act, drawn anew.",
      formula: "a ~ Bernoulli(probability) for each attacker and round, or count of the f attackers"
        + " without replacement",
      preconditions: ["either probability or count is given"],
      citations: [
        Citation(
          ["Sun", "Kairouz", "Suresh", "McMahan"], "Can you really backdoor federated learning?",
          "arXiv", 2019, arXiv: "1911.07963")
      ],
      origin: "the draw among attackers; in the paper they are drawn with all other clients",
      parameters: [
        ParameterSpec(
          "probability", .real(.leastNonzeroMagnitude...1, orWords: ["none"]),
          default: .text("none"), help: "with which each attacker acts in a round"),
        ParameterSpec(
          "count", .integer(1...10_000_000, orWords: ["none"]), default: .text("none"),
          help: "how many attackers act in a round; all where there are no more"),
      ])
  ) { RandomAttackers(probability: $0.number("probability"), count: $0.wholeNumber("count")) }

  public let probability: Double?
  public let count: Int?

  public init(probability: Double? = nil, count: Int? = nil) {
    self.probability = probability
    self.count = count
  }

  public func acts(
    place: Int, of total: Int, round: Int, window _: Range<Int>, seed: SeedPath
  ) -> Bool {
    let path = seed.child(round)
    if let count {
      guard count < total else { return true }
      var random = path.stream()
      return random.sample(count, of: total).contains(place)
    }
    var random = path.child(place).stream()
    return random.unit() < probability ?? 1
  }

  public func problem(in _: Range<Int>) -> String? {
    switch (probability, count) {
    case (nil, nil): "random takes 'probability' or 'count'; neither is given"
    case (_?, _?): "random takes 'probability' or 'count', not both"
    default: nil
    }
  }
}
