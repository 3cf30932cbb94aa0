import Federation

/// A server optimizer with a step of its own per coordinate (Reddi et al., Adaptive Federated
/// Optimization, ICLR 2021, algorithm 2): FedAdam, FedYogi and FedAdagrad.
///
/// With the aggregate Δ: m = β₁m + (1 − β₁)Δ, and the model moves by η·m / (√v + τ), where v is
///
/// - `adam`: β₂v + (1 − β₂)Δ²,
/// - `yogi`: v − (1 − β₂)Δ² sign(v − Δ²),
/// - `adagrad`: v + Δ².
///
/// m starts from 0 and v from τ². There is no correction of the first rounds, as in the paper. Sums are
/// in double precision; m and v are kept in single precision.
public struct AdaptiveOptimizer: Sendable, Hashable {
  /// How v follows the squares.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case adagrad
    case adam
    case yogi
  }

  public var kind: Kind
  /// β₁.
  public var firstDecay: Double
  /// β₂; of no use to `adagrad`.
  public var secondDecay: Double
  /// τ, how far from adaptive: above 0.
  public var adaptivity: Double

  public init(kind: Kind, firstDecay: Double, secondDecay: Double, adaptivity: Double) {
    self.kind = kind
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.adaptivity = adaptivity
  }

  /// What the optimizer remembers, d values each.
  struct State: Sendable {
    fileprivate var first: [Float]
    fileprivate var second: [Float]

    mutating func checkpoint(_ pass: inout CheckpointPass) {
      pass.visit(&first, count: first.count)
      pass.visit(&second, count: second.count)
    }
  }

  func makeState(count: Int) -> State {
    State(
      first: [Float](repeating: 0, count: count),
      second: [Float](repeating: Float(adaptivity * adaptivity), count: count))
  }

  /// Moves the model by one step.
  func step(
    _ aggregate: [Float], learningRate: Double, state: inout State, global: inout [Float]
  ) {
    for j in aggregate.indices {
      let change = Double(aggregate[j])
      let square = change * change
      let before = Double(state.second[j])
      let second =
        switch kind {
        case .adagrad: before + square
        case .adam: secondDecay * before + (1 - secondDecay) * square
        case .yogi:
          before - (1 - secondDecay) * (before > square ? square : before < square ? -square : 0)
        }
      let first = firstDecay * Double(state.first[j]) + (1 - firstDecay) * change
      state.first[j] = Float(first)
      state.second[j] = Float(second)
      global[j] = Float(
        Double(global[j]) + learningRate * first / (second.squareRoot() + adaptivity))
    }
  }
}
