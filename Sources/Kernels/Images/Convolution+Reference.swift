extension Convolution {
  /// The plain passes: the contract that the tiled ones must match to the bit.
  package enum Reference {
    /// The plain form of `Convolution.forward`, without its size checks.
    package static func forward(
      inputs: [Float], weights: [Float], bias: [Float], batchCount: Int, shape: ConvolutionShape
    ) -> [Float] {
      var outputs: [Float] = []
      for i in 0..<batchCount {
        for y in 0..<shape.outputHeight {
          for x in 0..<shape.outputWidth {
            for n in 0..<shape.outputChannels {
              var sum = bias[n]
              shape.forEachTap { u, v, c in
                sum = sum.addingProduct(
                  inputs[shape.padded(i, y * shape.stride + u, x * shape.stride + v, c)],
                  weights[shape.weight(u, v, c, n)])
              }
              outputs.append(sum)
            }
          }
        }
      }
      return outputs
    }

    /// The plain form of `Convolution.weightGradient`, without its size checks.
    package static func weightGradient(
      inputs: [Float], outputGradient: [Float], batchCount: Int, shape: ConvolutionShape
    ) -> [Float] {
      var gradient = [Float](repeating: 0, count: shape.weightCount)
      shape.forEachTap { u, v, c in
        for n in 0..<shape.outputChannels {
          var sum: Float = 0
          for i in 0..<batchCount {
            for y in 0..<shape.outputHeight {
              for x in 0..<shape.outputWidth {
                sum = sum.addingProduct(
                  inputs[shape.padded(i, y * shape.stride + u, x * shape.stride + v, c)],
                  outputGradient[shape.output(i, y, x, n)])
              }
            }
          }
          gradient[shape.weight(u, v, c, n)] = sum
        }
      }
      return gradient
    }

    /// The plain form of `Convolution.inputGradient`, without its size checks.
    package static func inputGradient(
      outputGradient: [Float], weights: [Float], batchCount: Int, shape: ConvolutionShape
    ) -> [Float] {
      var gradient: [Float] = []
      for i in 0..<batchCount {
        for h in 0..<shape.height {
          for w in 0..<shape.width {
            for c in 0..<shape.channels {
              var sum: Float = 0
              for y in 0..<shape.outputHeight {
                let u = h + shape.padding - y * shape.stride
                guard (0..<shape.kernelHeight).contains(u) else { continue }
                for x in 0..<shape.outputWidth {
                  let v = w + shape.padding - x * shape.stride
                  guard (0..<shape.kernelWidth).contains(v) else { continue }
                  for n in 0..<shape.outputChannels {
                    sum = sum.addingProduct(
                      outputGradient[shape.output(i, y, x, n)], weights[shape.weight(u, v, c, n)])
                  }
                }
              }
              gradient.append(sum)
            }
          }
        }
      }
      return gradient
    }
  }
}

extension ConvolutionShape {
  fileprivate func forEachTap(_ body: (Int, Int, Int) -> Void) {
    for u in 0..<kernelHeight {
      for v in 0..<kernelWidth {
        for c in 0..<channels { body(u, v, c) }
      }
    }
  }

  fileprivate func padded(_ i: Int, _ h: Int, _ w: Int, _ c: Int) -> Int {
    i * paddedCount + (h * paddedWidth + w) * channels + c
  }

  fileprivate func output(_ i: Int, _ y: Int, _ x: Int, _ n: Int) -> Int {
    i * outputCount + (y * outputWidth + x) * outputChannels + n
  }

  fileprivate func weight(_ u: Int, _ v: Int, _ c: Int, _ n: Int) -> Int {
    ((u * kernelWidth + v) * channels + c) * outputChannels + n
  }
}
