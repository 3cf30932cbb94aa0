/// What the controlled clients that acted in a round had to compute.
///
/// Gradients are those of single examples: one pass of one example through the model and back; three
/// passes forward alone that an attack takes for each client are counted as one. The figures are counts,
/// so they do not depend on the machine or on threads.
public struct RoundWork: Sendable, Hashable {
  /// Gradients that they took in training, and those that the attack took for all of them together.
  public var gradientCount: Int
  /// Gradients that the same clients take in the same round where they are honest.
  public var honestGradientCount: Int
  /// The rows of all rehearsals of the defense.
  public var rehearsedRowCount: Int

  public init(
    gradientCount: Int = 0, honestGradientCount: Int = 0, rehearsedRowCount: Int = 0
  ) {
    self.gradientCount = gradientCount
    self.honestGradientCount = honestGradientCount
    self.rehearsedRowCount = rehearsedRowCount
  }
}
