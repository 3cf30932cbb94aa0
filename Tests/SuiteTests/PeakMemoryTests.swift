import Federation
import Metrics
import Results
import Simulation
import Suite
import Testing
import _AllocationCounter

#if os(Linux) && !SANITIZED
/// Counts bytes, each time in a process of its own, where nothing else runs.
@Suite struct PeakMemoryTests {
  @Test func `bytes are counted`() async {
    await #expect(processExitsWith: .success) {
      AllocationCounter.resetPeak()
      let start = AllocationCounter.liveBytes
      for _ in 0..<3 {
        let values = [Float](repeating: 1, count: 250_000)
        let live = AllocationCounter.liveBytes - start
        #expect(values.last == 1 && (1_000_000...1_010_000).contains(live), "\(live) bytes")
      }
      let (live, peak) = (AllocationCounter.liveBytes - start, AllocationCounter.peakBytes - start)
      #expect(live < 100_000 && (1_000_000...1_110_000).contains(peak), "\(live), at most \(peak)")
    }
  }

  /// FedSGD keeps a second one, the momentum of the clients.
  @Test(arguments: [("fedavg", 1.3), ("fedsgd", 2.3)])
  func `a clean trial needs little more than one matrix of updates`(
    _ algorithm: String, limit: Double
  ) async {
    await #expect(processExitsWith: .success) { [algorithm, limit] in
      let clients = 100
      // 64 · 512 + 512 + 512 · 10 + 10
      let parameters = 38_410
      let text = """
        schema: gauntlet/scenario/1
        name: memory
        seeds: [1]
        rounds: 4
        task:
          dataset: {use: gaussian-classes, features: 64, classes: 10, train: 800, test: 100}
          model: {kind: mlp, hidden: [512]}
          local: {\(algorithm == "fedavg" ? "epochs: 1, " : "")batch: 8, lr: 0.1}
        clients: {count: \(clients)}
        server: {algorithm: \(algorithm)}
        threat: {malicious: {count: 10}}
        attacks: [none]
        defenses: [mean]
        """
      let plan = try Plan(
        ScenarioFile(text: text, path: "memory.yaml", catalog: .builtIn), catalog: .builtIn)
      let data = Double((800 + 100) * (64 + 2) * 4)
      let runner = Runner(plan: plan, metrics: .builtIn, jobs: 1)
      AllocationCounter.resetPeak()
      let start = AllocationCounter.liveBytes
      let summary = try runner.run(stop: StopSignal(), onProgress: { _ in }, onTrial: { _ in })
      let peak = Double(AllocationCounter.peakBytes - start)
      let matrix = Double(clients * parameters * 4)
      #expect(summary.recorded == 1)
      #expect(peak > matrix && (peak - data) / matrix <= limit, "\(peak / matrix) matrices")
    }
  }
}
#endif
