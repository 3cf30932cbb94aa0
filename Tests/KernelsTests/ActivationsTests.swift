import Kernels
import Testing

@Suite struct ActivationsTests {
  @Test(arguments: [0, 1, 7, 8, 9, 33, 1000])
  func `relu keeps what is positive`(count: Int) {
    var values = sampleValues(count)
    let expected = values.map { $0 > 0 ? $0 : 0 }
    var span = values.mutableSpan
    Activations.relu(&span)
    #expect(values.bits == expected.bits)
  }

  @Test func `relu of special values`() {
    var values: [Float] = [-0.0, .nan, .infinity, -.infinity, -.leastNonzeroMagnitude]
    var span = values.mutableSpan
    Activations.relu(&span)
    #expect(values[0].bitPattern == 0)
    #expect(values[1].isNaN)
    #expect(values[2...] == [.infinity, 0, 0])
  }

  @Test(arguments: [0, 1, 7, 8, 9, 33, 1000])
  func `the gradient passes where the output is positive`(count: Int) {
    var outputs = sampleValues(count, seed: 1)
    var span = outputs.mutableSpan
    Activations.relu(&span)
    var gradient = sampleValues(count, seed: 2)
    let expected = zip(gradient, outputs).map { $1 > 0 ? $0 : 0 }
    var gradientSpan = gradient.mutableSpan
    Activations.reluGradient(&gradientSpan, outputs: outputs.span)
    #expect(gradient.bits == expected.bits)
  }
}
