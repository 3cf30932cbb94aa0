import Kernels
import Testing

@Suite struct GroupNormalizationTests {
  private struct Case {
    let shape: GroupNormalizationShape
    let batch: Int
    let inputs: [Float]
    let outputGradient: [Float]
    let scale: [Float]
    let shift: [Float]

    init(places: Int, channels: Int, groups: Int, batch: Int) {
      shape = GroupNormalizationShape(places: places, channels: channels, groups: groups)
      self.batch = batch
      inputs = sampleValues(batch * shape.valueCount, seed: 1)
      outputGradient = sampleValues(batch * shape.valueCount, seed: 2)
      scale = sampleValues(channels, seed: 3)
      shift = sampleValues(channels, seed: 4)
    }

    /// The outputs, the gradients by scale and shift, and the gradient by the inputs of some examples.
    func run(_ examples: Range<Int>) -> (y: [Float], parameters: [Float], x: [Float]) {
      let values = examples.lowerBound * shape.valueCount..<examples.upperBound * shape.valueCount
      let inputs = Array(inputs[values])
      let slopes = Array(outputGradient[values])
      var y = [Float](repeating: .nan, count: inputs.count)
      var x = y
      var parameters = [Float](repeating: .nan, count: 2 * shape.channels)
      var state = [Float](repeating: .nan, count: examples.count * shape.stateCount)
      do {
        var target = y.mutableSpan
        var room = state.mutableSpan
        GroupNormalization.forward(
          inputs.span, scale: scale.span, shift: shift.span, into: &target, state: &room,
          batchCount: examples.count, shape: shape)
        GroupNormalization.sums(
          outputGradient: slopes.span, inputs: inputs.span, state: &room,
          batchCount: examples.count, shape: shape)
      }
      var target = parameters.mutableSpan
      GroupNormalization.parameterGradient(
        into: &target, state: state.span, batchCount: examples.count, shape: shape)
      var byInputs = x.mutableSpan
      GroupNormalization.inputGradient(
        outputGradient: slopes.span, inputs: inputs.span, scale: scale.span, state: state.span,
        into: &byInputs, batchCount: examples.count, shape: shape)
      return (y, parameters, x)
    }
  }

  @Test(arguments: [(1, 1), (2, 2), (9, 1), (10, 5), (16, 2), (24, 1), (24, 24)])
  func `values and gradients equal plain loops in double precision`(channels: Int, groups: Int) {
    let test = Case(places: 7, channels: channels, groups: groups, batch: 3)
    let own = test.run(0..<3)
    let width = channels / groups
    let count = Double(7 * width)
    var parameters = [Double](repeating: 0, count: 2 * channels)
    for example in 0..<3 {
      for group in 0..<groups {
        let places = (0..<7).flatMap { place in
          (group * width..<(group + 1) * width).map { (place, $0) }
        }
        func position(_ place: Int, _ channel: Int) -> Int {
          (example * 7 + place) * channels + channel
        }
        let x = places.map { Double(test.inputs[position($0.0, $0.1)]) }
        let mean = x.reduce(0, +) / count
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let deviation = (variance + 1e-5).squareRoot()
        let normal = x.map { ($0 - mean) / deviation }
        let dy = places.map { Double(test.outputGradient[position($0.0, $0.1)]) }
        let scaled = zip(places, dy).map { Double(test.scale[$0.0.1]) * $0.1 }
        let a = scaled.reduce(0, +) / count
        let b = zip(scaled, normal).reduce(0) { $0 + $1.0 * $1.1 } / count
        for (index, (place, channel)) in places.enumerated() {
          let at = position(place, channel)
          let y = normal[index] * Double(test.scale[channel]) + Double(test.shift[channel])
          #expect(abs(Double(own.y[at]) - y) < 1e-6)
          let dx = (scaled[index] - a - normal[index] * b) / deviation
          #expect(abs(Double(own.x[at]) - dx) < 1e-6 * max(1, 1 / deviation))
          parameters[channel] += dy[index] * normal[index]
          parameters[channels + channel] += dy[index]
        }
      }
    }
    #expect(zip(own.parameters, parameters).allSatisfy { abs(Double($0) - $1) < 2e-6 })
  }

  @Test func `values by hand`() {
    // Groups {1, 3, 5, 7} and {2, 2, 2, 2}: means 4 and 2, variances 5 and 0.
    let shape = GroupNormalizationShape(places: 2, channels: 4, groups: 2)
    let inputs: [Float] = [1, 3, 2, 2, 5, 7, 2, 2]
    let (scale, shift): ([Float], [Float]) = ([1, 2, 3, 4], [0, 1, -1, 9])
    var y = [Float](repeating: .nan, count: 8)
    var state = [Float](repeating: .nan, count: shape.stateCount)
    var target = y.mutableSpan
    var room = state.mutableSpan
    GroupNormalization.forward(
      inputs.span, scale: scale.span, shift: shift.span, into: &target, state: &room,
      batchCount: 1, shape: shape)
    let unit = 1 / (5.00001 as Double).squareRoot()
    let expected = [-3 * unit, -2 * unit + 1, -1, 9, unit, 6 * unit + 1, -1, 9]
    #expect(zip(y, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    #expect(state[0] == 4 && state[1] == 2)
  }

  @Test func `an example depends on itself alone, far from zero too`() {
    let test = Case(places: 6, channels: 18, groups: 2, batch: 5)
    let together = test.run(0..<5)
    let alone = (0..<5).map { test.run($0..<$0 + 1) }
    #expect(together.y.bits == alone.flatMap(\.y).bits)
    #expect(together.x.bits == alone.flatMap(\.x).bits)
    // One pass over squares would lose this variance to the mean.
    let shape = GroupNormalizationShape(places: 4, channels: 1, groups: 1)
    let (inputs, one, zero): ([Float], [Float], [Float]) = ([4096, 4097, 4096, 4097], [1], [0])
    var y = [Float](repeating: .nan, count: 4)
    var state = [Float](repeating: .nan, count: shape.stateCount)
    var target = y.mutableSpan
    var room = state.mutableSpan
    GroupNormalization.forward(
      inputs.span, scale: one.span, shift: zero.span, into: &target, state: &room, batchCount: 1,
      shape: shape)
    #expect(zip(y, [-1, 1, -1, 1] as [Float]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func `NaN stays in its group`() {
    var inputs = sampleValues(2 * 4 * 6)
    inputs[25] = .nan
    let shape = GroupNormalizationShape(places: 4, channels: 6, groups: 3)
    let (one, zero) = ([Float](repeating: 1, count: 6), [Float](repeating: 0, count: 6))
    var y = [Float](repeating: 0, count: inputs.count)
    var state = [Float](repeating: 0, count: 2 * shape.stateCount)
    var target = y.mutableSpan
    var room = state.mutableSpan
    GroupNormalization.forward(
      inputs.span, scale: one.span, shift: zero.span, into: &target, state: &room, batchCount: 2,
      shape: shape)
    #expect(y.indices.allSatisfy { y[$0].isNaN == ($0 >= 24 && $0 % 6 < 2) })
  }

  @Test(arguments: [
    (1, 1), (8, 1), (15, 1), (16, 2), (24, 3), (40, 5), (64, 8), (68, 4), (256, 32), (512, 32),
    (1000, 25),
  ])
  func `groups as usual`(channels: Int, groups: Int) {
    #expect(GroupNormalizationShape.usualGroups(channels: channels) == groups)
  }
}
