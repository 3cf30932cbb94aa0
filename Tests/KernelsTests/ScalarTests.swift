import Determinism
import Kernels
import Testing

/// Lengths around the lane count (eight) and the block (1024).
private let counts = [0, 1, 7, 8, 9, 63, 1023, 1024, 1025, 1033, 5000]

private func samples<S: Scalar>(_: S.Type, _ count: Int, seed: UInt64 = 1) -> [S] {
  sampleValues(count, seed: seed).map { S($0) * (1 + S.ulpOfOne * 8) }
}

private func checkReductions<S: Scalar>(_ type: S.Type, _ count: Int) {
  typealias Reference = ScalarReference<S>
  let x = samples(type, count, seed: 1)
  let y = samples(type, count, seed: 2)
  // In a variable first: the macro cannot take spans apart.
  let results = [
    S.dot(x.span, y.span), S.sum(x.span), S.squaredNorm(x.span), S.squaredDistance(x.span, y.span),
  ]
  let expected = [
    Reference.dot(x, y), Reference.sum(x), Reference.dot(x, x), Reference.squaredDistance(x, y),
  ]
  #expect(results.bits == expected.bits)
}

private func checkFiniteness<S: Scalar>(_ type: S.Type, _ count: Int) {
  var x = samples(type, count)
  for position in Set([0, count / 2, count - 1]) where position >= 0 && position < count {
    for value in [S.nan, .infinity, -.infinity] {
      let kept = x[position]
      x[position] = value
      let isFinite = S.allFinite(x.span)
      #expect(!isFinite, "\(value) at \(position) of \(count)")
      x[position] = kept
    }
    x[position] = .greatestFiniteMagnitude
  }
  let isFinite = S.allFinite(x.span)
  #expect(isFinite)
}

private func checkUpdates<S: Scalar>(_ type: S.Type, _ count: Int) {
  let x = samples(type, count, seed: 1)
  var y = samples(type, count, seed: 2)
  let sum = zip(x, y).map { S(Double($1).addingProduct(0.3, Double($0))) }
  var span = y.mutableSpan
  S.axpy(0.3, x.span, into: &span)
  #expect(y == sum)
  var scaled = x
  var scaledSpan = scaled.mutableSpan
  S.scale(&scaledSpan, by: 0.3)
  #expect(scaled == x.map { S(Double($0) * 0.3) })
}

@Suite struct ScalarTests {
  @Test(arguments: counts)
  func `reductions have the bits of their references`(count: Int) {
    checkReductions(Float.self, count)
    checkReductions(Double.self, count)
  }

  @Test(arguments: counts)
  func `one value that is not finite is found`(count: Int) {
    checkFiniteness(Float.self, count)
    checkFiniteness(Double.self, count)
  }

  @Test(arguments: counts)
  func `updates are rounded once`(count: Int) {
    checkUpdates(Float.self, count)
    checkUpdates(Double.self, count)
  }

  @Test func `differences are taken in double precision`() {
    let x: [Float] = [1]
    let y: [Float] = [0x1p-40]
    let difference = 1 - 0x1p-40
    let distance = Float.squaredDistance(x.span, y.span)
    #expect(distance == difference * difference)
  }

  @Test func `vectors of two lengths are refused`() async {
    await #expect(processExitsWith: .failure) {
      let x: [Float] = [1, 2]
      let y: [Float] = [1]
      _ = Float.squaredDistance(x.span, y.span)
    }
  }
}
