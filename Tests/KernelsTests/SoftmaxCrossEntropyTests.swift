import Determinism
import Kernels
import Testing

/// Class counts around the lane count (sixteen) and its half.
private let classCounts = [1, 2, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 100]

@Suite struct SoftmaxCrossEntropyTests {
  @Test(arguments: [0, 1, 2, 5, 32], classCounts)
  func `all forms have the bits of the reference`(batchCount: Int, classCount: Int) {
    let logits = sampleValues(batchCount * classCount).map { $0 * 30 }
    let labels = (0..<batchCount).map { ($0 * 7) % classCount }
    let reference = SoftmaxCrossEntropy.Reference.evaluate(
      logits: logits, labels: labels, classCount: classCount)

    var probabilities = logits
    var span = probabilities.mutableSpan
    SoftmaxCrossEntropy.probabilities(
      replacing: &span, batchCount: batchCount, classCount: classCount)
    #expect(probabilities.bits == reference.probabilities.bits)

    var gradient = logits
    var gradientSpan = gradient.mutableSpan
    SoftmaxCrossEntropy.gradient(
      replacing: &gradientSpan, labels: labels.span, batchCount: batchCount,
      classCount: classCount)
    #expect(gradient.bits == reference.gradient.bits)

    var second = logits
    var secondSpan = second.mutableSpan
    let loss = SoftmaxCrossEntropy.lossAndGradient(
      replacing: &secondSpan, labels: labels.span, batchCount: batchCount,
      classCount: classCount)
    #expect(second.bits == gradient.bits)
    #expect(loss.bitPattern == reference.loss.bitPattern)
  }

  /// Over the whole range, the vector exponential has the bits of the scalar one.
  @Test func `exponentials have the bits of the scalar function`() {
    for step in 0...2200 {
      let x = -Float(step) / 20
      var logits: [Float] = [0, x]
      var span = logits.mutableSpan
      SoftmaxCrossEntropy.probabilities(replacing: &span, batchCount: 1, classCount: 2)
      let power = ElementaryFunctions.exp(x)
      #expect(logits[1].bitPattern == (power / (1 + power)).bitPattern, "exp(\(x))")
    }
  }

  @Test func `the loss of known scores`() {
    var logits: [Float] = [0, 0, 0, 0, 1000, 0, 0, 0]
    let labels = [2, 0]
    var span = logits.mutableSpan
    let loss = SoftmaxCrossEntropy.lossAndGradient(
      replacing: &span, labels: labels.span, batchCount: 2, classCount: 4)
    #expect(abs(loss - 1.3862943611198906) < 1e-12)
    #expect(logits == [0.125, 0.125, -0.375, 0.125, 0, 0, 0, 0])
  }

  @Test(arguments: [1, 10, 17])
  func `a row that is not finite spoils itself alone`(classCount: Int) {
    var logits = [Float](repeating: 0, count: 3 * classCount)
    logits[classCount + classCount / 2] = .nan
    var span = logits.mutableSpan
    SoftmaxCrossEntropy.probabilities(replacing: &span, batchCount: 3, classCount: classCount)
    #expect(logits[..<classCount].allSatisfy { $0 == 1 / Float(classCount) })
    #expect(logits[classCount..<(2 * classCount)].allSatisfy { $0.isNaN })
    #expect(logits[(2 * classCount)...].allSatisfy { $0 == 1 / Float(classCount) })
  }

  @Test func `the best class, ties and spoilt rows`() {
    let scores: [Float] = [
      1, 3, 2, -1, -1, -2, .nan, 5, 1, 5, 1, -.infinity, .infinity, 0, 0, 0, 4, 4,
    ]
    var classes = [Int](repeating: 9, count: 6)
    var span = classes.mutableSpan
    SoftmaxCrossEntropy.argmax(scores.span, into: &span, batchCount: 6, classCount: 3)
    #expect(classes == [1, 0, -1, -1, -1, 1])
  }

  @Test func `a label out of range is refused`() async {
    await #expect(processExitsWith: .failure) {
      var logits: [Float] = [0, 0]
      let labels = [2]
      var span = logits.mutableSpan
      SoftmaxCrossEntropy.gradient(
        replacing: &span, labels: labels.span, batchCount: 1, classCount: 2)
    }
  }
}
