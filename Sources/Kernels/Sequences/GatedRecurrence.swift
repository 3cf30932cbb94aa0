/// The gates of a gated recurrent unit (Cho et al., EMNLP 2014), in PyTorch's form, between the matrix
/// products.
///
/// With a = W x + b and c = V h + d, each three gates wide, and h the state before the step:
/// `r = σ(a_r + c_r)`, `z = σ(a_z + c_z)`, `n = tanh(a_n + r c_n)`, `h' = n + z (h − n)`.
///
/// *Operation order*: each unit of an example stands alone. σ(x) is `1 / (1 + exp(−x))` and tanh x is
/// `(1 − t) / (1 + t)` with `t = exp(−2 |x|)` and the sign of x, with the exponential of
/// `ElementaryFunctions` on `Float`; errors are below 2.5e-7. The products in n and h' are fused.
/// Nothing is allocated.
///
/// *Rows*: those of a are ordered by example, then step; the span of c holds one step.
public enum GatedRecurrence {
  /// Takes one step: replaces a by (r, z, n) and writes the state behind it.
  ///
  /// - Parameters:
  ///   - inputGates: a of all examples and steps; this step's becomes r, z and n.
  ///   - hiddenGates: c of this step.
  ///   - states: The states before the step, and behind them those after it, overwritten.
  ///   - step: The step, from 0.
  ///   - stepCount: The steps of an example.
  ///   - batchCount: The number of examples.
  ///   - unitCount: The number of units.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × `unitCount`).
  public static func advance(
    inputGates: inout MutableSpan<Float>, hiddenGates: Span<Float>,
    states: inout MutableSpan<Float>, step: Int, stepCount: Int, batchCount: Int, unitCount: Int
  ) {
    check(inputGates.count, hiddenGates.count, step, stepCount, batchCount, unitCount)
    precondition(states.count >= 2 * batchCount * unitCount, "\(states.count) states")
    unsafe inputGates.withUnsafeMutableBufferPointer { gates in
      unsafe hiddenGates.withUnsafeBufferPointer { hidden in
        unsafe states.withUnsafeMutableBufferPointer { states in
          guard let gates = gates.baseAddress, let hidden = hidden.baseAddress,
            let states = states.baseAddress
          else { return }
          let next = unsafe states + batchCount &* unitCount
          forEachVector(step, stepCount, batchCount, unitCount) { row, product, state, lanes in
            let a = unsafe gates + row
            let c = unsafe hidden + product
            let r = unsafe sigmoid(
              PartialVector.load(a, lanes) + PartialVector.load(c, lanes))
            let z = unsafe sigmoid(
              PartialVector.load(a + unitCount, lanes) + PartialVector.load(c + unitCount, lanes))
            let n = unsafe tangent(
              PartialVector.load(a + 2 &* unitCount, lanes)
                .addingProduct(r, PartialVector.load(c + 2 &* unitCount, lanes)))
            let before = unsafe PartialVector.load(states + state, lanes)
            unsafe PartialVector.store(r, lanes, a)
            unsafe PartialVector.store(z, lanes, a + unitCount)
            unsafe PartialVector.store(n, lanes, a + 2 &* unitCount)
            unsafe PartialVector.store(n.addingProduct(z, before - n), lanes, next + state)
          }
        }
      }
    }
  }

