import Training

extension Plan {
  /// What is legal and seldom meant, in sentences; said before anything is trained.
  public var notes: [String] { counts.notes }

  /// How far one step of FedSGD goes, for each combination of rates in the matrix; empty for FedAvg.
  public var fedSGDSteps: [String] {
    variants.map(\.scenario).filter(\.isFedSGD).map {
      "a FedSGD step is server.lr × task.local.lr = \($0.stepText) times the aggregated gradient"
    }.uniqued()
  }
}

extension Scenario {
  fileprivate var isFedSGD: Bool { server.algorithm != .fedAvg }

  /// The two rates and their product, as `1 × 0.1 = 0.1`.
  fileprivate var stepText: String {
    let (ours, theirs) = (server.learningRate, task.local.learningRate.shortest)
    return "\(Self.text(ours)) × \(Self.text(theirs)) = "
      + Self.text(Float(ours * theirs).shortest)
  }

  /// Peers have one learning rate; who gives it twice trains with its square.
  var smallStepNote: String? {
    guard isFedSGD, server.learningRate < 1, task.local.learningRate < 1 else { return nil }
    return "server.lr and task.local.lr are both below 1, and a FedSGD step is their product, "
      + "\(stepText); for a peer's one learning rate give task.local.lr and leave server.lr at 1"
  }

  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}
