import Components

/// A learning rate that is multiplied by a factor after every so many rounds.
public struct StepDecay: LearningRateSchedule {
  public static let entry = LearningRateEntry(
    manifest: ComponentManifest(
      id: "step", summary: "Multiplies the learning rate after every so many rounds.",
      formula: "factor^floor(round / every), as repeated products",
      parameters: [
        ParameterSpec(
          "every", .integer(1...1_000_000), default: .required, help: "rounds between two steps"),
        ParameterSpec(
          "factor", .real(.leastNonzeroMagnitude...1), default: .real(0.1),
          help: "what the rate is multiplied by"),
      ])
  ) { StepDecay(every: $0.integer("every"), factor: $0.real("factor")) }

  public let every: Int
  public let factor: Double

  public init(every: Int, factor: Double) {
    self.every = every
    self.factor = factor
  }

  public func factor(round: Int, of _: Int) -> Double {
    (0..<round / every).reduce(1.0) { product, _ in product * factor }
  }
}
