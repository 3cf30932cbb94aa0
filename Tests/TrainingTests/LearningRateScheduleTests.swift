import Components
import Testing
import Training

@Suite struct LearningRateScheduleTests {
  private func factors(_ schedule: any LearningRateSchedule, rounds: Int) -> [Double] {
    (0..<rounds).map { schedule.factor(round: $0, of: rounds) }
  }

  private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test func `constant stays 1`() {
    #expect(factors(ConstantRate(), rounds: 3) == [1, 1, 1])
  }

  @Test func `step multiplies after every so many rounds`() {
    #expect(
      areClose(
        factors(StepDecay(every: 2, factor: 0.1), rounds: 7), [1, 1, 0.1, 0.1, 0.01, 0.01, 0.001]))
    #expect(factors(StepDecay(every: 10, factor: 0.5), rounds: 3) == [1, 1, 1])
  }

  @Test func `cosine falls from 1 towards its end`() {
    let root = 0.5.squareRoot()
    #expect(
      areClose(
        factors(CosineDecay(end: 0), rounds: 4), [1, (1 + root) / 2, 0.5, (1 - root) / 2]))
    #expect(areClose(factors(CosineDecay(end: 0.5), rounds: 2), [1, 0.75]))
    #expect(factors(CosineDecay(end: 0), rounds: 1) == [1])
  }

  @Test func `linear falls in equal steps towards its end`() {
    #expect(areClose(factors(LinearDecay(end: 0), rounds: 4), [1, 0.75, 0.5, 0.25]))
    #expect(areClose(factors(LinearDecay(end: 0.2), rounds: 2), [1, 0.6]))
  }

  @Test func `schedules are built by name`() throws {
    #expect(
      builtInLearningRates.map(\.manifest.id.rawValue) == ["constant", "cosine", "linear", "step"])
    func make(
      _ id: ComponentID, _ given: [String: ArgumentValue] = [:]
    ) throws -> any LearningRateSchedule {
      let entry = try builtInLearningRates.entry(id, kind: "schedule")
      return entry.make(try Arguments(given, for: entry.manifest))
    }
    #expect(factors(try make("constant"), rounds: 2) == [1, 1])
    #expect(areClose(factors(try make("cosine", ["end": .real(0.5)]), rounds: 2), [1, 0.75]))
    #expect(areClose(factors(try make("linear"), rounds: 2), [1, 0.5]))
    #expect(areClose(factors(try make("step", ["every": .integer(1)]), rounds: 3), [1, 0.1, 0.01]))
    #expect(throws: ConfigurationError.self) { try make("step") }
    #expect(throws: ConfigurationError.self) { try make("linear", ["end": .real(2)]) }
  }
}
