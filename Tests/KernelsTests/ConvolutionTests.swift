import Kernels
import Testing

@Suite struct ConvolutionTests {
  /// Sizes around the tiles (up to twelve rows, three vectors of eight channels) and their halves.
  private static let shapes: [ConvolutionShape] = {
    var shapes: [ConvolutionShape] = []
    for (height, width) in [(1, 1), (5, 7), (9, 14)] {
      for channels in [1, 3, 8, 17] {
        for outputChannels in [1, 6, 8, 20, 27] {
          for (kernelHeight, kernelWidth) in [(1, 1), (3, 3), (5, 5), (2, 3)] {
            for (stride, padding) in [(1, 0), (2, 1), (3, 2)] {
              guard kernelHeight <= height + 2 * padding, kernelWidth <= width + 2 * padding
              else { continue }
              shapes.append(
                ConvolutionShape(
                  height: height, width: width, channels: channels,
                  outputChannels: outputChannels, kernelHeight: kernelHeight,
                  kernelWidth: kernelWidth, stride: stride, padding: padding))
            }
          }
        }
      }
    }
    // Weights that are passed in blocks, on images large and small.
    shapes.append(
      ConvolutionShape(
        height: 12, width: 12, channels: 20, outputChannels: 50, kernelHeight: 5, kernelWidth: 5))
    shapes.append(
      ConvolutionShape(
        height: 4, width: 4, channels: 40, outputChannels: 33, kernelHeight: 3, kernelWidth: 3,
        padding: 1))
    return shapes
  }()

  private func padded(_ inputs: [Float], _ batch: Int, _ shape: ConvolutionShape) -> [Float] {
    var padded = [Float](repeating: .nan, count: batch * shape.paddedCount)
    var span = padded.mutableSpan
    Convolution.pad(inputs.span, into: &span, batchCount: batch, shape: shape)
    return padded
  }

  private func outputs(
    _ inputs: [Float], _ weights: [Float], _ bias: [Float], _ batch: Int, _ shape: ConvolutionShape
  ) -> [Float] {
    var outputs = [Float](repeating: .nan, count: batch * shape.outputCount)
    var scratch = [Float](repeating: .nan, count: Convolution.forwardScratchCount(shape))
    var span = outputs.mutableSpan
    var room = scratch.mutableSpan
    Convolution.forward(
      inputs: inputs.span, weights: weights.span, bias: bias.span, into: &span, scratch: &room,
      batchCount: batch, shape: shape)
    return outputs
  }

  private func weightGradient(
    _ inputs: [Float], _ outputGradient: [Float], _ batch: Int, _ shape: ConvolutionShape
  ) -> [Float] {
    var gradient = [Float](repeating: .nan, count: shape.weightCount)
    var scratch = [Float](repeating: .nan, count: Convolution.weightGradientScratchCount(shape))
    var span = gradient.mutableSpan
    var room = scratch.mutableSpan
    Convolution.weightGradient(
      inputs: inputs.span, outputGradient: outputGradient.span, into: &span, scratch: &room,
      batchCount: batch, shape: shape)
    return gradient
  }

  private func inputGradient(
    _ outputGradient: [Float], _ weights: [Float], _ batch: Int, _ shape: ConvolutionShape
  ) -> [Float] {
    var gradient = [Float](repeating: .nan, count: batch * shape.inputCount)
    var scratch = [Float](repeating: .nan, count: Convolution.inputGradientScratchCount(shape))
    var span = gradient.mutableSpan
    var room = scratch.mutableSpan
    Convolution.inputGradient(
      outputGradient: outputGradient.span, weights: weights.span, into: &span, scratch: &room,
      batchCount: batch, shape: shape)
    return gradient
  }

  @Test(arguments: [1, 2, 5, 13])
  func `all passes have the bits of their references`(batch: Int) {
    for shape in Self.shapes {
      let inputs = padded(sampleValues(batch * shape.inputCount, seed: 1), batch, shape)
      let weights = sampleValues(shape.weightCount, seed: 2)
      let bias = sampleValues(shape.outputChannels, seed: 3)
      let outputGradient = sampleValues(batch * shape.outputCount, seed: 4)
      #expect(
        outputs(inputs, weights, bias, batch, shape).bits
          == Convolution.Reference.forward(
            inputs: inputs, weights: weights, bias: bias, batchCount: batch, shape: shape
          ).bits, "\(shape)")
      #expect(
        weightGradient(inputs, outputGradient, batch, shape).bits
          == Convolution.Reference.weightGradient(
            inputs: inputs, outputGradient: outputGradient, batchCount: batch, shape: shape
          ).bits, "\(shape)")
      #expect(
        inputGradient(outputGradient, weights, batch, shape).bits
          == Convolution.Reference.inputGradient(
            outputGradient: outputGradient, weights: weights, batchCount: batch, shape: shape
          ).bits, "\(shape)")
    }
  }

  @Test func `a convolution by hand`() {
    // 3 × 3, one channel, kernel 2 × 2, two output channels: [1 0; 0 1] and [0 2; 3 0].
    let shape = ConvolutionShape(
      height: 3, width: 3, channels: 1, outputChannels: 2, kernelHeight: 2, kernelWidth: 2)
    let image: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    let weights: [Float] = [1, 0, 0, 2, 0, 3, 1, 0]
    #expect(
      outputs(image, weights, [0.5, -1], 1, shape)
        == [6.5, 15, 8.5, 20, 12.5, 30, 14.5, 35])
    // Of the first channel alone, at all four places.
    let gradient: [Float] = [1, 0, 1, 0, 1, 0, 1, 0]
    #expect(weightGradient(image, gradient, 1, shape) == [12, 0, 16, 0, 24, 0, 28, 0])
    #expect(inputGradient(gradient, weights, 1, shape) == [1, 1, 0, 1, 2, 1, 0, 1, 1])
  }

  @Test func `no examples give no outputs and a gradient of zeros`() {
    let shape = ConvolutionShape(
      height: 3, width: 3, channels: 1, outputChannels: 2, kernelHeight: 2, kernelWidth: 2)
    #expect(outputs([], sampleValues(8), [1, 2], 0, shape).isEmpty)
    #expect(weightGradient([], [], 0, shape).allSatisfy { $0 == 0 })
    #expect(inputGradient([], sampleValues(8), 0, shape).isEmpty)
  }

  @Test func `without a bias the sums start from zero`() {
    let shape = ConvolutionShape(
      height: 4, width: 6, channels: 3, outputChannels: 9, kernelHeight: 3, kernelWidth: 3)
    let inputs = sampleValues(2 * shape.inputCount, seed: 1)
    let weights = sampleValues(shape.weightCount, seed: 2)
    #expect(
      outputs(inputs, weights, [], 2, shape).bits
        == outputs(inputs, weights, [Float](repeating: 0, count: 9), 2, shape).bits)
  }
}