  /// Goes back one step: replaces (r, z, n) by the gradient by a, c by the gradient by c, and the
  /// gradient by the state after the step by its direct part in that by the state before, `z ×` it.
  ///
  /// - Parameters:
  ///   - inputGates: As `advance` left them.
  ///   - hiddenGates: c of this step.
  ///   - states: The states before the step.
  ///   - stateGradient: The gradient by the states after the step.
  ///   - step: The step, from 0.
  ///   - stepCount: The steps of an example.
  ///   - batchCount: The number of examples.
  ///   - unitCount: The number of units.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × `unitCount`).
  public static func retreat(
    inputGates: inout MutableSpan<Float>, hiddenGates: inout MutableSpan<Float>,
    states: Span<Float>, stateGradient: inout MutableSpan<Float>, step: Int, stepCount: Int,
    batchCount: Int, unitCount: Int
  ) {
    check(inputGates.count, hiddenGates.count, step, stepCount, batchCount, unitCount)
    precondition(
      states.count >= batchCount * unitCount && stateGradient.count >= batchCount * unitCount,
      "\(states.count) states and \(stateGradient.count) gradients")
    unsafe inputGates.withUnsafeMutableBufferPointer { gates in
      unsafe hiddenGates.withUnsafeMutableBufferPointer { hidden in
        unsafe states.withUnsafeBufferPointer { states in
          unsafe stateGradient.withUnsafeMutableBufferPointer { slopes in
            guard let gates = gates.baseAddress, let hidden = hidden.baseAddress,
              let states = states.baseAddress, let slopes = slopes.baseAddress
            else { return }
            forEachVector(step, stepCount, batchCount, unitCount) { row, product, state, lanes in
              let a = unsafe gates + row
              let c = unsafe hidden + product
              let r = unsafe PartialVector.load(a, lanes)
              let z = unsafe PartialVector.load(a + unitCount, lanes)
              let n = unsafe PartialVector.load(a + 2 &* unitCount, lanes)
              let before = unsafe PartialVector.load(states + state, lanes)
              let slope = unsafe PartialVector.load(slopes + state, lanes)
              let one = SIMD8<Float>(repeating: 1)
              let byN = slope * (one - z) * (one - n * n)
              let byZ = slope * (before - n) * (z * (one - z))
              let byR =
                unsafe byN * PartialVector.load(c + 2 &* unitCount, lanes) * (r * (one - r))
              unsafe PartialVector.store(byR, lanes, a)
              unsafe PartialVector.store(byZ, lanes, a + unitCount)
              unsafe PartialVector.store(byN, lanes, a + 2 &* unitCount)
              unsafe PartialVector.store(byR, lanes, c)
              unsafe PartialVector.store(byZ, lanes, c + unitCount)
              unsafe PartialVector.store(byN * r, lanes, c + 2 &* unitCount)
              unsafe PartialVector.store(slope * z, lanes, slopes + state)
            }
          }
        }
      }
    }
  }
}

extension GatedRecurrence {
  private static func check(
    _ inputGates: Int, _ hiddenGates: Int, _ step: Int, _ stepCount: Int, _ batchCount: Int,
    _ unitCount: Int
  ) {
    precondition(
      batchCount >= 0 && unitCount > 0 && (0..<stepCount).contains(step)
        && inputGates >= batchCount * stepCount * 3 * unitCount
        && hiddenGates >= batchCount * 3 * unitCount,
      """
      GatedRecurrence: \(batchCount) examples of \(unitCount) units at step \(step) of \(stepCount) \
      with \(inputGates) and \(hiddenGates) gates
      """)
  }

  /// Calls `body` with the position of up to eight units in a, in c and among the states, and their
  /// number.
  @inline(__always)
  private static func forEachVector(
    _ step: Int, _ stepCount: Int, _ batchCount: Int, _ unitCount: Int,
    _ body: (Int, Int, Int, Int) -> Void
  ) {
    for example in 0..<batchCount {
      let row = (example &* stepCount &+ step) &* 3 &* unitCount
      var unit = 0
      while unit < unitCount {
        body(
          row &+ unit, example &* 3 &* unitCount &+ unit, example &* unitCount &+ unit,
          min(unitCount &- unit, 8))
        unit &+= 8
      }
    }
  }

  @inline(__always)
  private static func sigmoid(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let one = SIMD8<Float>(repeating: 1)
    return one / (one + exponential(-x))
  }

  @inline(__always)
  private static func tangent(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let one = SIMD8<Float>(repeating: 1)
    let isNegative = x .< SIMD8<Float>(repeating: 0)
    let size = x.replacing(with: -x, where: isNegative)
    let power = exponential(size * -2)
    let value = (one - power) / (one + power)
    return value.replacing(with: -value, where: isNegative)
  }
}
