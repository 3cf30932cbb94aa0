import Datasets
import Determinism
import Diagnostics
import Federation
import Results
import Tensors
import Testing
import _TestSupport

@testable import Simulation

/// The attacker's own examples: where they come from, and what the plan says of them.
@Suite struct OutsideDataTests {
  private func rows(_ shard: Shard) -> [[Float]] { (0..<shard.count).map { shard.inputs.row($0) } }

  /// A folder with `set/x.npy` and `set/y.npy`, five examples of each of three classes.
  private func folder(_ value: Float = 100) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try write(folder, "set.npz", value)
    return folder
  }

  private func write(_ folder: TemporaryFolder, _ name: String, _ value: Float) throws {
    try NPZFile.write(
      [
        ("x", NPZArray(shape: [15, 4], values: (0..<60).map { value + Float($0) })),
        ("y", NPZArray(shape: [15], values: (0..<15).map { Float($0 % 3) })),
      ], to: folder.path + "/" + name)
  }

  private func plan(_ path: String, _ auxiliary: String, _ overrides: [String] = []) throws -> Plan
  {
    try Plan(
      try ScenarioFile(
        text: ScenarioText.replacing(("{count: 2}", "{count: 2}\n  auxiliary: \(auxiliary)")),
        path: path, catalog: .test,
        overrides: overrides.map {
          let parts = $0.split(separator: "=", maxSplits: 1)
          return (String(parts[0]), String(parts[1]))
        }), catalog: .test)
  }

  private func problem(_ path: String, _ auxiliary: String) -> String {
    let error = #expect(throws: DocumentError.self) { try self.plan(path, auxiliary) }
    return (error?.description ?? "").replacing(path, with: "s.yaml")
  }

  private func data(_ plan: Plan, seed: UInt64 = 1) throws -> FederationData {
    let variant = plan.variants[0]
    let task = try #require(variant.task.local)
    return try FederationData(
      source: task.source, partition: variant.scenario.clients.partition.made,
      clientCount: 6, seed: SeedPath(root: seed),
      withheld: .init(
        rootCount: 0, auxiliary: variant.scenario.threat.auxiliary,
        outside: task.outside))
  }

  // MARK: - Low density

  @Test func `the rarest examples of the class are withheld, as they are`() throws {
    let bench = try TrialBench([
      "threat.auxiliary={class: 1, train: 3, test: 2, kind: low-density, neighbors: 3}"
    ])
    let all = try GaussianClassesSource(
      features: 4, classCount: 3, shift: 2, testCount: 30, trainingCount: 60
    ).load(trainingCount: 60, seed: bench.seed.child("data")).training
    let candidates = all.labels.indices.filter { all.labels[$0] == 1 }
    let distances = all.neighborDistances(
      ofRows: candidates, neighbors: 3, pool: WorkPool(width: 1))
    let order = candidates.indices.sorted { distances[$0] > distances[$1] }
    let (train, test) = (
      try #require(bench.data.auxiliary), try #require(bench.data.auxiliaryTest)
    )
    #expect(train.count == 3 && test.count == 2 && Set(train.labels + test.labels) == [1])
    #expect(
      Set(rows(train) + rows(test))
        == Set(order.prefix(5).map { all.inputs.row(candidates[$0]) }))
    let dealt = bench.data.shards.flatMap(rows)
    #expect(dealt.count == 55 && Set(dealt).isDisjoint(with: rows(train) + rows(test)))
  }

  @Test func `ties go to the lower row`() throws {
    // All examples are equal, so all distances are zero: the first of the class are taken.
    let training = Shard(
      inputs: Matrix(rowCount: 9, columnCount: 2), labels: [0, 1, 0, 1, 1, 0, 1, 1, 0],
      classCount: 2, shape: .vector(2))
    let draw = try WithheldDraw(
      .init(
        auxiliary: AuxiliarySettings(
          label: 1, trainingCount: 2, testCount: 1, origin: .lowDensity(neighbors: 2))),
      of: training, seed: SeedPath(root: 1), pool: WorkPool(width: 1))
    #expect(draw.rest == [0, 2, 5, 6, 7, 8])
  }

  // MARK: - Files

  @Test func `examples of files take nothing from the clients`() throws {
    let folder = try folder()
    let plan = try plan(
      folder.path + "/s.yaml", "{class: 1, train: 3, test: 2, kind: folder, folder: set.npz}")
    let data = try data(plan)
    let (train, test) = (try #require(data.auxiliary), try #require(data.auxiliaryTest))
    #expect(data.shards.map(\.count).reduce(0, +) == 60)
    // Example i has the label i % 3 and the values 100 + 4i to 100 + 4i + 3.
    let expected = [1, 4, 7, 10, 13].map { i in (0..<4).map { Float(100 + 4 * i + $0) } }
    #expect(Set(rows(train) + rows(test)) == Set(expected))
    #expect(train.labels == [1, 1, 1] && test.labels == [1, 1])
    #expect(plan.data.map(\.name) == ["threat.auxiliary"] && plan.data.map(\.rows) == [5])
  }

  @Test func `they are normalized as the task's data are`() throws {
    let folder = try folder()
    let settings = "{class: 1, train: 3, test: 2, kind: folder, folder: set.npz}"
    let plain = try data(try plan(folder.path + "/s.yaml", settings))
    let normalized = try data(
      try plan(
        folder.path + "/s.yaml", settings, ["task.dataset.normalize={mean: 100, std: 2}"]))
    #expect(
      try #require(normalized.auxiliary).inputs.values
        == (try #require(plain.auxiliary)).inputs.values.map { ($0 - 100) / 2 })
  }

  @Test func `their content identifies trials, not their path`() throws {
    let (first, second, other) = (try folder(), try folder(), try folder(101))
    try write(first, "copy.npz", 100)
    func keys(_ folder: TemporaryFolder, _ file: String, class label: Int = 1) throws -> [String] {
      try plan(
        folder.path + "/s.yaml",
        "{class: \(label), train: 3, test: 2, kind: folder, folder: \(file)}"
      ).trials.map(\.key)
    }
    let expected = try keys(first, "set.npz")
    #expect(try keys(first, "copy.npz") == expected)
    #expect(try keys(second, second.path + "/set.npz") == expected)
    #expect(try Set(keys(other, "set.npz")).isDisjoint(with: expected))
    #expect(try Set(keys(first, "set.npz", class: 2)).isDisjoint(with: expected))
  }

  @Test func `each kind has keys of its own, and the default the keys that it had`() throws {
    let settings = ["", ", kind: low-density", ", kind: low-density, neighbors: 4"]
    let keys = try settings.map {
      try plan("s.yaml", "{class: 1, train: 3, test: 2\($0)}").trials.map(\.key)
    }
    #expect(Set(keys).count == 3)
    #expect(
      try plan("s.yaml", "{class: 1, train: 3, test: 2, kind: reflected}").trials.map(\.key)
        == keys[0])
    #expect(
      try plan("s.yaml", "{class: 1, train: 3, test: 2, kind: low-density, neighbors: 5}").trials
        .map(\.key) == keys[1])
    // As it was before there were kinds.
    let trial = try plan("s.yaml", "{class: 1, train: 3, test: 2}").trials
      .first { $0.attack == "push" && $0.defense == "mean" }
    #expect(
      trial?.key == "577e70ad928440e2165aed417a6e78a2acc17bd2d16af1877304a67e9c69c603")
  }

  // MARK: - What is refused

  @Test func `what files do not hold is one problem, with its place`() throws {
    let folder = try folder()
    let path = folder.path + "/s.yaml"
    func problem(_ settings: String) -> String {
      self.problem(path, "{\(settings), kind: folder, folder: set.npz}")
    }
    #expect(
      problem("class: 1, train: 4, test: 2")
        == "s.yaml:12:14: threat.auxiliary: set.npz: has 5 examples of class 1, and train and test "
        + "ask for 4 + 2")
    #expect(
      problem("class: 3, train: 1, test: 1")
        == "s.yaml:12:14: threat.auxiliary.class is 3; classes are 0 to 2")
    #expect(
      self.problem(path, "{class: 1, kind: folder, folder: no/such}")
        .hasPrefix("s.yaml:12:14: threat.auxiliary: no/such: no such file or folder"))
    let error = #expect(throws: DocumentError.self) {
      try self.plan(
        path, "{class: 1, train: 3, test: 2, kind: folder, folder: set.npz}",
        ["task.dataset.features=5"])
    }
    #expect(
      error?.description.hasSuffix("array 'x': has inputs of 4, the task 5") == true
        && error?.description.hasPrefix(path + ":12:14: threat.auxiliary: ") == true)
  }

  @Test func `keys of another kind are refused`() {
    #expect(
      problem("s.yaml", "{class: 1, kind: folder}")
        == "s.yaml:12:14: threat.auxiliary.folder is missing")
    #expect(
      problem("s.yaml", "{class: 1, neighbors: 3}")
        == "s.yaml:12:36: threat.auxiliary.neighbors is used by threat.auxiliary.kind 'low-density' "
        + "alone; leave it out")
    #expect(
      problem("s.yaml", "{class: 1, kind: low-density, folder: x}")
        == "s.yaml:12:52: threat.auxiliary.folder is used by threat.auxiliary.kind 'folder' alone; "
        + "leave it out")
    #expect(
      problem("s.yaml", "{class: 1, kind: low-densty}")
        == "s.yaml:12:31: threat.auxiliary.kind is 'low-densty'; it has to be one of 'reflected', "
        + "'low-density', 'folder'; did you mean 'low-density'?")
  }
}
