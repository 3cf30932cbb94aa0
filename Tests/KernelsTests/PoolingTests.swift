import Kernels
import Testing

@Suite struct PoolingTests {
  private func run(
    _ count: Int, _ body: (inout MutableSpan<Float>) -> Void
  ) -> [Float] {
    var values = [Float](repeating: .nan, count: count)
    var span = values.mutableSpan
    body(&span)
    return values
  }

  @Test func `a maximum by hand, ties to the first`() {
    let shape = PoolingShape(
      height: 2, width: 5, channels: 1, windowHeight: 2, windowWidth: 2, stride: 2)
    // The last column fills no window.
    let image: [Float] = [1, 4, 2, 2, 9, 4, 3, 2, 2, 9]
    let largest = run(2) { Pooling.maximum(image.span, into: &$0, batchCount: 1, shape: shape) }
    #expect(largest == [4, 2])
    let gradient: [Float] = [10, 20]
    let byInputs = run(10) {
      Pooling.maximumGradient(
        outputGradient: gradient.span, inputs: image.span, outputs: largest.span, into: &$0,
        batchCount: 1, shape: shape)
    }
    #expect(byInputs == [0, 10, 20, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func `NaN is the largest, and takes the gradient`() {
    let shape = PoolingShape(
      height: 1, width: 3, channels: 1, windowHeight: 1, windowWidth: 3, stride: 1)
    for place in 0..<3 {
      var image: [Float] = [1, 2, 3]
      image[place] = .nan
      let largest = run(1) { Pooling.maximum(image.span, into: &$0, batchCount: 1, shape: shape) }
      #expect(largest[0].isNaN)
      let one: [Float] = [1]
      let byInputs = run(3) {
        Pooling.maximumGradient(
          outputGradient: one.span, inputs: image.span, outputs: largest.span, into: &$0,
          batchCount: 1, shape: shape)
      }
      #expect(byInputs[place] == 1 && byInputs.reduce(0, +) == 1)
    }
  }

  @Test(arguments: [1, 3, 6, 8, 13], [(1, 3), (2, 3), (1, 2), (2, 2)])
  func `windows and their gradients equal plain loops`(
    channels: Int, sizes: (stride: Int, height: Int)
  ) {
    let (stride, count) = (sizes.stride, 2 * sizes.height)
    let shape = PoolingShape(
      height: 5, width: 7, channels: channels, windowHeight: sizes.height, windowWidth: 2,
      stride: stride)
    let batch = 3
    let image = sampleValues(batch * shape.inputCount, seed: 1)
    let gradient = sampleValues(batch * shape.outputCount, seed: 2)
    var largest: [Float] = []
    var means: [Float] = []
    var byLargest = [Float](repeating: 0, count: image.count)
    var byMeans = byLargest
    var output = 0
    for i in 0..<batch {
      for y in 0..<shape.outputHeight {
        for x in 0..<shape.outputWidth {
          for c in 0..<channels {
            let places = (0..<count).map { place in
              i * shape.inputCount
                + ((y * stride + place / 2) * 7 + x * stride + place % 2) * channels + c
            }
            let values = places.map { image[$0] }
            let top = values.max() ?? 0
            largest.append(top)
            byLargest[places[values.firstIndex(of: top) ?? 0]] += gradient[output]
            means.append(values.reduce(0, +) / Float(count))
            for place in places { byMeans[place] += gradient[output] / Float(count) }
            output += 1
          }
        }
      }
    }
    let ownLargest = run(output) {
      Pooling.maximum(image.span, into: &$0, batchCount: batch, shape: shape)
    }
    let ownMeans = run(output) {
      Pooling.average(image.span, into: &$0, batchCount: batch, shape: shape)
    }
    #expect(ownLargest == largest && ownMeans.bits == means.bits)
    let ownByLargest = run(image.count) {
      Pooling.maximumGradient(
        outputGradient: gradient.span, inputs: image.span, outputs: largest.span, into: &$0,
        batchCount: batch, shape: shape)
    }
    let ownByMeans = run(image.count) {
      Pooling.averageGradient(
        outputGradient: gradient.span, into: &$0, batchCount: batch, shape: shape)
    }
    #expect(ownByLargest == byLargest && ownByMeans == byMeans)
  }
}
