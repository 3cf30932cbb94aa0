/// Maximum and average over windows of an image, and their gradients, channels innermost.
///
/// *Operation order*: a window is read row by row from its first value on; an input that lies in
/// several windows collects their gradients in the order of the outputs, from +0. Nothing is
/// allocated.
public enum Pooling {
  /// Writes the largest value of each window; the first one where several are equal.
  ///
  /// *Edge cases*: a window with a NaN gives NaN; −0 and +0 are equal.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × shape.inputCount`.
  ///   - outputs: `batchCount × shape.outputCount`, overwritten.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × outputs × window).
  public static func maximum(
    _ inputs: Span<Float>, into outputs: inout MutableSpan<Float>, batchCount: Int,
    shape: PoolingShape
  ) {
    check(batchCount, shape, inputs.count, outputs.count)
    unsafe inputs.withUnsafeBufferPointer { x in
      unsafe outputs.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        forEachWindow(batchCount, shape) { input, output, lanes, _ in
          var largest = unsafe PartialVector.load(x + input, lanes)
          forEachPlace(shape) { place in
            let value = unsafe PartialVector.load(x + (input &+ place), lanes)
            largest.replace(with: value, where: (value .> largest) .| (value .!= value))
          }
          unsafe PartialVector.store(largest, lanes, y + output)
        }
      }
    }
  }

  /// Writes the gradient by the inputs of `maximum`: each output's gradient goes to the first input that
  /// is the largest of its window.
  ///
  /// *Edge cases*: the first NaN, where there is one.
  ///
  /// - Parameters:
  ///   - outputGradient: `batchCount × shape.outputCount`.
  ///   - inputs: What `maximum` got.
  ///   - outputs: What `maximum` gave.
  ///   - inputGradient: `batchCount × shape.inputCount`, overwritten.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × outputs × window).
  public static func maximumGradient(
    outputGradient: Span<Float>, inputs: Span<Float>, outputs: Span<Float>,
    into inputGradient: inout MutableSpan<Float>, batchCount: Int, shape: PoolingShape
  ) {
    check(batchCount, shape, inputs.count, outputs.count)
    check(batchCount, shape, inputGradient.count, outputGradient.count)
    unsafe outputGradient.withUnsafeBufferPointer { dy in
      unsafe inputs.withUnsafeBufferPointer { x in
        unsafe outputs.withUnsafeBufferPointer { y in
          unsafe inputGradient.withUnsafeMutableBufferPointer { dx in
            guard let dy = dy.baseAddress, let x = x.baseAddress, let y = y.baseAddress,
              let dx = dx.baseAddress
            else { return }
            unsafe dx.update(repeating: 0, count: batchCount &* shape.inputCount)
            forEachWindow(batchCount, shape) { input, output, lanes, count in
              let largest = unsafe PartialVector.load(y + output, lanes)
              let gradient = unsafe PartialVector.load(dy + output, lanes)
              var isOpen = SIMDMask<SIMD8<Int32>>(repeating: true)
              forEachPlace(shape) { place in
                let value = unsafe PartialVector.load(x + (input &+ place), lanes)
                let isHere = isOpen .& ((value .== largest) .| (value .!= value))
                isOpen = isOpen .& .!isHere
                let target = unsafe dx + (input &+ place)
                let before = unsafe PartialVector.load(target, count)
                let share = SIMD8<Float>(repeating: 0).replacing(with: gradient, where: isHere)
                unsafe PartialVector.store(before + share, count, target)
              }
            }
          }
        }
      }
    }
  }

  /// Writes the mean of each window: the sum from +0, divided by the number of values.
  ///
  /// - Parameters:
  ///   - inputs: `batchCount × shape.inputCount`.
  ///   - outputs: `batchCount × shape.outputCount`, overwritten.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × outputs × window).
  public static func average(
    _ inputs: Span<Float>, into outputs: inout MutableSpan<Float>, batchCount: Int,
    shape: PoolingShape
  ) {
    check(batchCount, shape, inputs.count, outputs.count)
    let count = Float(shape.windowHeight * shape.windowWidth)
    unsafe inputs.withUnsafeBufferPointer { x in
      unsafe outputs.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        forEachWindow(batchCount, shape) { input, output, lanes, _ in
          var sum = SIMD8<Float>(repeating: 0)
          forEachPlace(shape) { place in
            unsafe sum += PartialVector.load(x + (input &+ place), lanes)
          }
          unsafe PartialVector.store(sum / count, lanes, y + output)
        }
      }
    }
  }

  /// Writes the gradient by the inputs of `average`: each output's gradient, divided by the number of
  /// values, to all inputs of its window.
  ///
  /// - Parameters:
  ///   - outputGradient: `batchCount × shape.outputCount`.
  ///   - inputGradient: `batchCount × shape.inputCount`, overwritten.
  ///   - batchCount: The number of examples.
  ///   - shape: The sizes.
  /// - Precondition: The spans hold at least as many values as stated.
  /// - Complexity: O(`batchCount` × outputs × window).
  public static func averageGradient(
    outputGradient: Span<Float>, into inputGradient: inout MutableSpan<Float>, batchCount: Int,
    shape: PoolingShape
  ) {
    check(batchCount, shape, inputGradient.count, outputGradient.count)
    let count = Float(shape.windowHeight * shape.windowWidth)
    unsafe outputGradient.withUnsafeBufferPointer { dy in
      unsafe inputGradient.withUnsafeMutableBufferPointer { dx in
        guard let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
        unsafe dx.update(repeating: 0, count: batchCount &* shape.inputCount)
        forEachWindow(batchCount, shape) { input, output, lanes, channels in
          let share = unsafe PartialVector.load(dy + output, lanes) / count
          forEachPlace(shape) { place in
            let target = unsafe dx + (input &+ place)
            unsafe PartialVector.store(
              PartialVector.load(target, channels) + share, channels, target)
          }
        }
      }
    }
  }

  private static func check(
    _ batchCount: Int, _ shape: PoolingShape, _ inputs: Int, _ outputs: Int
  ) {
    precondition(
      batchCount >= 0 && inputs >= batchCount * shape.inputCount
        && outputs >= batchCount * shape.outputCount,
      "Pooling: \(batchCount) of \(shape) with \(inputs) inputs and \(outputs) outputs")
  }

  /// Calls `body` with the position of each window's first value, that of its output, the lanes to read
  /// and write, and the number of channels from there on, up to eight at a time.
  ///
  /// Lanes are eight where that many lie in the images, in all places of the window. Those behind the
  /// channels belong to windows that follow, which write their outputs again. What collects gradients is
  /// written by the number of channels: reading behind what was just written makes processors wait.
  @inline(__always)
  private static func forEachWindow(
    _ batchCount: Int, _ shape: PoolingShape, _ body: (Int, Int, Int, Int) -> Void
  ) {
    let channels = shape.channels
    let reach =
      ((shape.windowHeight &- 1) &* shape.width &+ shape.windowWidth &- 1) &* channels
    let lastInput = batchCount &* shape.inputCount &- reach &- 8
    let lastOutput = batchCount &* shape.outputCount &- 8
    let across = shape.stride &* channels
    var output = 0
    for i in 0..<batchCount {
      for y in 0..<shape.outputHeight {
        var input = i &* shape.inputCount &+ y &* shape.width &* across
        for _ in 0..<shape.outputWidth {
          var channel = 0
          while channel < channels {
            let (from, to) = (input &+ channel, output &+ channel)
            let count = min(channels &- channel, 8)
            if from <= lastInput && to <= lastOutput {
              body(from, to, 8, count)
            } else {
              body(from, to, count, count)
            }
            channel &+= 8
          }
          input &+= across
          output &+= channels
        }
      }
    }
  }

  /// Calls `body` with the way from a window's first value to each of its values.
  @inline(__always)
  private static func forEachPlace(_ shape: PoolingShape, _ body: (Int) -> Void) {
    let down = shape.width &* shape.channels
    if shape.windowHeight == 2 && shape.windowWidth == 2 {
      // As most windows are.
      body(0)
      body(shape.channels)
      body(down)
      body(down &+ shape.channels)
      return
    }
    for u in 0..<shape.windowHeight {
      for v in 0..<shape.windowWidth { body(u &* down &+ v &* shape.channels) }
    }
  }
}
