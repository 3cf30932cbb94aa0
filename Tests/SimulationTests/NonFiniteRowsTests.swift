import Datasets
import Federation
import Tensors
import Testing

@testable import Simulation

@Suite struct NonFiniteRowsTests {
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `non-finite rows are dropped and counted`(value: Float) throws {
    let bench = try TrialBench(["threat.window={start: 1, stop: 3}"])
    let rule = Constant(0)
    var loop = bench.loop(attack: FixedRow(value), rule: rule)
    for round in 0..<4 {
      let isInWindow = (1..<3).contains(round)
      let observation = try loop.advance()
      #expect(observation.dropped == (isInWindow ? bench.controlled : []))
      #expect(observation.droppedControlled == observation.dropped)
      #expect(observation.updates.rowCount == (isInWindow ? 4 : 6))
      #expect(observation.clients.count == observation.updates.rowCount)
      #expect(observation.isControlled.count { $0 } == (isInWindow ? 0 : 2))
      #expect(observation.verdicts.count == observation.clients.count)
      #expect(observation.updates.values.allSatisfy { $0.isFinite })
    }
    // The defense never sees them, and the other rows' weights sum to 1.
    let rows = rule.log.entries.map(\.clients.count)
    // The first round is repeated, to see whether the rule is deterministic.
    #expect(Array(rows.suffix(3)) == [4, 4, 6] && rows.dropLast(3).allSatisfy { $0 == 6 })
    #expect(rule.log.entries.allSatisfy { abs($0.weights.reduce(0, +) - 1) < 1e-12 })
  }

  @Test func `weights by samples are those of the rows that are left`() throws {
    let bench = try TrialBench([
      "server.weighting=samples", "clients.partition={kind: quantity-skew, alpha: 1}",
    ])
    let rule = Constant(0)
    var loop = bench.loop(attack: FixedRow(.nan), rule: rule)
    let observation = try loop.advance()
    let counts = observation.clients.map { Double(bench.data.shards[$0.index].count) }
    let weights = try #require(rule.log.entries.first).weights
    #expect(counts.count == 4)
    #expect(zip(weights, counts).allSatisfy { abs($0 - $1 / counts.reduce(0, +)) < 1e-12 })
  }

  @Test(arguments: ["0", "0.5"])
  func `when every row is dropped the model stays`(momentum: String) throws {
    let bench = try TrialBench([
      "threat={malicious: {count: 2}, participation: always, window: {start: 1, stop: 2}}",
      "clients.participation=0.33", "server.momentum=\(momentum)",
    ])
    var loop = bench.loop(attack: FixedRow(.nan))
    _ = try loop.advance()
    let before = loop.global
    let observation = try loop.advance()
    #expect(observation.dropped == bench.controlled && observation.clients.isEmpty)
    #expect(observation.aggregate == nil && observation.verdicts.isEmpty)
    #expect(loop.global == before)
    _ = try loop.advance()
    #expect(loop.global != before)
  }

  @Test func `a diverged model makes every row non-finite and the run goes on`() throws {
    let bench = try TrialBench(["threat.window={start: 0, stop: 1}", "server.lr=1e6"])
    var loop = bench.loop(rule: Constant(.greatestFiniteMagnitude))
    _ = try loop.advance()
    #expect(loop.global.contains { !$0.isFinite })
    let observation = try loop.advance()
    #expect(observation.dropped.count == 6 && observation.droppedControlled == bench.controlled)
    #expect(observation.evaluation?.accuracy == 0)
  }
}
