/// How a client trains in one round.
public struct LocalSchedule: Sendable, Hashable {
  /// How long local training lasts.
  public enum Length: Sendable, Hashable {
    /// Passes over the client's data, each in a fresh order; the last batch may be smaller.
    case epochs(Int)
    /// Batches, going through fresh orders of the data as long as it takes.
    case steps(Int)
  }

  public var length: Length
  /// Examples per step; a client with fewer uses all it has.
  public var batchSize: Int
  public var learningRate: Float
  /// Momentum within the round; the velocity starts at zero each round.
  public var momentum: Float
  /// The factor of the L2 term added to the gradient.
  public var weightDecay: Float
  /// μ of FedProx (Li et al., MLSys 2020): μ(w − anchor) is added to each gradient.
  public var proximal: Float
  /// What is drawn of images each time they are used; `nil`: nothing.
  public var augmentation: ImageAugmentation?

  public init(
    length: Length, batchSize: Int, learningRate: Float, momentum: Float = 0,
    weightDecay: Float = 0, proximal: Float = 0
  ) {
    self.length = length
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.proximal = proximal
  }

  /// Returns how many gradients of single examples training on so many examples takes.
  ///
  /// A pass takes one of each; the last batch of a pass may be smaller, and steps may end in the
  /// middle of a pass.
  public func gradientCount(exampleCount: Int) -> Int {
    guard exampleCount > 0 else { return 0 }
    switch length {
    case .epochs(let epochs):
      return epochs * exampleCount
    case .steps(let steps):
      let batch = min(batchSize, exampleCount)
      let (passes, rest) = steps.quotientAndRemainder(
        dividingBy: (exampleCount + batch - 1) / batch)
      return passes * exampleCount + rest * batch
    }
  }
}
