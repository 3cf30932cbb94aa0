/// The passes of a two-dimensional convolution, on row-major `Float` images with channels innermost.
///
/// *Operation order*: each element is one chain of fused multiply-adds over the summed indices in
/// ascending order, the first named outermost. Tiles and lanes only decide which chains run side by
/// side. Padding counts as inputs of +0 in the forward pass and in the weights' gradient; the
/// gradient by the inputs has no terms from it.
///
/// The kernel is not turned over (cross-correlation, as everywhere in deep learning). Nothing is
/// allocated.
public enum Convolution {
  /// Writes the examples with `shape.padding` rows and columns of +0 around them.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × shape.inputCount`.
  ///   - padded: `batchCount × shape.paddedCount`, overwritten.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`padded.count`).
  public static func pad(
    _ inputs: Span<Float>, into padded: inout MutableSpan<Float>, batchCount: Int,
    shape: ConvolutionShape
  ) {
    precondition(
      batchCount >= 0 && inputs.count >= batchCount * shape.inputCount
        && padded.count >= batchCount * shape.paddedCount,
      "Convolution.pad: \(batchCount) of \(shape) with \(inputs.count) and \(padded.count) values")
    let row = shape.width * shape.channels
    let margin = shape.padding * shape.channels
    unsafe inputs.withUnsafeBufferPointer { source in
      unsafe padded.withUnsafeMutableBufferPointer { target in
        guard var from = source.baseAddress, var to = target.baseAddress, batchCount > 0
        else { return }
        for _ in 0..<batchCount {
          unsafe to.update(repeating: 0, count: shape.padding * shape.rowCount)
          unsafe to += shape.padding * shape.rowCount
          for _ in 0..<shape.height {
            unsafe to.update(repeating: 0, count: margin)
            unsafe (to + margin).update(from: from, count: row)
            unsafe (to + (margin + row)).update(repeating: 0, count: margin)
            unsafe from += row
            unsafe to += shape.rowCount
          }
          unsafe to.update(repeating: 0, count: shape.padding * shape.rowCount)
          unsafe to += shape.padding * shape.rowCount
        }
      }
    }
  }

  /// The number of values that `forward` needs as scratch.
  public static func forwardScratchCount(_ shape: ConvolutionShape) -> Int {
    let lanes = paddedLanes(shape.outputChannels)
    let weights = (shape.depth + 1) * lanes
    // The sums of a tile's rows wait between blocks of the kernel's rows, where there are several.
    guard unsafe shape.depth * widestGroup * 4 > ConvolutionForward.nearBytes else {
      return weights
    }
    return weights + shape.outputHeight * shape.outputWidth * 12 * 8
  }

  /// Computes `outputs[i, y, x, n] = bias[n] + Σ_u Σ_v Σ_c inputs[i, y·s + u, x·s + v, c] × weights[u, v, c, n]`.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × shape.paddedCount`, with the padding.
  ///   - weights: kernel height × kernel width × channels × output channels.
  ///   - bias: One value per output channel; empty: +0 for all.
  ///   - outputs: `batchCount × shape.outputCount`, overwritten.
  ///   - scratch: At least `forwardScratchCount` values, overwritten.
  ///   - batchCount: The number of examples; 0 writes nothing.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × `shape.productCount`).
  public static func forward(
    inputs: Span<Float>, weights: Span<Float>, bias: Span<Float>,
    into outputs: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, batchCount: Int,
    shape: ConvolutionShape
  ) {
    precondition(
      batchCount >= 0 && inputs.count >= batchCount * shape.paddedCount
        && weights.count == shape.weightCount
        && (bias.count == shape.outputChannels || bias.count == 0)
        && outputs.count >= batchCount * shape.outputCount
        && scratch.count >= forwardScratchCount(shape),
      """
      Convolution.forward: \(batchCount) of \(shape) with \(inputs.count) inputs, \
      \(weights.count) weights, \(bias.count) biases, \(outputs.count) outputs, \
      \(scratch.count) scratch values
      """)
    unsafe inputs.withUnsafeBufferPointer { x in
      unsafe weights.withUnsafeBufferPointer { w in
        unsafe bias.withUnsafeBufferPointer { bias in
          unsafe outputs.withUnsafeMutableBufferPointer { y in
            unsafe scratch.withUnsafeMutableBufferPointer { scratch in
              guard batchCount > 0, let x = x.baseAddress, let w = w.baseAddress,
                let y = y.baseAddress, let scratch = scratch.baseAddress
              else { return }
              unsafe ConvolutionForward(
                shape: shape, inputs: x, weights: w, bias: bias.count == 0 ? nil : bias.baseAddress,
                outputs: y, scratch: scratch
              ).run(batchCount: batchCount)
            }
          }
        }
      }
    }
  }

