import Kernels
import Testing

private let counts = [0, 1, 7, 8, 9, 33, 1000]

@Suite struct VectorsTests {
  @Test(arguments: counts, [0, 0.01] as [Float])
  func `a plain step`(count: Int, decay: Float) {
    var parameters = sampleValues(count, seed: 1)
    let gradient = sampleValues(count, seed: 2)
    let expected = zip(parameters, gradient).map { p, g in
      p.addingProduct(-0.1, decay == 0 ? g : g.addingProduct(decay, p))
    }
    var span = parameters.mutableSpan
    Vectors.sgdStep(&span, gradient: gradient.span, learningRate: 0.1, weightDecay: decay)
    #expect(parameters.bits == expected.bits)
  }

  @Test(arguments: counts, [0, 0.01] as [Float])
  func `steps with momentum`(count: Int, decay: Float) {
    var parameters = sampleValues(count, seed: 1)
    var velocity = [Float](repeating: 0, count: count)
    var expected = parameters
    var expectedVelocity = velocity
    for step in 0..<3 {
      let gradient = sampleValues(count, seed: UInt64(step + 2))
      for i in 0..<count {
        let slope = decay == 0 ? gradient[i] : gradient[i].addingProduct(decay, expected[i])
        expectedVelocity[i] = slope.addingProduct(0.9, expectedVelocity[i])
        expected[i] = expected[i].addingProduct(-0.1, expectedVelocity[i])
      }
      var span = parameters.mutableSpan
      var velocitySpan = velocity.mutableSpan
      Vectors.sgdStep(
        &span, velocity: &velocitySpan, gradient: gradient.span,
        learningRate: 0.1, weightDecay: decay, momentum: 0.9)
    }
    #expect(parameters.bits == expected.bits)
    #expect(velocity.bits == expectedVelocity.bits)
  }

  @Test(arguments: counts)
  func `the momentum of a worker`(count: Int) {
    var momentum = [Float](repeating: 0, count: count)
    var expected = momentum
    for step in 0..<3 {
      var row = sampleValues(count, seed: UInt64(step + 1))
      for i in 0..<count { expected[i] = 0.9 * expected[i] + (1 - 0.9) * row[i] }
      var momentumSpan = momentum.mutableSpan
      var span = row.mutableSpan
      Vectors.workerMomentum(&momentumSpan, &span, beta: 0.9, learningRate: 0.1)
      #expect(momentum.bits == expected.bits)
      #expect(row.bits == expected.map { -0.1 * $0 }.bits)
    }
  }

  @Test(arguments: counts)
  func `difference, scaled sum and scaling`(count: Int) {
    let x = sampleValues(count, seed: 1)
    let y = sampleValues(count, seed: 2)
    var difference = [Float](repeating: 7, count: count)
    var span = difference.mutableSpan
    Vectors.subtract(x.span, y.span, into: &span)
    #expect(difference.bits == zip(x, y).map { $0 - $1 }.bits)

    var sum = y
    var sumSpan = sum.mutableSpan
    Vectors.axpy(0.3, x.span, into: &sumSpan)
    #expect(sum.bits == zip(x, y).map { $1.addingProduct(0.3, $0) }.bits)

    var scaled = x
    var scaledSpan = scaled.mutableSpan
    Vectors.scale(&scaledSpan, by: -3)
    #expect(scaled.bits == x.map { $0 * -3 }.bits)
  }

  @Test(arguments: counts)
  func `differences and their squares are added`(count: Int) {
    let (x, origin) = (sampleValues(count, seed: 1), sampleValues(count, seed: 2))
    var sums = [Double](repeating: 1, count: count)
    var squares = [Double](repeating: 2, count: count)
    var first = sums.mutableSpan
    var second = squares.mutableSpan
    Vectors.addDifferences(x.span, from: origin.span, to: &first, squares: &second)
    for i in 0..<count {
      let difference = Double(x[i]) - Double(origin[i])
      #expect(sums[i] == 1 + difference && squares[i] == 2 + difference * difference)
    }
  }

  @Test(arguments: counts)
  func `places beyond a limit are counted`(count: Int) {
    let (x, origin) = (sampleValues(count, seed: 1), sampleValues(count, seed: 2))
    let sums = sampleValues(count, seed: 3).map(Double.init)
    let gaps = (0..<count).map { 3 * (Double(x[$0]) - Double(origin[$0])) - sums[$0] }
    // Every second place is exactly at its limit, which is not beyond it.
    let limits = gaps.enumerated().map { $0.offset % 2 == 0 ? $0.element * $0.element : 0 }
    let found = Vectors.countBeyond(
      x.span, from: origin.span, times: 3, sums: sums.span, limits: limits.span)
    #expect(found == (0..<count).count { $0 % 2 == 1 && gaps[$0] != 0 })
  }

  @Test func `rows are gathered in the order asked for`() {
    let matrix: [Float] = [0, 1, 10, 11, 20, 21]
    let indices = [2, 0, 2]
    var rows = [Float](repeating: 7, count: 8)
    var span = rows.mutableSpan
    Vectors.gatherRows(of: matrix.span, columnCount: 2, indices: indices.span, into: &span)
    #expect(rows == [20, 21, 0, 1, 20, 21, 7, 7])
  }

  @Test func `a missing row is refused`() async {
    await #expect(processExitsWith: .failure) {
      let matrix: [Float] = [0, 1, 10, 11]
      let indices = [2]
      var rows: [Float] = [0, 0]
      var span = rows.mutableSpan
      Vectors.gatherRows(of: matrix.span, columnCount: 2, indices: indices.span, into: &span)
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1000])
  func `the surplus of signs leaves zeros and NaN out`(count: Int) {
    var values = sampleValues(count).map { $0 + 0.1 }
    if count > 5 { values[5] = .nan }
    if count > 6 { values[6] = -0.0 }
    let expected = values.count { $0 > 0 } - values.count { $0 < 0 }
    #expect(Vectors.signSurplus(values.span) == expected)
  }
}
