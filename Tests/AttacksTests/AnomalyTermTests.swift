import Testing
import Training

@Suite struct AnomalyTermTests {
  private func adjusted(
    _ kind: AnomalyTerm.Kind, alpha: Double, gradient: [Float], at local: [Float], global: [Float]
  ) -> [Float] {
    var hook = AnomalyTerm(kind: kind, alpha: alpha)
    var gradient = gradient
    var span = gradient.mutableSpan
    hook.adjustGradient(
      &span, at: local.span, anchor: global.span, step: LocalStep(index: 0, learningRate: 0.1))
    return gradient
  }

  @Test func gradientsMatchReference() throws {
    for known in try AttackFixtures.load().anomaly {
      let local = known.local.map { Float($0) }
      let global = known.global.map { Float($0) }
      let zero = [Float](repeating: 0, count: local.count)
      let l2 = adjusted(.l2, alpha: 0, gradient: zero, at: local, global: global)
      #expect(agree(l2, known.l2.gradient), "l2 \(known.name)")
      let cosine = adjusted(.cosine, alpha: 0, gradient: zero, at: local, global: global)
      #expect(agree(cosine, known.cosine.gradient), "cosine \(known.name)")
    }
  }

  @Test func alphaMixesBothGradients() {
    let mixed = adjusted(.l2, alpha: 0.75, gradient: [8, -4], at: [3, 1], global: [1, 1])
    #expect(mixed == [0.75 * 8 + 0.25 * 4, 0.75 * -4])
  }

  @Test func zeroParametersHaveNoCosineGradient() {
    #expect(
      adjusted(.cosine, alpha: 0.5, gradient: [2, 4], at: [0, 0], global: [1, 1]) == [1, 2])
    #expect(
      adjusted(.cosine, alpha: 0.5, gradient: [2, 4], at: [1, 1], global: [0, 0]) == [1, 2])
  }

  @Test func descentTurnsLocalParametersTowardsTheGlobal() {
    let global: [Float] = [1, 0]
    var local: [Float] = [0, 2]
    for _ in 0..<400 {
      let gradient = adjusted(.cosine, alpha: 0, gradient: [0, 0], at: local, global: global)
      for i in 0..<2 { local[i] -= 0.1 * gradient[i] }
    }
    #expect(local[0] / (local[0] * local[0] + local[1] * local[1]).squareRoot() > 0.99)
  }
}
