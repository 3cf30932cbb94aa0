public import Federation

/// The final predictions on clean test examples by the vote of noisy copies, and what a certificate
/// of them rests on.
public struct SmoothedOutcome: Sendable {
  public let smoothing: ParameterSmoothing
  /// The votes for the winner of each clean test example.
  public let winnerVotes: [Int]
  /// Whether the winner is the true class.
  public let isRight: [Bool]
  /// What the attack did; or why it is nothing that a certificate covers.
  public let exposure: Exposure

  public enum Exposure: Sendable, Hashable {
    case poisoned(PoisonedRound)
    case uncovered(String)
  }

  public init(
    smoothing: ParameterSmoothing, winnerVotes: [Int], isRight: [Bool], exposure: Exposure
  ) {
    self.smoothing = smoothing
    self.winnerVotes = winnerVotes
    self.isRight = isRight
    self.exposure = exposure
  }
}

/// The one round in which clients trained on changed examples: facts of a simulated attack.
public struct PoisonedRound: Sendable, Hashable {
  public struct Attacker: Sendable, Hashable {
    /// How far the global model moves per unit of what it sends: its share of the aggregate times
    /// the server's learning rate.
    public let weight: Double
    /// The factor that it sends its update times.
    public let scale: Double
    /// The number of steps of its local training.
    public let steps: Int
    /// The sum over the steps of the share of changed examples in the batch, at most.
    public let poisonedSteps: Double

    public init(weight: Double, scale: Double, steps: Int, poisonedSteps: Double) {
      self.weight = weight
      self.scale = scale
      self.steps = steps
      self.poisonedSteps = poisonedSteps
    }
  }

  public let attackers: [Attacker]
  public let learningRate: Double
  public let weightDecay: Double
  /// The norm of the global parameters that the round started from.
  public let parameterNorm: Double
  /// The largest norm of the features of an example of the attackers, changed or not.
  public let inputNorm: Double
  /// The largest distance between an example and the changed one, in features and one-hot label.
  public let magnitude: Double
  /// The number of rounds after it.
  public let laterRounds: Int

  public init(
    attackers: [Attacker], learningRate: Double, weightDecay: Double, parameterNorm: Double,
    inputNorm: Double, magnitude: Double, laterRounds: Int
  ) {
    self.attackers = attackers
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.parameterNorm = parameterNorm
    self.inputNorm = inputNorm
    self.magnitude = magnitude
    self.laterRounds = laterRounds
  }
}
