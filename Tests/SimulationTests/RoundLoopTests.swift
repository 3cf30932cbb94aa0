import Datasets
import Determinism
import Federation
import Tensors
import Testing
import Training

@testable import Simulation

@Suite struct RoundLoopTests {
  @Test func `the model moves by the mean of the updates`() throws {
    var loop = try TrialBench(["server.lr=0.5"]).loop()
    for round in 0..<3 {
      let before = loop.global
      let observation = try loop.advance()
      #expect(observation.round == round && observation.updates.rowCount == 6)
      let aggregate = try #require(observation.aggregate)
      for column in aggregate.indices {
        let mean = (0..<6).reduce(0.0) {
          $0 + Double(observation.updates.row($1)[column]) / 6
        }
        #expect(abs(Double(aggregate[column]) - mean) < 1e-6)
        #expect(
          abs(Double(loop.global[column]) - Double(before[column]) - 0.5 * mean) < 1e-6)
      }
    }
  }

  @Test func `a row is what local training changed`() throws {
    let bench = try TrialBench()
    var loop = bench.loop()
    for round in 0..<2 {
      let before = loop.global
      let observation = try loop.advance()
      for (row, client) in observation.clients.enumerated() {
        var trainer = LocalTrainer(model: bench.model, batchSize: 8)
        var random = bench.seed.child("client").child(client.index).child(round).stream()
        let shard = bench.data.shards[client.index]
        trainer.train(
          from: before, inputs: shard.inputs, labels: shard.labels,
          schedule: bench.scenario.task.local, random: &random)
        let expected = zip(trainer.parameters, before).map { $0 - $1 }
        #expect(observation.updates.row(row) == expected)
      }
    }
  }

  @Test func `the first global parameters come from the model's stream`() throws {
    let bench = try TrialBench()
    var random = bench.seed.child("model").stream()
    #expect(bench.loop().global == bench.model.initialParameters(using: &random))
  }

  @Test func `rows come by opaque client id, so that their order tells nothing`() throws {
    let bench = try TrialBench(["clients.participation=0.5"])
    let sampling = ClientSampling(
      clients: bench.scenario.clients, threat: bench.scenario.threat, seed: bench.seed)
    var loop = bench.loop()
    for round in 0..<4 {
      let observation = try loop.advance()
      let names = observation.clients.map { loop.context.names.opaque($0) }
      #expect(names == names.sorted())
      #expect(observation.clients.sorted() == sampling.participants(round: round).sorted())
      #expect(observation.isControlled == observation.clients.map { $0.index >= 4 })
    }
  }

  @Test func `the learning rate follows its schedule`() throws {
    let bench = try TrialBench([
      "task.local.schedule={kind: linear, end: 0}", "threat.malicious.count=5",
    ])
    let spy = Spy()
    var loop = bench.loop(attack: spy)
    for _ in 0..<4 { _ = try loop.advance() }
    let rates = (0..<4).map { round in
      Set(spy.trained.entries.filter { $0.round == round }.map(\.rate))
    }
    #expect(rates == [[0.1], [Float(Double(Float(0.1)) * 0.75)], [0.05], [0.025]])
  }

  @Test func `server momentum adds up what came before`() throws {
    var loop = try TrialBench(["server={lr: 0.5, momentum: 0.5}"]).loop(rule: Constant(2))
    let start = loop.global
    // v = 2, 3, 3.5: the model moves by 1, 1.5, 1.75.
    for total in [1, 2.5, 4.25] as [Float] {
      _ = try loop.advance()
      #expect(zip(loop.global, start).allSatisfy { abs($0 - $1 - total) < 1e-5 })
    }
  }

  @Test func `without momentum the model moves by rate times aggregate`() throws {
    var loop = try TrialBench(["server.lr=3"]).loop(rule: Constant(-0.5))
    let start = loop.global
    for total in [-1.5, -3] as [Float] {
      _ = try loop.advance()
      #expect(zip(loop.global, start).allSatisfy { abs($0 - $1 - total) < 1e-5 })
    }
  }

  @Test func `uniform weighting gives every row the same share`() throws {
    let rule = Constant(0)
    var loop = try TrialBench(["clients.partition={kind: dirichlet, alpha: 0.5}"]).loop(rule: rule)
    _ = try loop.advance()
    #expect(rule.log.entries[0].weights == [Double](repeating: 1.0 / 6, count: 6))
  }

  @Test(arguments: [nil, 11, 1])
  func `weighting by samples counts at most the cap`(cap: Int?) throws {
    let rule = Constant(0)
    let bench = try TrialBench([
      "clients.partition={kind: quantity-skew, alpha: 1}",
      "server={weighting: samples\(cap.map { ", sample-cap: \($0)" } ?? "")}",
    ])
    var loop = bench.loop(rule: rule)
    let observation = try loop.advance()
    let counts = observation.clients.map { min(bench.data.shards[$0.index].count, cap ?? 1_000) }
    let entry = rule.log.entries[0]
    #expect(Set(entry.clients).count == observation.clients.count)
    let total = Double(counts.reduce(0, +))
    #expect(zip(entry.weights, counts).allSatisfy { abs($0 - Double($1) / total) < 1e-12 })
    #expect(abs(entry.weights.reduce(0, +) - 1) < 1e-12)
    #expect(Set(bench.data.shards.map(\.count)).count > 1)
  }

  @Test func `a defense knows clients by ids that stay and say nothing`() throws {
    let rule = Constant(0)
    var loop = try TrialBench(["clients.count=40"]).loop(rule: rule)
    var names: [ClientID: ClientID] = [:]
    for round in 0..<3 {
      let real = try loop.advance().clients
      // In round 0 the defense is called twice more, to test it.
      let opaque = rule.log.entries[round == 0 ? 0 : round + 2].clients
      #expect(opaque != real && Set(opaque).count == real.count)
      for (client, name) in zip(real, opaque) {
        #expect(names[client] == nil || names[client] == name)
        names[client] = name
      }
    }
  }

  @Test func `verdicts come back under the clients' own numbers`() throws {
    var loop = try TrialBench([]).loop(rule: Constant(0))
    let observation = try loop.advance()
    #expect(Set(observation.verdicts.keys) == Set(observation.clients))
  }

  @Test(arguments: ["fedavg", "fedsgd"])
  func `any width gives the same bits`(algorithm: String) throws {
    let bench = try TrialBench([
      "server.algorithm=\(algorithm)", "clients.participation=0.8",
      "task.model={kind: mlp, hidden: [5]}",
    ])
    let results = try [1, 2, 5].map { width in
      var loop = bench.loop(attack: FixedRow(0.25), width: width)
      for _ in 0..<4 { _ = try loop.advance() }
      return loop.global.map(\.bitPattern)
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test func `accuracy of rows is measured in up to five rounds of the window`() throws {
    var loop = try TrialBench(["rounds=12", "threat.window={start: 2, stop: 12}"]).loop()
    var measured: [Int] = []
    for round in 0..<12 {
      let before = loop.global
      let observation = try loop.advance()
      guard let accuracies = observation.localAccuracy else { continue }
      measured.append(round)
      #expect(accuracies.count == 6 && accuracies.allSatisfy { (0...1).contains($0) })
      #expect(before != loop.global)
    }
    #expect(measured == [3, 5, 7, 9, 11])
  }

  @Test func `equal rows are as accurate as each of them alone`() throws {
    let bench = try TrialBench(["task.local.lr=1"])
    var loop = bench.loop(attack: FixedRow(0.25))
    let before = loop.global
    let observation = try loop.advance()
    let accuracies = try #require(observation.localAccuracy)
    #expect(observation.isControlled.count { $0 } == 2)
    let test = bench.data.test
    var workspace = bench.model.makeWorkspace(batchSize: test.count)
    for (row, accuracy) in accuracies.enumerated() {
      let local = zip(before, observation.updates.row(row)).map { $0 + $1 }
      var scores = [Float](repeating: 0, count: 3 * test.count)
      var target = scores.mutableSpan
      bench.model.scores(
        inputs: test.inputs.values.span, count: test.count, parameters: local.span, into: &target,
        workspace: &workspace)
      let hits = test.labels.indices.count { example in
        let own = scores[3 * example..<3 * example + 3]
        return own.firstIndex(of: own.max() ?? 0) == 3 * example + test.labels[example]
      }
      #expect(accuracy == Double(hits) / Double(test.count))
    }
  }

  @Test func `accuracy of rows is for those who compare attackers with others`() throws {
    var loop = try TrialBench(["threat.malicious.count=0"]).loop()
    for _ in 0..<3 { #expect(try loop.advance().localAccuracy == nil) }
  }

  @Test func `accuracy on training data leaves controlled clients out`() throws {
    let bench = try TrialBench(["task.local.lr=1", "rounds=8"])
    var loop = bench.loop()
    for _ in 0..<8 { _ = try loop.advance() }
    var hits = 0
    var count = 0
    for shard in bench.data.shards.prefix(4) {
      var workspace = bench.model.makeWorkspace(batchSize: shard.count)
      var scores = [Float](repeating: 0, count: 3 * shard.count)
      let inputs = shard.inputs.values
      let global = loop.global
      var target = scores.mutableSpan
      bench.model.scores(
        inputs: inputs.span, count: shard.count, parameters: global.span, into: &target,
        workspace: &workspace)
      for row in 0..<shard.count {
        let own = scores[3 * row + shard.labels[row]]
        hits += (0..<3).allSatisfy { scores[3 * row + $0] <= own } ? 1 : 0
      }
      count += shard.count
    }
    #expect(loop.trainingAccuracy()?.pooled == Double(hits) / Double(count))
  }
}
