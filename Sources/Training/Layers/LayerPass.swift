public import Determinism

/// What the layers of one pass share.
public struct LayerPass: Sendable {
  /// Room for steps that need some; each layer finds what the one before left.
  public var scratch: [Float]
  /// The draws of a training pass; `nil`: nothing is drawn, as in evaluation.
  public var random: RandomStream?

  public init(scratchCount: Int, random: RandomStream? = nil) {
    scratch = [Float](repeating: 0, count: scratchCount)
    self.random = random
  }
}
