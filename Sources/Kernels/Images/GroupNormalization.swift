/// Group normalization (Wu and He, ECCV 2018) with a scale and a shift per channel, channels innermost.
///
/// Per example and group, `y = (x − mean) / sqrt(variance + epsilon) × scale + shift`, with the mean and
/// the variance (over n, not n − 1) of the group's channels at all places.
///
/// *Operation order*: sums run in `Double`, for each channel over the places ascending from +0, then
/// over the group's channels ascending; the variance is a second pass around the mean. The mean and
/// the reciprocal deviation are rounded once to `Float`; a value is `(x − mean) × reciprocal`, then one
/// fused multiply-add. An example depends on itself alone. Nothing is allocated.
///
/// *State*: per example the groups' means, their reciprocal deviations, and, from `sums` on, the sums
/// per channel of the output gradient and of its product with the normalized values.
public enum GroupNormalization {
  /// What is added to a variance.
  public static let epsilon = 1e-5

  /// Writes the outputs, and the means and reciprocal deviations into the state.
  ///
  /// *Edge cases*: a group of equal values gives the shift; NaN and infinities make their group NaN.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × shape.valueCount`.
  ///   - scale: One value per channel.
  ///   - shift: One value per channel.
  ///   - outputs: `batchCount × shape.valueCount`, overwritten.
  ///   - state: `batchCount × shape.stateCount`.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × values).
  public static func forward(
    _ inputs: Span<Float>, scale: Span<Float>, shift: Span<Float>,
    into outputs: inout MutableSpan<Float>, state: inout MutableSpan<Float>, batchCount: Int,
    shape: GroupNormalizationShape
  ) {
    check(batchCount, shape, inputs.count, outputs.count, state.count)
    check(shape, scale.count, shift.count)
    unsafe inputs.withUnsafeBufferPointer { x in
      unsafe scale.withUnsafeBufferPointer { scale in
        unsafe shift.withUnsafeBufferPointer { shift in
          unsafe outputs.withUnsafeMutableBufferPointer { y in
            unsafe state.withUnsafeMutableBufferPointer { state in
              guard let x = x.baseAddress, let y = y.baseAddress,
                let scale = scale.baseAddress, let shift = shift.baseAddress,
                let state = state.baseAddress
              else { return }
              forEachGroup(batchCount, shape) { example, group, channels in
                let start = example &* shape.valueCount
                let own = unsafe state + example &* shape.stateCount
                let moments = unsafe moments(of: x + start, channels, shape)
                unsafe own[group] = moments.mean
                unsafe own[shape.groups &+ group] = moments.reciprocal
                forEachVector(channels) { channel, lanes in
                  let factor = unsafe PartialVector.load(scale + channel, lanes)
                  let offset = unsafe PartialVector.load(shift + channel, lanes)
                  var position = start &+ channel
                  for _ in 0..<shape.places {
                    let value = unsafe PartialVector.load(x + position, lanes)
                    let normal = (value - moments.mean) * moments.reciprocal
                    unsafe PartialVector.store(
                      offset.addingProduct(factor, normal), lanes, y + position)
                    position &+= shape.channels
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Writes the sums per example and channel, which both gradients are made of, into the state.
  ///
  /// The product of a gradient and a normalized value is exact in `Double`; a sum is rounded once.
  ///
  /// - Parameters:
  ///   - outputGradient: `batchCount × shape.valueCount`.
  ///   - inputs: What `forward` got.
  ///   - state: As `forward` left it.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × values).
  public static func sums(
    outputGradient: Span<Float>, inputs: Span<Float>, state: inout MutableSpan<Float>,
    batchCount: Int, shape: GroupNormalizationShape
  ) {
    check(batchCount, shape, inputs.count, outputGradient.count, state.count)
    unsafe inputs.withUnsafeBufferPointer { x in
      unsafe outputGradient.withUnsafeBufferPointer { dy in
        unsafe state.withUnsafeMutableBufferPointer { state in
          guard let x = x.baseAddress, let dy = dy.baseAddress, let state = state.baseAddress
          else { return }
          forEachGroup(batchCount, shape) { example, group, channels in
            let own = unsafe state + example &* shape.stateCount
            let mean = unsafe own[group]
            let reciprocal = unsafe own[shape.groups &+ group]
            let target = unsafe own + 2 &* shape.groups
            forEachVector(channels) { channel, lanes in
              var plain = SIMD8<Double>(repeating: 0)
              var weighted = plain
              var position = example &* shape.valueCount &+ channel
              for _ in 0..<shape.places {
                let value = unsafe PartialVector.load(x + position, lanes)
                let normal = (value - mean) * reciprocal
                let slope = unsafe SIMD8<Double>(PartialVector.load(dy + position, lanes))
                plain += slope
                weighted.addProduct(slope, SIMD8<Double>(normal))
                position &+= shape.channels
              }
              unsafe PartialVector.store(SIMD8<Float>(plain), lanes, target + channel)
              unsafe PartialVector.store(
                SIMD8<Float>(weighted), lanes, target + (shape.channels &+ channel))
            }
          }
        }
      }
    }
  }

  /// Writes the gradient by the scale and behind it that by the shift: the sums of the examples,
  /// ascending, in `Double`.
  ///
  /// - Parameters:
  ///   - gradient: Two values per channel, overwritten.
  ///   - state: As `sums` left it.
  ///   - batchCount: The number of examples; 0 gives zeros.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold as many values as stated.
  /// - Complexity: O(`batchCount` × channels).
  public static func parameterGradient(
    into gradient: inout MutableSpan<Float>, state: Span<Float>, batchCount: Int,
    shape: GroupNormalizationShape
  ) {
    precondition(
      gradient.count == 2 * shape.channels && state.count >= batchCount * shape.stateCount,
      "GroupNormalization: \(gradient.count) gradients and \(state.count) values of state")
    for channel in 0..<shape.channels {
      var (plain, weighted) = (0.0, 0.0)
      for example in 0..<batchCount {
        let position = example * shape.stateCount + 2 * shape.groups + channel
        plain += Double(state[position])
        weighted += Double(state[position + shape.channels])
      }
      gradient[channel] = Float(weighted)
      gradient[shape.channels + channel] = Float(plain)
    }
  }

  /// Writes the gradient by the inputs, `((scale × dy − a) − normalized × b) × reciprocal`, where a and b
  /// are the group's means of `scale × dy` and of its product with the normalized values.
  ///
  /// - Parameters:
  ///   - outputGradient: `batchCount × shape.valueCount`.
  ///   - inputs: What `forward` got.
  ///   - scale: One value per channel.
  ///   - state: As `sums` left it.
  ///   - inputGradient: `batchCount × shape.valueCount`, overwritten.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × values).
  public static func inputGradient(
    outputGradient: Span<Float>, inputs: Span<Float>, scale: Span<Float>, state: Span<Float>,
    into inputGradient: inout MutableSpan<Float>, batchCount: Int, shape: GroupNormalizationShape
  ) {
    check(batchCount, shape, inputs.count, outputGradient.count, state.count)
    check(batchCount, shape, inputs.count, inputGradient.count, state.count)
    check(shape, scale.count, scale.count)
    unsafe inputs.withUnsafeBufferPointer { x in
      unsafe outputGradient.withUnsafeBufferPointer { dy in
        unsafe scale.withUnsafeBufferPointer { scale in
          unsafe state.withUnsafeBufferPointer { state in
            unsafe inputGradient.withUnsafeMutableBufferPointer { dx in
              guard let x = x.baseAddress, let dy = dy.baseAddress, let dx = dx.baseAddress,
                let scale = scale.baseAddress, let state = state.baseAddress
              else { return }
              forEachGroup(batchCount, shape) { example, group, channels in
                let own = unsafe state + example &* shape.stateCount
                let mean = unsafe own[group]
                let reciprocal = unsafe own[shape.groups &+ group]
                let sums = unsafe own + 2 &* shape.groups
                var (plain, weighted) = (0.0, 0.0)
                for channel in channels {
                  unsafe plain += Double(scale[channel]) * Double(sums[channel])
                  unsafe weighted +=
                    Double(scale[channel]) * Double(sums[shape.channels &+ channel])
                }
                let count = Double(shape.places &* channels.count)
                let (a, b) = (Float(plain / count), Float(weighted / count))
                forEachVector(channels) { channel, lanes in
                  let factor = unsafe PartialVector.load(scale + channel, lanes)
                  var position = example &* shape.valueCount &+ channel
                  for _ in 0..<shape.places {
                    let value = unsafe PartialVector.load(x + position, lanes)
                    let normal = (value - mean) * reciprocal
                    let slope = unsafe PartialVector.load(dy + position, lanes)
                    let rest = (factor * slope - a) - normal * b
                    unsafe PartialVector.store(rest * reciprocal, lanes, dx + position)
                    position &+= shape.channels
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

extension GroupNormalization {
  private static func check(
    _ batchCount: Int, _ shape: GroupNormalizationShape, _ inputs: Int, _ outputs: Int,
    _ state: Int
  ) {
    let values = batchCount * shape.valueCount
    precondition(
      batchCount >= 0 && inputs >= values && outputs >= values
        && state >= batchCount * shape.stateCount,
      """
      GroupNormalization: \(batchCount) of \(shape) with \(inputs) inputs, \(outputs) outputs and \
      \(state) values of state
      """)
  }

  private static func check(_ shape: GroupNormalizationShape, _ scale: Int, _ shift: Int) {
    precondition(
      scale == shape.channels && shift == shape.channels,
      "GroupNormalization: \(scale) scales and \(shift) shifts for \(shape.channels) channels")
  }

  /// Calls `body` with each example, each of its groups, and the group's channels.
  @inline(__always)
  private static func forEachGroup(
    _ batchCount: Int, _ shape: GroupNormalizationShape, _ body: (Int, Int, Range<Int>) -> Void
  ) {
    let width = shape.channels / shape.groups
    for example in 0..<batchCount {
      for group in 0..<shape.groups {
        body(example, group, group &* width..<(group &+ 1) &* width)
      }
    }
  }

  /// Calls `body` with the first of up to eight channels, and their number.
  @inline(__always)
  private static func forEachVector(_ channels: Range<Int>, _ body: (Int, Int) -> Void) {
    var channel = channels.lowerBound
    while channel < channels.upperBound {
      body(channel, min(channels.upperBound &- channel, 8))
      channel &+= 8
    }
  }

  /// Returns the mean of one group of an example and the reciprocal of its deviation.
  @inline(__always)
  private static func moments(
    of example: UnsafePointer<Float>, _ channels: Range<Int>, _ shape: GroupNormalizationShape
  ) -> (mean: Float, reciprocal: Float) {
    let count = Double(shape.places &* channels.count)
    var total = 0.0
    forEachVector(channels) { channel, lanes in
      var sums = SIMD8<Double>(repeating: 0)
      var position = channel
      for _ in 0..<shape.places {
        unsafe sums += SIMD8<Double>(PartialVector.load(example + position, lanes))
        position &+= shape.channels
      }
      for lane in 0..<lanes { total += sums[lane] }
    }
    let mean = total / count
    var squares = 0.0
    forEachVector(channels) { channel, lanes in
      var sums = SIMD8<Double>(repeating: 0)
      var position = channel
      for _ in 0..<shape.places {
        let gap = unsafe SIMD8<Double>(PartialVector.load(example + position, lanes)) - mean
        sums.addProduct(gap, gap)
        position &+= shape.channels
      }
      for lane in 0..<lanes { squares += sums[lane] }
    }
    return (Float(mean), Float(1 / (squares / count + epsilon).squareRoot()))
  }
}
