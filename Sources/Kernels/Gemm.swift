/// The three matrix products of a dense layer, on row-major `Float` matrices.
///
/// *Operation order*: each output element is one chain of fused multiply-adds over the summed index
/// in ascending order, starting from the bias or from +0. Tiles and lanes only decide which chains
/// run side by side, so they cannot change a bit.
///
/// A batch buffer may be longer than the batch needs; what lies behind is neither read nor written.
/// Nothing is allocated.
public enum Gemm {
  /// The number of values that `forward` needs as scratch: 200 KiB for wide layers, else none.
  public static func forwardScratchCount(inputCount: Int, outputCount: Int) -> Int {
    isWide(inputCount, outputCount, limit: 1 << 18) ? blockScratchCount : 0
  }

  /// Computes `outputs[i, j] = bias[j] + Σ_k inputs[i, k] × weights[k, j]`.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × inputCount`.
  ///   - weights: `inputCount × outputCount`.
  ///   - bias: `outputCount` values.
  ///   - outputs: `batchCount × outputCount`, overwritten.
  ///   - scratch: At least `forwardScratchCount` values, overwritten.
  ///   - batchCount: The number of samples; 0 writes nothing.
  ///   - inputCount: The number of inputs of the layer; 0 gives the bias.
  ///   - outputCount: The number of outputs of the layer.
  /// - Precondition: The spans hold as many values as stated.
  /// - Complexity: O(`batchCount` × `inputCount` × `outputCount`).
  public static func forward(
    inputs: Span<Float>, weights: Span<Float>, bias: Span<Float>,
    into outputs: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    batchCount: Int, inputCount: Int, outputCount: Int
  ) {
    checkShape(batchCount, inputCount, outputCount)
    let scratchCount = forwardScratchCount(inputCount: inputCount, outputCount: outputCount)
    precondition(
      inputs.count >= batchCount * inputCount && weights.count == inputCount * outputCount
        && bias.count == outputCount && outputs.count >= batchCount * outputCount
        && scratch.count >= scratchCount,
      """
      Gemm.forward: \(batchCount) × \(inputCount) → \(outputCount) with \(inputs.count) inputs, \
      \(weights.count) weights, \(bias.count) biases, \(outputs.count) outputs, \
      \(scratch.count) scratch values
      """)
    unsafe inputs.withUnsafeBufferPointer { a in
      unsafe weights.withUnsafeBufferPointer { b in
        unsafe bias.withUnsafeBufferPointer { bias in
          unsafe outputs.withUnsafeMutableBufferPointer { c in
            unsafe scratch.withUnsafeMutableBufferPointer { scratch in
              if scratchCount > 0, batchCount > 0, let a = a.baseAddress,
                let b = b.baseAddress, let bias = bias.baseAddress, let c = c.baseAddress,
                let scratch = scratch.baseAddress
              {
                unsafe multiplyBlocks(
                  a, b, start: bias, scratch: scratch, into: c,
                  rows: batchCount, columns: outputCount, depth: inputCount)
              } else {
                unsafe multiply(
                  a.baseAddress, rowStride: inputCount, step: 1, b.baseAddress,
                  start: bias.baseAddress, into: c.baseAddress,
                  rows: batchCount, columns: outputCount, depth: inputCount)
              }
            }
          }
        }
      }
    }
  }

  /// The number of values that `weightGradient` needs as scratch: 200 KiB for wide layers, else none.
  public static func weightGradientScratchCount(inputCount: Int, outputCount: Int) -> Int {
    isWide(inputCount, outputCount, limit: 1 << 17) ? blockScratchCount : 0
  }

