public import Federation
public import Simulation

/// Time and traffic of each round; pooled: their means over all rounds.
///
/// `cost.bytes` is what participants would send and receive as 32-bit floats without compression:
/// participants × d × 4 bytes up and the same down, dropped and late clients included, and those that do
/// not answer not.
public struct CostMeter: RoundMeter {
  public static let series = [
    "cost.attack", "cost.bytes", "cost.defense", "cost.seconds", "cost.train",
  ]

  private let parameterCount: Int
  private var sums: [String: Double] = [:]
  private var roundCount = 0

  public init(_ setup: MeterSetup) {
    parameterCount = setup.parameterCount
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    let participantCount =
      observation.clients.count + observation.dropped.count + observation.late.count
    let figures = [
      "cost.attack": observation.seconds.attack,
      "cost.bytes": Double(participantCount) * Double(parameterCount) * 4 * 2,
      "cost.defense": observation.seconds.defense,
      "cost.seconds": observation.seconds.total,
      "cost.train": observation.seconds.training,
    ]
    sums.merge(figures, uniquingKeysWith: +)
    roundCount += 1
    return figures
  }

  public mutating func finish() -> [String: Double] {
    sums.mapValues { $0 / Double(roundCount) }
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sums)
    pass.visit(&roundCount)
  }
}
