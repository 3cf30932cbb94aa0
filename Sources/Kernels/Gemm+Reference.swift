extension Gemm {
  /// The plain products: the contract that the tiled ones must match to the bit.
  package enum Reference {
    /// The plain form of `Gemm.forward`, without its size checks.
    package static func forward(
      inputs: [Float], weights: [Float], bias: [Float],
      batchCount: Int, inputCount: Int, outputCount: Int
    ) -> [Float] {
      var outputs = [Float](repeating: 0, count: batchCount * outputCount)
      for i in 0..<batchCount {
        for j in 0..<outputCount {
          var sum = bias[j]
          for k in 0..<inputCount {
            sum = sum.addingProduct(inputs[i * inputCount + k], weights[k * outputCount + j])
          }
          outputs[i * outputCount + j] = sum
        }
      }
      return outputs
    }

    /// The plain form of `Gemm.weightGradient`, without its size checks.
    package static func weightGradient(
      inputs: [Float], outputGradient: [Float],
      batchCount: Int, inputCount: Int, outputCount: Int
    ) -> [Float] {
      var gradient = [Float](repeating: 0, count: inputCount * outputCount)
      for k in 0..<inputCount {
        for j in 0..<outputCount {
          var sum: Float = 0
          for i in 0..<batchCount {
            sum = sum.addingProduct(
              inputs[i * inputCount + k], outputGradient[i * outputCount + j])
          }
          gradient[k * outputCount + j] = sum
        }
      }
      return gradient
    }

    /// The plain form of `Gemm.biasGradient`, without its size checks.
    package static func biasGradient(
      outputGradient: [Float], batchCount: Int, outputCount: Int
    ) -> [Float] {
      (0..<outputCount).map { j in
        (0..<batchCount).reduce(0) { $0 + outputGradient[$1 * outputCount + j] }
      }
    }

    /// The plain form of `Gemm.inputGradient`, without its size checks.
    package static func inputGradient(
      outputGradient: [Float], weights: [Float],
      batchCount: Int, inputCount: Int, outputCount: Int
    ) -> [Float] {
      var gradient = [Float](repeating: 0, count: batchCount * inputCount)
      for i in 0..<batchCount {
        for k in 0..<inputCount {
          var sum: Float = 0
          for j in 0..<outputCount {
            sum = sum.addingProduct(
              outputGradient[i * outputCount + j], weights[k * outputCount + j])
          }
          gradient[i * inputCount + k] = sum
        }
      }
      return gradient
    }
  }
}
