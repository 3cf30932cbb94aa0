import Foundation
import Tensors
import Training

/// Calls the passes of a model on whole arrays.
struct ModelProbe {
  let model: any Model

  func gradient(_ inputs: [[Float]], _ labels: [Int], at parameters: [Float]) -> [Float] {
    var result = [Float](repeating: .nan, count: model.layout.count)
    var workspace = model.makeWorkspace(batchSize: labels.count)
    let flat = inputs.flatMap { $0 }
    var target = result.mutableSpan
    model.gradient(
      inputs: flat.span, labels: labels.span, parameters: parameters.span, into: &target,
      workspace: &workspace)
    return result
  }

  func lossAndGradient(
    _ inputs: [[Float]], _ labels: [Int], at parameters: [Float]
  ) -> (loss: Double, gradient: [Float]) {
    var result = [Float](repeating: .nan, count: model.layout.count)
    var workspace = model.makeWorkspace(batchSize: labels.count)
    let flat = inputs.flatMap { $0 }
    var target = result.mutableSpan
    let loss = model.lossAndGradient(
      inputs: flat.span, labels: labels.span, parameters: parameters.span, into: &target,
      workspace: &workspace)
    return (loss, result)
  }

  /// One row per example, in one array.
  func inputGradient(_ inputs: [[Float]], _ labels: [Int], at parameters: [Float]) -> [Float] {
    var result = [Float](repeating: .nan, count: labels.count * model.inputCount)
    var workspace = model.makeWorkspace(batchSize: labels.count)
    let flat = inputs.flatMap { $0 }
    var target = result.mutableSpan
    model.inputGradient(
      inputs: flat.span, labels: labels.span, parameters: parameters.span, into: &target,
      workspace: &workspace)
    return result
  }

  /// One row per example, in one array.
  func features(_ inputs: [[Float]], at parameters: [Float]) -> [Float] {
    var result = [Float](repeating: .nan, count: inputs.count * model.featureCount)
    var workspace = model.makeWorkspace(batchSize: inputs.count)
    let flat = inputs.flatMap { $0 }
    var target = result.mutableSpan
    model.features(
      inputs: flat.span, count: inputs.count, parameters: parameters.span, into: &target,
      workspace: &workspace)
    return result
  }

  func loss(_ inputs: [[Float]], _ labels: [Int], at parameters: [Float]) -> Double {
    var workspace = model.makeWorkspace(batchSize: labels.count)
    let flat = inputs.flatMap { $0 }
    return model.loss(
      inputs: flat.span, labels: labels.span, parameters: parameters.span, workspace: &workspace)
  }

  func scores(_ inputs: [[Float]], at parameters: [Float]) -> [Float] {
    var result = [Float](repeating: .nan, count: inputs.count * model.classCount)
    var workspace = model.makeWorkspace(batchSize: inputs.count)
    let flat = inputs.flatMap { $0 }
    var target = result.mutableSpan
    model.scores(
      inputs: flat.span, count: inputs.count, parameters: parameters.span, into: &target,
      workspace: &workspace)
    return result
  }
}

/// A perceptron in plain double precision, to take finite differences of.
struct PlainPerceptron {
  let sizes: [Int]

  /// Returns the mean cross-entropy.
  func loss(_ inputs: [[Float]], _ labels: [Int], at parameters: [Double]) -> Double {
    loss(inputs.map { $0.map(Double.init) }, labels, at: parameters)
  }

  private func loss(_ inputs: [[Double]], _ labels: [Int], at parameters: [Double]) -> Double {
    var total = 0.0
    for (input, label) in zip(inputs, labels) {
      var values = input
      var next = 0
      for layer in 0..<sizes.count - 1 {
        let (width, outputs) = (sizes[layer], sizes[layer + 1])
        let bias = next + width * outputs
        values = (0..<outputs).map { output in
          let sum = (0..<width).reduce(parameters[bias + output]) {
            $0 + values[$1] * parameters[next + $1 * outputs + output]
          }
          return layer < sizes.count - 2 ? max(sum, 0) : sum
        }
        next = bias + outputs
      }
      total += logSumOfExponentials(values) - values[label]
    }
    return total / Double(labels.count)
  }

  /// Returns the central differences of the loss.
  func gradient(_ inputs: [[Float]], _ labels: [Int], at parameters: [Double]) -> [Double] {
    let step = 1e-5
    return parameters.indices.map { index in
      var (above, below) = (parameters, parameters)
      above[index] += step
      below[index] -= step
      return (loss(inputs, labels, at: above) - loss(inputs, labels, at: below)) / (2 * step)
    }
  }

  /// Returns the central differences of the loss by each input, one row per example in one array.
  func inputGradient(_ inputs: [[Float]], _ labels: [Int], at parameters: [Double]) -> [Double] {
    let step = 1e-5
    let inputs = inputs.map { $0.map(Double.init) }
    return inputs.indices.flatMap { row in
      inputs[row].indices.map { column in
        var (above, below) = (inputs, inputs)
        above[row][column] += step
        below[row][column] -= step
        return (loss(above, labels, at: parameters) - loss(below, labels, at: parameters))
          / (2 * step)
      }
    }
  }

  private func logSumOfExponentials(_ values: [Double]) -> Double {
    let top = values.max() ?? 0
    return top + log(values.reduce(0) { $0 + exp($1 - top) })
  }
}