  /// Computes `weightGradient[k, j] = Σ_i inputs[i, k] × outputGradient[i, j]`.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × inputCount`.
  ///   - outputGradient: `batchCount × outputCount`.
  ///   - weightGradient: `inputCount × outputCount`, overwritten.
  ///   - scratch: At least `weightGradientScratchCount` values, overwritten.
  ///   - batchCount: The number of samples; 0 gives zeros.
  ///   - inputCount: The number of inputs of the layer.
  ///   - outputCount: The number of outputs of the layer.
  /// - Precondition: The spans hold as many values as stated.
  /// - Complexity: O(`batchCount` × `inputCount` × `outputCount`).
  public static func weightGradient(
    inputs: Span<Float>, outputGradient: Span<Float>,
    into weightGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    batchCount: Int, inputCount: Int, outputCount: Int
  ) {
    checkShape(batchCount, inputCount, outputCount)
    let scratchCount = weightGradientScratchCount(inputCount: inputCount, outputCount: outputCount)
    precondition(
      inputs.count >= batchCount * inputCount && outputGradient.count >= batchCount * outputCount
        && weightGradient.count == inputCount * outputCount && scratch.count >= scratchCount,
      """
      Gemm.weightGradient: \(batchCount) × \(inputCount) → \(outputCount) with \(inputs.count) \
      inputs, \(outputGradient.count) output gradients, \(weightGradient.count) weights, \
      \(scratch.count) scratch values
      """)
    unsafe inputs.withUnsafeBufferPointer { a in
      unsafe outputGradient.withUnsafeBufferPointer { b in
        unsafe weightGradient.withUnsafeMutableBufferPointer { c in
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            if scratchCount > 0, batchCount > 0, let a = a.baseAddress,
              let b = b.baseAddress, let c = c.baseAddress,
              let scratch = scratch.baseAddress
            {
              unsafe multiplyOuter(
                a, b, scratch: scratch, into: c,
                rows: inputCount, columns: outputCount, depth: batchCount)
            } else {
              unsafe multiply(
                a.baseAddress, rowStride: 1, step: inputCount, b.baseAddress,
                start: nil, into: c.baseAddress,
                rows: inputCount, columns: outputCount, depth: batchCount)
            }
          }
        }
      }
    }
  }

  /// Computes `biasGradient[j] = Σ_i outputGradient[i, j]`, from +0 over the batch ascending.
  ///
  /// - Parameters:
  ///   - outputGradient: `batchCount × outputCount`.
  ///   - biasGradient: `outputCount` values, overwritten.
  ///   - batchCount: The number of samples; 0 gives zeros.
  ///   - outputCount: The number of outputs of the layer.
  /// - Precondition: The spans hold as many values as stated.
  /// - Complexity: O(`batchCount` × `outputCount`).
  public static func biasGradient(
    outputGradient: Span<Float>, into biasGradient: inout MutableSpan<Float>,
    batchCount: Int, outputCount: Int
  ) {
    checkShape(batchCount, 0, outputCount)
    precondition(
      outputGradient.count >= batchCount * outputCount && biasGradient.count == outputCount,
      """
      Gemm.biasGradient: \(batchCount) × \(outputCount) with \(outputGradient.count) output \
      gradients, \(biasGradient.count) biases
      """)
    unsafe outputGradient.withUnsafeBufferPointer { gradient in
      unsafe biasGradient.withUnsafeMutableBufferPointer { sums in
        unsafe addRows(
          gradient.baseAddress, into: sums.baseAddress, rows: batchCount, columns: outputCount)
      }
    }
  }

  /// The number of values that `inputGradient` needs as scratch.
  public static func inputGradientScratchCount(inputCount: Int, outputCount: Int) -> Int {
    min(inputCount, 16) * outputCount
  }

  /// Computes `inputGradient[i, k] = Σ_j outputGradient[i, j] × weights[k, j]`.
  ///
  /// - Parameters:
  ///   - outputGradient: `batchCount × outputCount`.
  ///   - weights: `inputCount × outputCount`.
  ///   - inputGradient: `batchCount × inputCount`, overwritten.
  ///   - scratch: At least `inputGradientScratchCount` values, overwritten.
  ///   - batchCount: The number of samples; 0 writes nothing.
  ///   - inputCount: The number of inputs of the layer.
  ///   - outputCount: The number of outputs of the layer; 0 gives zeros.
  /// - Precondition: The spans hold as many values as stated.
  /// - Complexity: O(`batchCount` × `inputCount` × `outputCount`).
  public static func inputGradient(
    outputGradient: Span<Float>, weights: Span<Float>,
    into inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    batchCount: Int, inputCount: Int, outputCount: Int
  ) {
    checkShape(batchCount, inputCount, outputCount)
    precondition(
      outputGradient.count >= batchCount * outputCount
        && weights.count == inputCount * outputCount
        && inputGradient.count >= batchCount * inputCount
        && scratch.count
          >= inputGradientScratchCount(inputCount: inputCount, outputCount: outputCount),
      """
      Gemm.inputGradient: \(batchCount) × \(inputCount) ← \(outputCount) with \
      \(outputGradient.count) output gradients, \(weights.count) weights, \
      \(inputGradient.count) input gradients, \(scratch.count) scratch values
      """)
    unsafe outputGradient.withUnsafeBufferPointer { a in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe scratch.withUnsafeMutableBufferPointer { b in
          unsafe inputGradient.withUnsafeMutableBufferPointer { c in
            unsafe multiplyTransposed(
              a.baseAddress, weights.baseAddress, scratch: b.baseAddress, into: c.baseAddress,
              rows: batchCount, columns: inputCount, depth: outputCount)
          }
        }
      }
    }
  }

  /// Whether a weight matrix is too large for the nearest caches, so that blocks of it are copied.
  private static func isWide(_ inputCount: Int, _ outputCount: Int, limit: Int) -> Bool {
    outputCount >= 64 && inputCount * outputCount > limit
  }

  /// Refuses negative sizes, which would pass the checks of the products.
  static func checkShape(_ batchCount: Int, _ inputCount: Int, _ outputCount: Int) {
    precondition(
      batchCount >= 0 && inputCount >= 0 && outputCount >= 0,
      "Gemm: sizes must not be negative, got \(batchCount) × \(inputCount) → \(outputCount)")
  }
}
