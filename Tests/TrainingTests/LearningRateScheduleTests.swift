import Testing
import Training

@Suite struct LearningRateScheduleTests {
  private func factors(_ schedule: LearningRateSchedule, rounds: Int) -> [Double] {
    (0..<rounds).map { schedule.factor(round: $0, of: rounds) }
  }

  private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test func `constant stays 1`() {
    #expect(factors(.constant, rounds: 3) == [1, 1, 1])
  }

  @Test func `step multiplies after every so many rounds`() {
    #expect(
      areClose(
        factors(.step(every: 2, factor: 0.1), rounds: 7), [1, 1, 0.1, 0.1, 0.01, 0.01, 0.001]))
    #expect(factors(.step(every: 10, factor: 0.5), rounds: 3) == [1, 1, 1])
  }

  @Test func `cosine falls from 1 towards its end`() {
    let root = 0.5.squareRoot()
    #expect(
      areClose(factors(.cosine(end: 0), rounds: 4), [1, (1 + root) / 2, 0.5, (1 - root) / 2]))
    #expect(areClose(factors(.cosine(end: 0.5), rounds: 2), [1, 0.75]))
    #expect(factors(.cosine(end: 0), rounds: 1) == [1])
  }

  @Test func `linear falls in equal steps towards its end`() {
    #expect(areClose(factors(.linear(end: 0), rounds: 4), [1, 0.75, 0.5, 0.25]))
    #expect(areClose(factors(.linear(end: 0.2), rounds: 2), [1, 0.6]))
  }

  @Test func `rounds outside the run trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = LearningRateSchedule.constant.factor(round: 3, of: 3)
    }
  }
}
