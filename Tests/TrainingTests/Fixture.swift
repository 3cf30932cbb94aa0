import Foundation
import Tensors
import Testing
import Training

/// The known answers of `Tests/Reference/training.py`.
struct TrainingFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Run: Decodable, Sendable {
      var rate: Float
      var momentum: Float
      var decay: Float
      var kind: String
      var batches: [[Int]]
      var losses: [Double]
      var steps: [[Double]]
    }

    var name: String
    var testDescription: String { name }

    var sizes: [Int]
    var parameters: [Float]
    var inputs: [[Float]]
    var labels: [Int]
    var logits: [[Double]]
    var loss: Double
    var gradient: [Double]
    var training: [Run]

    /// The network of the case.
    var model: Sequential {
      Sequential.perceptron(
        inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()), classes: sizes.last ?? 0,
        initialization: .he)
    }
  }

  var models: [Case]

  static func load(file: String = #filePath) throws -> [Case] {
    let path = URL(fileURLWithPath: file).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/training.json")
    return try JSONDecoder().decode(Self.self, from: try Data(contentsOf: path)).models
  }
}
