internal import Determinism

extension SoftmaxCrossEntropy {
  /// The plain form of the loss and its gradient, which the fast one must match to the bit.
  package enum Reference {
    /// Returns probabilities, the gradient of the mean loss, and the summed loss.
    package static func evaluate(
      logits: [Float], labels: [Int], classCount: Int
    ) -> (probabilities: [Float], gradient: [Float], loss: Double) {
      var probabilities: [Float] = []
      var gradient: [Float] = []
      var loss = 0.0
      let share = 1 / Float(labels.count)
      for (row, label) in labels.enumerated() {
        let scores = logits[(row * classCount)..<((row + 1) * classCount)].map { $0 }
        let largest = scores.reduce(-.infinity) { $1 > $0 ? $1 : $0 }
        let powers = scores.map { ElementaryFunctions.exp($0 - largest) }
        var lanes = [Float](repeating: 0, count: 16)
        for (index, power) in powers.enumerated() { lanes[index % 16] += power }
        for half in [8, 4, 2, 1] {
          for index in 0..<half { lanes[index] += lanes[index + half] }
        }
        for (index, power) in powers.enumerated() {
          let probability = power / lanes[0]
          probabilities.append(probability)
          gradient.append((index == label ? probability - 1 : probability) * share)
        }
        loss += ElementaryFunctions.log(Double(lanes[0])) - Double(scores[label] - largest)
      }
      return (probabilities, gradient, loss)
    }
  }
}
