import Datasets
import Determinism
import Federation
import Tensors
import Testing
import Training

@testable import Simulation

@Suite struct FedSGDTests {
  private let settings = [
    "server={algorithm: fedsgd, worker-momentum: 0.75, lr: 1}", "task.local.batch=1000",
    "task.local.lr=0.5",
  ]

  /// The gradient over all data of one client.
  private func gradient(_ bench: TrialBench, _ client: ClientID, at global: [Float]) -> [Double] {
    let shard = bench.data.shards[client.index]
    var result = [Float](repeating: 0, count: global.count)
    var workspace = bench.model.makeWorkspace(batchSize: shard.count)
    let inputs = shard.inputs.values
    var target = result.mutableSpan
    bench.model.gradient(
      inputs: inputs.span, labels: shard.labels.span, parameters: global.span, into: &target,
      workspace: &workspace)
    return result.map(Double.init)
  }

  @Test func `rows are minus rate times momentum, kept across rounds`() throws {
    let bench = try TrialBench(settings)
    var loop = bench.loop()
    var momenta = [[Double]](repeating: [], count: 6)
    for round in 0..<3 {
      let before = loop.global
      let observation = try loop.advance()
      for (row, client) in observation.clients.enumerated() {
        let fresh = gradient(bench, client, at: before)
        let old = round == 0 ? fresh.map { _ in 0 } : momenta[client.index]
        momenta[client.index] = zip(old, fresh).map { 0.75 * $0 + 0.25 * $1 }
        let sent = observation.updates.row(row)
        #expect(
          zip(sent, momenta[client.index]).allSatisfy { abs(Double($0) + 0.5 * $1) < 1e-6 })
      }
      let mean = (0..<before.count).map { column in
        momenta.reduce(0.0) { $0 + $1[column] / 6 }
      }
      #expect(
        (0..<before.count).allSatisfy {
          abs(Double(loop.global[$0]) - (Double(before[$0]) - 0.5 * mean[$0])) < 1e-6
        })
    }
  }

  @Test func `a client that sits out keeps its momentum`() throws {
    let bench = try TrialBench(settings + ["clients.participation=0.5", "rounds=6"])
    var loop = bench.loop()
    var momenta: [ClientID: [Double]] = [:]
    var returns = 0
    for round in 0..<6 {
      let before = loop.global
      let observation = try loop.advance()
      for (row, client) in observation.clients.enumerated() {
        let fresh = gradient(bench, client, at: before)
        returns += momenta[client] == nil || round == 0 ? 0 : 1
        let old = momenta[client] ?? fresh.map { _ in 0 }
        let expected = zip(old, fresh).map { 0.75 * $0 + 0.25 * $1 }
        momenta[client] = expected
        let sent = observation.updates.row(row)
        #expect(zip(sent, expected).allSatisfy { abs(Double($0) + 0.5 * $1) < 1e-6 })
      }
    }
    #expect(returns > 0)
  }

  @Test func `without momentum a row is minus rate times gradient`() throws {
    let bench = try TrialBench(settings + ["server.worker-momentum=0"])
    var loop = bench.loop()
    let before = loop.global
    let observation = try loop.advance()
    let expected = gradient(bench, observation.clients[2], at: before)
    #expect(
      zip(observation.updates.row(2), expected).allSatisfy { abs(Double($0) + 0.5 * $1) < 1e-6 })
  }

  @Test func `controlled clients send gradients of poisoned data in the window`() throws {
    let settings = settings + ["threat.window={start: 1, stop: 2}"]
    let bench = try TrialBench(settings)
    let spy = Spy()
    var honest = bench.loop()
    var attacked = bench.loop(attack: spy)
    let (before, same) = (try honest.advance(), try attacked.advance())
    #expect(before.updates == same.updates)
    let (a, b) = (try honest.advance(), try attacked.advance())
    for row in 0..<6 {
      #expect((a.updates.row(row) == b.updates.row(row)) == !a.isControlled[row])
    }
    // The training hook is for local training only.
    #expect(spy.trained.entries.isEmpty)
  }
}
