import Testing

@testable import Simulation

@Suite struct AdaptiveOptimizerTests {
  private func steps(_ kind: AdaptiveOptimizer.Kind, _ aggregates: [Float]) -> [Float] {
    let optimizer = AdaptiveOptimizer(
      kind: kind, firstDecay: 0.5, secondDecay: 0.75, adaptivity: 1)
    var server = ServerStep(
      ServerSettings(
        algorithm: .fedAvg, weighting: .uniform, learningRate: 2, optimizer: .adaptive(optimizer)))
    var global: [Float] = [10]
    return aggregates.map {
      server.apply([$0], to: &global)
      return global[0]
    }
  }

  /// m: 2, then 0; v of each kind from 1.
  @Test(arguments: [
    // v = .75 + 4 = 4.75, then .75 · 4.75 + .25 · 4 = 4.5625.
    (AdaptiveOptimizer.Kind.adam, 4.75, 4.5625),
    // 1 < 16: v = 1 + .25 · 16 = 5; then 5 > 4: 5 − 1 = 4.
    (.yogi, 5.0, 4.0),
    (.adagrad, 17.0, 21.0),
  ])
  func `two steps by hand`(kind: AdaptiveOptimizer.Kind, first: Double, second: Double) {
    let values = steps(kind, [4, -2])
    #expect(abs(Double(values[0]) - (10 + 2 * 2 / (first.squareRoot() + 1))) < 1e-6)
    #expect(second > 0 && values[1] == values[0], "the second step has no first moment")
    let third = steps(kind, [4, -2, 0])
    #expect(third[2] == third[1])
  }

  @Test func `the second moment counts in later steps`() {
    // m after 4 and 4 is 3; v of adagrad 33.
    let values = steps(.adagrad, [4, 4])
    #expect(abs(Double(values[1] - values[0]) - 2 * 3 / (33.0.squareRoot() + 1)) < 1e-5)
    // v of adam .75 · 4.75 + 4.
    let adam = steps(.adam, [4, 4])
    #expect(abs(Double(adam[1] - adam[0]) - 2 * 3 / (7.5625.squareRoot() + 1)) < 1e-5)
    // v of yogi 5 + 4.
    let yogi = steps(.yogi, [4, 4])
    #expect(abs(Double(yogi[1] - yogi[0]) - 2 * 3 / (9.0.squareRoot() + 1)) < 1e-5)
  }

  @Test func `an equal square leaves the second moment of Yogi alone`() {
    // 1 = 1²: v stays 1, m is .5.
    #expect(abs(steps(.yogi, [1])[0] - 10.5) < 1e-6)
  }
}
