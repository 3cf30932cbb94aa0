import Results
import Testing

@testable import Simulation

@Suite struct PlanShardsTests {
  /// 3 seeds of 3 attacks and 3 defenses; the first of both are the references.
  private func plan(_ overrides: [String] = []) throws -> Plan {
    let text = ScenarioText.replacing(
      ("value: 2}]", "value: 2}, {id: pull, use: fixed-row, value: -2}]"),
      ("[mean, strict]", "[mean, strict, {id: other, use: strict}]"))
    return try Plan(
      try ScenarioText.read(text, ["clients.count=7", "seeds=[1, 2, 3]"] + overrides),
      catalog: .test)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8, 26, 27, 28, 64])
  func `every trial is in exactly one part`(count: Int) throws {
    let plan = try plan()
    #expect(plan.trials.count == 27)
    let shards = PlanShards(plan, count: count)
    #expect(shards.parts.count == count)
    #expect(shards.parts.flatMap { Array($0.places) } == Array(0..<27))
    #expect(shards.parts.count { $0.places.isEmpty } == max(0, count - 27))
    #expect(shards.parts.map(\.places) == PlanShards(plan, count: count).parts.map(\.places))
  }

  @Test func `cuts between seeds borrow nothing`() throws {
    let shards = PlanShards(try plan(), count: 3)
    #expect(shards.parts.map(\.places) == [0..<9, 9..<18, 18..<27])
    #expect(shards.borrowedCount == 0)
    #expect(abs(shards.imbalance - 1) < 1e-9)
  }

  // By hand: of 9 trials (none, push, pull under mean, strict, other), the last three are compared
  // to the three clean ones; each of the second three is compared to its row's first, too. Cut in
  // two, 0..<6 is 6 trials of work, 6..<9 is 3 and the 3 clean ones: no cut has less than 6.
  @Test func `what is borrowed counts as work`() throws {
    let shards = PlanShards(try plan(["seeds=[1]"]), count: 2)
    #expect(shards.parts.map(\.places) == [0..<6, 6..<9])
    #expect(shards.parts.map(\.borrowedCount) == [0, 3])
    for part in shards.parts { #expect(abs(part.work - 6.0 / 9) < 1e-9) }
    #expect(abs(shards.imbalance - 12.0 / 9) < 1e-9)
  }

  /// Every cut of a few trials, tried one by one, is no better.
  @Test(arguments: [2, 3, 4, 5]) func `no other cut has a smaller largest part`(
    count: Int
  ) throws {
    let plan = try plan(["seeds=[1, 2]"])
    let seconds = ["none/mean": 1.0, "push/strict": 7, "pull/other": 3, "none/other": 2]
    let shards = PlanShards(plan, count: count, seconds: seconds)
    func cost(_ index: Int) -> Double {
      (seconds[plan.trials[index].cell] ?? 13.0 / 4) * Double(plan.trials[index].rounds)
    }
    func load(_ range: Range<Int>) -> Double {
      let needed = Set(range.flatMap { plan.trials[$0].references } + range)
      return needed.reduce(0) { $0 + cost($1) }
    }
    func best(from start: Int, _ parts: Int) -> Double {
      if parts == 1 || start == 18 { return load(start..<18) }
      return (start + 1...18).map { max(load(start..<$0), best(from: $0, parts - 1)) }.min() ?? 0
    }
    let total = (0..<18).reduce(0) { $0 + cost($1) }
    let largest = (shards.parts.map(\.work).max() ?? 0) * total
    #expect(largest <= best(from: 0, count) * 1.0002)
    for part in shards.parts { #expect(abs(part.work * total - load(part.places)) < 1e-6) }
  }

  @Test func `measured times move the cuts`() throws {
    let plan = try plan()
    // The trials of the first seed take nearly all of the time of their cells in no seed more.
    let even = PlanShards(plan, count: 3).parts.map(\.places)
    let slow = PlanShards(plan, count: 9, seconds: ["pull/other": 100, "none/mean": 1])
    #expect(even == [0..<9, 9..<18, 18..<27])
    // A trial of 100 does not share its part with another one of 100.
    let places = plan.trials.indices.filter { plan.trials[$0].cell == "pull/other" }
    let parts = places.map { place in slow.parts.firstIndex { $0.places.contains(place) } }
    #expect(Set(parts).count == 3)
  }

  @Test func `combinations of the matrix weigh what they train`() throws {
    let text = ScenarioText.valid + "matrix: {task.local.epochs: [1, 2, 15]}\n"
    let plan = try Plan(
      try ScenarioText.read(text, ["clients.count=7"]), catalog: .test)
    #expect(plan.trials.count == 12)
    let shards = PlanShards(plan, count: 2)
    // 4 trials of one epoch, 4 of two and 4 of fifteen: the cut is in the last ones.
    #expect(shards.parts[0].places.upperBound > 8)
  }

  @Test func `a shard is a number up to its count`() {
    #expect(PlanShard(number: 0, count: 4) == nil)
    #expect(PlanShard(number: 5, count: 4) == nil)
    #expect(PlanShard(number: 1, count: 1_000_001) == nil)
    #expect(PlanShard(number: 4, count: 4)?.number == 4)
  }
}
