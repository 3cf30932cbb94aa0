import Federation
public import Simulation

/// The curves of accuracy, attack success rate and robust accuracy.
///
/// The last two belong to the trial's backdoor and are left out without one. Every
/// round in which the model was evaluated counts.
public struct AccuracyMeter: RoundMeter {
  public static let series = ["accuracy", "asr", "robust-accuracy"]

  private let backdoor: Backdoor?

  public init(_ setup: MeterSetup) {
    backdoor = setup.backdoor
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard let evaluation = observation.evaluation else { return [:] }
    var figures = ["accuracy": evaluation.accuracy]
    if let backdoor {
      figures["asr"] = evaluation.attackSuccessRate(of: backdoor)
      figures["robust-accuracy"] = evaluation.robustAccuracy(against: backdoor)
    }
    return figures
  }
}