  /// The number of values that `weightGradient` needs as scratch.
  public static func weightGradientScratchCount(_ shape: ConvolutionShape) -> Int {
    // The sums in whole vectors, and a row of output gradients that vectors may read beyond.
    shape.depth * paddedLanes(shape.outputChannels)
      + shape.outputWidth * shape.outputChannels + widestGroup
  }

  /// Computes `weightGradient[u, v, c, n] = Σ_i Σ_y Σ_x inputs[i, y·s + u, x·s + v, c] × outputGradient[i, y, x, n]`.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × shape.paddedCount`, with the padding.
  ///   - outputGradient: `batchCount × shape.outputCount`.
  ///   - weightGradient: `shape.weightCount` values, overwritten.
  ///   - scratch: At least `weightGradientScratchCount` values, overwritten.
  ///   - batchCount: The number of examples; 0 gives zeros.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × `shape.productCount`).
  public static func weightGradient(
    inputs: Span<Float>, outputGradient: Span<Float>,
    into weightGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    batchCount: Int, shape: ConvolutionShape
  ) {
    precondition(
      batchCount >= 0 && inputs.count >= batchCount * shape.paddedCount
        && outputGradient.count >= batchCount * shape.outputCount
        && weightGradient.count == shape.weightCount
        && scratch.count >= weightGradientScratchCount(shape),
      """
      Convolution.weightGradient: \(batchCount) of \(shape) with \(inputs.count) inputs, \
      \(outputGradient.count) output gradients, \(weightGradient.count) weights, \
      \(scratch.count) scratch values
      """)
    unsafe inputs.withUnsafeBufferPointer { x in
      unsafe outputGradient.withUnsafeBufferPointer { dy in
        unsafe weightGradient.withUnsafeMutableBufferPointer { dw in
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            guard let dw = dw.baseAddress, let scratch = scratch.baseAddress else { return }
            guard batchCount > 0, let x = x.baseAddress, let dy = dy.baseAddress else {
              unsafe dw.update(repeating: 0, count: shape.weightCount)
              return
            }
            unsafe ConvolutionWeightGradient(
              shape: shape, inputs: x, outputGradient: dy, weightGradient: dw, scratch: scratch
            ).run(batchCount: batchCount)
          }
        }
      }
    }
  }

  /// The number of values that `inputGradient` needs as scratch.
  public static func inputGradientScratchCount(_ shape: ConvolutionShape) -> Int {
    shape.kernelHeight * shape.kernelWidth * shape.outputChannels * paddedLanes(shape.channels)
  }

  /// Computes `inputGradient[i, h, w, c] = Σ_y Σ_x Σ_n outputGradient[i, y, x, n] × weights[u, v, c, n]`
  /// with u = h + p − y·s and v = w + p − x·s, over the places of the kernel that cover the input.
  ///
  /// - Parameters:
  ///   - outputGradient: `batchCount × shape.outputCount`.
  ///   - weights: kernel height × kernel width × channels × output channels.
  ///   - inputGradient: `batchCount × shape.inputCount`, without the padding, overwritten.
  ///   - scratch: At least `inputGradientScratchCount` values, overwritten.
  ///   - batchCount: The number of examples; 0 writes nothing.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × `shape.productCount`).
  public static func inputGradient(
    outputGradient: Span<Float>, weights: Span<Float>,
    into inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    batchCount: Int, shape: ConvolutionShape
  ) {
    precondition(
      batchCount >= 0 && outputGradient.count >= batchCount * shape.outputCount
        && weights.count == shape.weightCount
        && inputGradient.count >= batchCount * shape.inputCount
        && scratch.count >= inputGradientScratchCount(shape),
      """
      Convolution.inputGradient: \(batchCount) of \(shape) with \(outputGradient.count) output \
      gradients, \(weights.count) weights, \(inputGradient.count) input gradients, \
      \(scratch.count) scratch values
      """)
    unsafe outputGradient.withUnsafeBufferPointer { dy in
      unsafe weights.withUnsafeBufferPointer { w in
        unsafe inputGradient.withUnsafeMutableBufferPointer { dx in
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            guard batchCount > 0, let dy = dy.baseAddress, let w = w.baseAddress,
              let dx = dx.baseAddress, let scratch = scratch.baseAddress
            else { return }
            unsafe ConvolutionInputGradient(
              shape: shape, outputGradient: dy, weights: w, inputGradient: dx, scratch: scratch
            ).run(batchCount: batchCount)
          }
        }
      }
    }
  }

  /// The most channels that one tile has, in three vectors.
  static let widestGroup = 24

  /// A number of channels, in whole vectors of eight.
  static func paddedLanes(_ channels: Int) -> Int { (channels + 7) & ~7 }
}
