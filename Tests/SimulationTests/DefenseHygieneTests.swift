import Components
import Federation
import Tensors
import Testing

@testable import Simulation

/// When a defense is tested, and on what.
@Suite struct DefenseHygieneTests {
  /// Takes the first row, whoever's it is, and notes how many there were.
  private struct First: Aggregator {
    static let manifest = PlainMean.manifest
    let log = Log<Int>()
    init(_: Arguments, setup _: DefenseSetup) { self.init() }
    init() {}

    mutating func aggregate(
      _ updates: borrowing UpdateMatrix, in _: RoundContext
    ) throws(DefenseError) -> Aggregation {
      log.note(updates.rowCount)
      return Aggregation(
        update: Array(updates.values.row(0)),
        verdicts: updates.weights.map { Verdict(.notJudged, weight: $0) })
    }
  }

  /// Adds the number of its calls so far to the mean.
  private struct Counting: Aggregator {
    static let manifest = PlainMean.manifest
    private let log = Log<Int>()
    private var mean = PlainMean()
    init(_: Arguments, setup _: DefenseSetup) { self.init() }
    init() {}

    mutating func aggregate(
      _ updates: borrowing UpdateMatrix, in round: RoundContext
    ) throws(DefenseError) -> Aggregation {
      log.note(0)
      var aggregation = try mean.aggregate(updates, in: round)
      for index in aggregation.update.indices {
        aggregation.update[index] += Float(log.entries.count)
      }
      return aggregation
    }
  }

  @Test(arguments: [0.3, 0.6, 0.8, 0.9])
  func `where updates are lost, the first two or more rows are tested`(dropout: Double) throws {
    let bench = try TrialBench(["clients.dropout=\(dropout)", "rounds=40"])
    let rule = First()
    var (turned, counting) = (bench.loop(rule: rule), bench.loop(rule: Counting()))
    var (isTested, calls, isLate) = (false, 0, false)
    for round in 0..<40 {
      let count = try turned.advance().clients.count
      _ = try counting.advance()
      let isTest = !isTested && count >= 2
      isTested = isTested || isTest
      isLate = isLate || isTest && round > 0
      calls += isTest ? 3 : count > 0 ? 1 : 0
      #expect(rule.log.entries.count == calls)
      #expect(turned.hygiene.isTested == isTested && turned.hygiene.isOrderDependent == isTested)
      #expect(!turned.hygiene.isNondeterministic)
      #expect(counting.hygiene.isNondeterministic == isTested)
    }
    #expect(isTested)
    if dropout == 0.9 { #expect(isLate) }
  }

  @Test(arguments: [(["clients.participation=0.17"], 1), ([], 6)])
  func `else it is the first round, with one row as well`(
    overrides: [String], count: Int
  ) throws {
    for more in [[], ["clients.dropout=0.000001"]] {
      let bench = try TrialBench(overrides + more)
      let rule = First()
      var loop = bench.loop(rule: rule)
      _ = try loop.advance()
      #expect(loop.hygiene.isTested && loop.hygiene.isOrderDependent == (count > 1))
      _ = try loop.advance()
      #expect(rule.log.entries == [count, count, count, count])
    }
  }

  @Test func `a copy of a loop is not tested again`() throws {
    let bench = try TrialBench()
    var loop = bench.loop(rule: First())
    #expect(!loop.snapshot.hygiene.isTested)
    _ = try loop.advance()
    #expect(loop.snapshot.hygiene.isTested && loop.snapshot.hygiene.isOrderDependent)
  }
}
