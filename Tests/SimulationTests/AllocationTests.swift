import Determinism
import Federation
import Results
import Tensors
import Testing
import Training
import _AllocationCounter

@testable import Simulation

#if os(Linux) && !SANITIZED
/// Counts heap allocations, each in a process of its own, where nothing else runs.
@Suite struct AllocationTests {
  @Test func `allocations are counted`() async {
    await #expect(processExitsWith: .success) {
      let start = AllocationCounter.count
      let kept = (0..<100).map { [Float](repeating: Float($0), count: 50) }
      let count = AllocationCounter.count - start
      #expect(kept.count == 100 && count >= 100, "\(count) allocations")
    }
  }

  @Test func `local training allocates nothing per step`() async {
    await #expect(processExitsWith: .success) {
      for momentum in [0, 0.9] as [Float] {
        for hidden in [[], [16], [16, 8]] {
          let model = Sequential.perceptron(
            inputs: 10, hidden: hidden, classes: 5, initialization: .he)
          var random = SeedPath(root: 1).stream()
          let anchor = model.initialParameters(using: &random)
          let inputs = Matrix<Float>(
            rowCount: 40, columnCount: 10, values: (0..<400).map { _ in Float(random.unit()) })
          let labels = (0..<40).map { $0 % 5 }
          var trainer = LocalTrainer(model: model, batchSize: 16)
          var counts: [Int] = []
          // The first run makes what later ones reuse.
          for steps in [10, 10, 1_000] {
            let start = AllocationCounter.count
            trainer.train(
              from: anchor, inputs: inputs, labels: labels,
              schedule: LocalSchedule(
                length: .steps(steps), batchSize: 16, learningRate: 0.01, momentum: momentum,
                weightDecay: 0.1), random: &random)
            counts.append(AllocationCounter.count - start)
          }
          #expect(
            counts[1] == counts[2] && counts[2] <= 1, "in 10, 10 and 1,000 steps: \(counts)")
        }
      }
    }
  }

  @Test func `a round allocates no more with more local steps`() async {
    await #expect(processExitsWith: .success) {
      func count(steps: Int) throws -> Int {
        let plan = try Plan(
          try ScenarioText.read(
            ScenarioText.valid,
            [
              "task.local={steps: \(steps), batch: 8, lr: 0.01, momentum: 0.5}",
              "task.model={kind: mlp, hidden: [8]}", "attacks=[none]", "defenses=[mean]",
            ]), catalog: .test)
        let runner = Runner(plan: plan, metrics: .test, jobs: 1)
        let start = AllocationCounter.count
        _ = try runner.run(stop: StopSignal(), onProgress: { _ in }, onTrial: { _ in })
        return AllocationCounter.count - start
      }
      _ = try count(steps: 10)
      let (few, many) = (try count(steps: 10), try count(steps: 1_000))
      // Counts of equal runs differ by a few, as the seeds of hash tables do; one allocation per
      // step would add 23,760.
      #expect(few > 0 && abs(few - many) < 50, "\(few) allocations, \(many) with more steps")
    }
  }

  @Test func `a round allocates nothing that grows with the rounds before`() async {
    await #expect(processExitsWith: .success) {
      var loop = try TrialBench(["rounds=40"]).loop(attack: FixedRow(1))
      var counts: [Int] = []
      for _ in 0..<40 {
        let start = AllocationCounter.count
        _ = try loop.advance()
        counts.append(AllocationCounter.count - start)
      }
      // The first round makes buffers and tests the defense.
      let (early, late) = (counts[1...10].reduce(0, +), counts[30...].reduce(0, +))
      #expect(Double(late) < 1.2 * Double(early) && counts.dropFirst().allSatisfy { $0 < 500 })
    }
  }
}
#endif
