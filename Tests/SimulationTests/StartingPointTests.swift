import Datasets
import Determinism
import Foundation
import Results
import Tensors
import Testing
import Training
import _TestSupport

@testable import Simulation

/// `task.init` and `fixed-seeds`.
@Suite struct StartingPointTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var file: String { folder.path + "/start.npz" }

  private func tensors() -> [(name: String, array: NPZArray)] {
    let model = Sequential.perceptron(inputs: 4, hidden: [], classes: 3, initialization: .he)
    var next: Float = 0
    return model.layout.segments.map { segment in
      let count = segment.shape.reduce(1, *)
      defer { next += Float(count) }
      return (
        segment.name, NPZArray(shape: segment.shape, values: (0..<count).map { next + Float($0) })
      )
    }
  }

  private func plan(_ overrides: [String]) throws -> Plan {
    try Plan(try ScenarioText.read(ScenarioText.valid, overrides), catalog: .test)
  }

  private func problem() throws -> String {
    ScenarioText.problems(
      ScenarioText.valid, ["task.init=\(file)"], plans: true
    ).replacing(folder.path, with: "…")
  }

  @Test func `training starts from the arrays of a file, by name`() throws {
    try NPZFile.write(tensors().reversed(), to: file)
    let plan = try plan(["task.init=\(file)"])
    #expect(plan.variants[0].task.local?.initial?.values == (0..<15).map { Float($0) })
    try NPZFile.write(
      [("parameters", NPZArray(shape: [15], values: (0..<15).map { Float($0) }))], to: file)
    let flat = try self.plan(["task.init=\(file)"])
    #expect(flat.variants[0].task.local?.initial?.values == (0..<15).map { Float($0) })
    // The bits of the file, not its name or form, are part of what a trial is known by.
    #expect(flat.trials.map(\.key) == plan.trials.map(\.key))
    #expect(try self.plan([]).trials.map(\.key) != plan.trials.map(\.key))
  }

  @Test func `a file that does not fit is named with all that is wrong`() throws {
    #expect(try problem().contains("no such file"))
    var arrays = tensors()
    arrays[0].array = NPZArray(shape: [2, 2], values: [1, 2, 3, 4])
    arrays[1].name = "bias"
    try NPZFile.write(arrays, to: file)
    let text = try problem()
    let (weight, bias) = (tensors()[0].name, tensors()[1].name)
    #expect(
      text.contains("\(weight) has shape [2, 2]; the model's has \(tensors()[0].array.shape)"))
    #expect(text.contains("lacks \(bias)") && text.contains("bias is no tensor of the model"))
    try NPZFile.write([("parameters", NPZArray(shape: [2], values: [1, 2]))], to: file)
    #expect(try problem().contains("has 2 parameters; the model has 15"))
    try NPZFile.write(
      [("parameters", NPZArray(shape: [15], values: .init(repeating: .nan, count: 15)))], to: file)
    #expect(try problem().contains("has values that are not finite"))
    try Data("no archive".utf8).write(to: URL(fileURLWithPath: file))
    #expect(try problem().hasPrefix("t.yaml: --set task.init: task.init: …/start.npz: "))
  }

  private func cache(_ overrides: [String]) throws -> [FederationData] {
    let plan = try plan(overrides + ["seeds=[1, 2]", "attacks=[none]", "defenses=[mean]"])
    let scenario = plan.variants[0].scenario
    let task = try #require(plan.variants[0].task.local)
    return try [1, 2].map { seed in
      try FederationData(
        source: task.source, partition: scenario.clients.partition.made,
        clientCount: 6, seed: SeedPath(root: scenario.fixedSeeds.data ?? seed))
    }
  }

  private func records(_ overrides: [String]) throws -> [FinishedTrial] {
    let plan = try plan(overrides + ["seeds=[1, 2]", "attacks=[none]", "defenses=[mean]"])
    let log = Log<FinishedTrial>()
    _ = try Runner(plan: plan, metrics: .test, jobs: 1)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0) })
    return log.entries
  }

  @Test func `with both seeds fixed and one batch of all examples, seeds agree`() throws {
    // Nothing is left to draw: every client takes one step on all that it has, whose order only
    // moves the last bits of sums.
    let whole = [
      "task.local={steps: 1, batch: 60, lr: 0.1}", "rounds=1", "threat.malicious={count: 0}",
    ]
    func accuracies(_ overrides: [String]) throws -> [Double?] {
      try records(whole + overrides).map { $0.record.metrics["accuracy"] ?? nil }
    }
    let fixed = try accuracies(["fixed-seeds={data: 5, init: 6}"])
    #expect(fixed[0] == fixed[1] && fixed[0] != nil)
    let free = try accuracies([])
    let data = try accuracies(["fixed-seeds.init=6"])
    let initial = try accuracies(["fixed-seeds.data=5"])
    #expect(free[0] != free[1] && data[0] != data[1] && initial[0] != initial[1])
  }

  @Test func `fixed seeds of the data leave the order of batches to the seed`() throws {
    let both = try records(["fixed-seeds={data: 5, init: 6}"])
    #expect(both[0].record.parametersSHA256 != both[1].record.parametersSHA256)
    let data = try cache(["fixed-seeds.data=5"])
    #expect(data[0].shards == data[1].shards && data[0].test == data[1].test)
    let free = try cache([])
    #expect(free[0].shards != free[1].shards)
  }
}
