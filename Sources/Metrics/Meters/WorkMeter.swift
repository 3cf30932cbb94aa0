public import Federation
public import Simulation

/// What acting clients compute in the rounds of the window, besides what the same clients compute where
/// they are honest.
///
/// - `cost.attack-ratio`, pooled only: (gradients of single examples + rows of rehearsals) / gradients
///   that the same clients take as honest ones in the same rounds. Sums of counts over the rounds of
///   the window, divided once. Left out where nobody acts.
/// - `cost.attack-ratio.rounds`, pooled only: the rounds in which somebody acts.
public struct WorkMeter: RoundMeter {
  static let ratio = "cost.attack-ratio"
  static let rounds = "cost.attack-ratio.rounds"

  public static let series: [String] = []

  private var work = 0
  private var honestWork = 0
  private var roundCount = 0
  private var sawWindow = false

  public init(_ setup: MeterSetup) {}

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    let round = observation.work
    guard round.honestGradientCount > 0 else { return [:] }
    work += round.gradientCount + round.rehearsedRowCount
    honestWork += round.honestGradientCount
    roundCount += 1
    return [:]
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow else { return [:] }
    var figures = [Self.rounds: Double(roundCount)]
    if honestWork > 0 { figures[Self.ratio] = Double(work) / Double(honestWork) }
    return figures
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sawWindow)
    pass.visit(&roundCount)
    pass.visit(&work)
    pass.visit(&honestWork)
  }
}
