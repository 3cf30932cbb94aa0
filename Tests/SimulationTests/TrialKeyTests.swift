import Datasets
import Testing

@testable import Simulation

@Suite struct TrialKeyTests {
  /// Keys of the trials of a scenario by cell.
  private func keys(
    _ overrides: [String] = [], text: String = ScenarioText.valid
  ) throws -> [String: String] {
    let plan = try Plan(try ScenarioText.read(text, overrides), catalog: .test)
    return Dictionary(
      plan.trials.map { ("\($0.seed) \($0.attack)/\($0.defense)", $0.key) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The key of the last trial, the one under attack.
  private func key(_ overrides: [String] = []) throws -> String? {
    let file = try ScenarioText.read(ScenarioText.valid, ["defenses=[mean]"] + overrides)
    return try Plan(file, catalog: .test).trials.last?.key
  }

  @Test func `keys are 64 hexadecimal digits, one per trial`() throws {
    let all = try keys(["seeds=[1, 2]", "clients.count=9"])
    #expect(all.count == 8 && Set(all.values).count == 8)
    #expect(all.values.allSatisfy { $0.count == 64 && $0.allSatisfy { $0.isHexDigit } })
  }

  @Test func `the same trial reached from two files has one key`() throws {
    let other = """
      # Another name, other ids, other seeds and axes, defaults written out.
      schema: gauntlet/scenario/1
      name: elsewhere
      seeds: {from: 1, count: 3}
      rounds: 4
      task:
        model: {kind: logistic, init: he}
        dataset: {test: 30, train: 60, classes: 3, features: 4, use: gaussian-classes, shift: 2.0}
        local: {lr: 1e-1, batch: 8, epochs: 1, momentum: 0, weight-decay: 0.0, schedule: constant}
      clients: {count: 9, participation: 1.0, partition: iid}
      server: {algorithm: fedavg, weighting: uniform, lr: 1, momentum: 0}
      threat: {malicious: 0.22, placement: last, window: {start: 0, stop: 4}, outside: honest}
      defense-knows: {malicious: exact}
      matrix: {clients.count: [6]}
      defenses: [{id: strict-with-f, use: strict, f: 1}, {id: plain, use: mean}]
      attacks: [{id: shove, use: fixed-row, value: 2.0, cite: a remark, f: 2}]
      """
    // 0.22 of 6 is 1 attacker, as in the overridden scenario.
    let mine = try keys([
      "threat.malicious.count=1", "attacks=[none, {id: push, use: fixed-row, value: 2, f: 2}]",
    ])
    let theirs = try keys(text: other)
    #expect(mine["1 push/mean"] != nil && mine["1 push/mean"] == theirs["1 shove/plain"])
    #expect(mine["1 none/mean"] == theirs["1 none/plain"])
    #expect(
      mine["1 push/strict"] != nil && mine["1 push/strict"] == theirs["1 shove/strict-with-f"])
  }

  @Test func `ids, names and other trials do not matter`() throws {
    let expected = try key()
    #expect(try key(["name=other"]) == expected)
    #expect(try key(["seeds=[5, 1]"]) == expected)
    #expect(try key(["defenses=[{id: plain, use: mean}]"]) == expected)
    #expect(try key(["attacks=[{id: renamed, use: fixed-row, value: 2}]"]) == expected)
  }

  @Test(arguments: [
    "rounds=20", "task.dataset.features=5", "task.dataset.classes=4", "task.dataset.shift=1",
    "task.dataset.train=61", "task.dataset.test=31", "task.dataset=digits",
    "task.model={kind: mlp, hidden: [4]}", "task.model.init=glorot", "task.local.batch=9",
    "task.local.lr=0.2", "task.local.epochs=2", "task.local={steps: 1, batch: 8, lr: 0.1}",
    "task.local.momentum=0.5", "task.local.weight-decay=0.1",
    "task.local.schedule={kind: linear}", "clients.count=7", "clients.participation=0.9",
    "clients.partition={kind: shards}", "clients.dropout=0.1", "clients.deadline=2",
    "server.lr=0.5", "server.momentum=0.5",
    "server.algorithm=fedsgd", "server.weighting=samples", "threat.malicious.count=1",
    "threat.placement=first", "threat.window={start: 1}", "threat.window={stop: 3}",
    "threat.outside=absent", "threat.participation=always", "threat.knowledge=own",
    "threat.backdoor={size: 1, target: 0}", "defense-knows.malicious.count=1",
    "attacks=[{id: push, use: fixed-row, value: 3}]",
    "attacks=[{id: push, use: fixed-row, f: 1, value: 2}]",
    "attacks=[{id: push, use: curious}]",
    "defenses=[{use: strict, f: 0}]",
    "defenses=[{id: staged, use: mean, stages: [{use: scaling, by: 1}]}]",
  ])
  func `whatever decides the numbers decides the key`(override: String) throws {
    let (other, expected) = (try key([override]), try key())
    #expect(other != nil && other != expected)
  }

  @Test func `settings of one kind are told apart`() throws {
    let overrides = [
      "server={algorithm: fedsgd}", "server={algorithm: fedsgd, worker-momentum: 0.5}",
      "server={weighting: samples}", "server={weighting: samples, sample-cap: 5}",
      "task.local.schedule={kind: step, every: 2}", "task.local.schedule={kind: step, every: 3}",
      "task.local.schedule={kind: cosine}", "task.local.schedule={kind: cosine, end: 0.5}",
      "clients.partition={kind: dirichlet, alpha: 1}",
      "clients.partition={kind: dirichlet, alpha: 2}",
      "clients.partition={kind: quantity-skew, alpha: 1}",
      "threat.backdoor={size: 1, target: 0}", "threat.backdoor={size: 2, target: 0}",
      "threat.backdoor={size: 1, target: 1}", "threat.backdoor={size: 1, target: 0, source: 1}",
      "threat.backdoor={size: 1, target: 0, value: 2}",
      "threat.backdoor={size: 1, target: 0, trigger: random}",
      "evaluation.every=2", "fixed-seeds.data=1", "fixed-seeds.init=1",
      "task.dataset.normalize={mean: 0.1, std: 1}", "task.dataset.normalize={mean: 0.1, std: 2}",
      "threat.schedule={kind: every, k: 2}", "threat.schedule={kind: rounds, rounds: [1]}",
      "threat.schedule=in-turn", "threat.schedule={kind: random, count: 1}",
      "threat.schedule={kind: random, count: 2}",
      "threat.schedule={kind: random, probability: 0.5}",
      "threat.auxiliary={class: 1, train: 2, test: 2}",
      "threat.auxiliary={class: 1, train: 2, test: 2, kind: low-density}",
      "threat.auxiliary={class: 1, train: 2, test: 2, kind: low-density, neighbors: 2}",
      "defense-knows={root-samples: 3}", "defense-knows={root-samples: 4}",
      "defense-knows={malicious: {bound: 0.5}}", "defense-knows={malicious: {count: 3}}",
      "defenses=[{id: staged, use: mean, stages: [{use: scaling, by: 1}, {use: scaling, by: 2}]}]",
      "defenses=[{id: staged, use: mean, stages: [{use: scaling, by: 2}, {use: scaling, by: 1}]}]",
    ]
    let keys = try overrides.map { try key([$0]) }
    #expect(!keys.contains(nil) && Set(keys).count == overrides.count)
  }

  @Test func `the key is pinned`() throws {
    // Recorded once: a change loses the identity of every result on disk, and needs a new
    // engine number.
    let key = try key()
    #expect(key == "370be2c19ed0346e05c6432fbd2296b3d3aacc3a042565fecd46bed7c6386554")
  }

  @Test func `bytes and shapes of data enter the digest`() {
    func digest(_ name: String, _ shape: [Int], _ bytes: [UInt8]) -> String {
      TrialKey.digest(of: [.init(name: name, elementType: .uint8, shape: shape, bytes: bytes)])
    }
    let digests = [
      digest("a", [2, 2], [1, 2, 3, 4]), digest("b", [2, 2], [1, 2, 3, 4]),
      digest("a", [4, 1], [1, 2, 3, 4]), digest("a", [2, 2], [1, 2, 3, 5]), digest("a", [0], []),
    ]
    #expect(Set(digests).count == digests.count)
    #expect(digest("a", [2, 2], [1, 2, 3, 4]) == digests[0])
  }
}
