import Components
import Datasets
import Determinism
import Federation
import Kernels
import Results
import Tensors
import Testing
import Training

@testable import Simulation

/// Attacks that choose their trigger anew in each round.
@Suite struct RoundTriggerTests {
  private func bench(_ window: String = "{start: 1, stop: 3}") throws -> TrialBench {
    try TrialBench(["rounds=5", "threat.window=\(window)"])
  }

  @Test func `success is that of the trigger of the round, under the name of the goal`() throws {
    let bench = try bench()
    let attack = Wanderer()
    var loop = bench.loop(attack: attack, backdoors: [attack.backdoor])
    for position in [0, 1, 2, 2, 2] {
      let observation = try loop.advance()
      let trigger = Trigger(positions: [position], values: [3])
      let fixed = Backdoor(trigger: trigger, target: 0)
      let evaluator = Evaluator(
        model: bench.model, test: bench.data.test, backdoors: [fixed], seed: bench.seed)
      let evaluation = evaluator.evaluate(
        loop.global, smoothing: nil, seed: bench.seed, pool: WorkPool(width: 1),
        workers: [Worker(model: bench.model, batchSize: 8)])
      #expect(
        observation.evaluation?.triggered[attack.backdoor] == evaluation.triggered[fixed])
      let size = try #require(loop.triggerSize(of: attack.backdoor))
      #expect(size.pixels == 1)
      let counted = bench.data.test.labels.indices.filter { bench.data.test.labels[$0] != 0 }
      let distances = counted.map { row in
        abs(Double(bench.data.test.inputs.row(row)[position]) - 3)
      }
      let mean = distances.reduce(0, +) / Double(counted.count)
      #expect(abs(try #require(size.distance) - mean) < 1e-6)
    }
  }

  @Test func `clients that act train on the trigger of the round, others on clean data`() throws {
    let bench = try bench()
    var loop = bench.loop(attack: Wanderer())
    var clean = bench.loop()
    _ = try (loop.advance(), clean.advance())
    #expect(loop.global == clean.global)
    _ = try (loop.advance(), clean.advance())
    #expect(loop.global != clean.global)
    // The engine poisons before each training, and keeps nothing.
    #expect(loop.training.poisoned.isEmpty)
  }

  private struct Records {
    var all: [TrialRecordV1]
    func metrics(_ attack: String) throws -> [String: Double?] {
      try #require(all.first { $0.attack == attack }).metrics
    }
  }

  private func run(_ attacks: String, _ overrides: [String] = [], jobs: Int = 1) throws -> Records {
    let plan = try Plan(
      try ScenarioText.read(
        ScenarioText.valid,
        [
          "rounds=5", "threat.window={start: 1, stop: 3}", "defenses=[mean]",
          "attacks=[none, \(attacks)]",
        ] + overrides), catalog: .test)
    let log = Log<TrialRecordV1>()
    _ = try Runner(
      plan: plan,
      metrics: MetricCatalog(meters: [], metrics: [TwinSuccess.self], flags: []), jobs: jobs
    ).run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0.record) })
    return Records(all: log.entries)
  }

  @Test func `the clean twin is measured with the triggers of the attacked trial`() throws {
    // Feature 2 is the trigger of the last round of the window, and stays after it.
    let moving = try run("wanderer").metrics("wanderer")
    let fixed = try run("{use: marker, size: 3, target: 0}").metrics("marker")
    #expect(moving["twin.0"] == .some(nil) && moving["twin.1"] == .some(nil))
    for round in 2..<5 { #expect(moving["twin.\(round)"] != .some(nil)) }
    #expect(fixed["twin.0"] != .some(nil))
    let parallel = try run("wanderer", jobs: 3).metrics("wanderer")
    #expect(parallel == moving)
  }

  @Test func `a trigger without poisoned examples succeeds as in the twin`() throws {
    let harmless = try run("{use: wanderer, relabels: 0}").metrics("wanderer")
    for round in 2..<5 {
      #expect(harmless["own.\(round)"] == harmless["twin.\(round)"])
      #expect(harmless["own.\(round)"] != .some(nil))
    }
    let nobody = try run("wanderer", ["threat.malicious={count: 0}"]).metrics("wanderer")
    for round in 2..<5 { #expect(nobody["own.\(round)"] == nobody["twin.\(round)"]) }
  }
}

/// The hits of the trial's backdoor after each round, in the trial and in its twin.
private struct TwinSuccess: Metric {
  static let manifests = (0..<5).flatMap { round in
    ["own.\(round)", "twin.\(round)"].map {
      MetricManifest(id: $0, definition: "", unit: "", range: "", better: .none)
    }
  }

  static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    func hits(_ trace: TrialTrace?, _ round: Int) -> MetricOutcome {
      guard let backdoor = evidence.trial.backdoor,
        let counts = trace?.rounds[round].evaluation?.triggered[backdoor]
      else { return .absent("not measured") }
      return .value(Double(counts.hits))
    }
    var outcomes: [String: MetricOutcome] = [:]
    for round in 0..<5 {
      outcomes["own.\(round)"] = hits(evidence.trial, round)
      outcomes["twin.\(round)"] = hits(evidence.twin, round)
    }
    return outcomes
  }
}
