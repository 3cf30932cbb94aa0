/// A plan cut into parts that are run apart: every trial is recorded in exactly one of them.
///
/// A part is a run of trials that follow each other in the plan, so the parts in order are the plan
/// in order. What a part's trials are compared to and that lies in an earlier one is run there for
/// its trace alone; it counts as work of the part. Of all such cuts this is one whose largest part is
/// as small as it can be, up to a ten-thousandth. That favors cuts between seeds and combinations of
/// the matrix, which nothing is compared across.
///
/// The same plan and times give the same cut on every machine, whatever has been run already.
public struct PlanShards: Sendable {
  /// One part.
  public struct Part: Sendable, Hashable {
    /// The places in the plan of its trials; empty where there are more parts than trials.
    public let places: Range<Int>
    /// What it is to run them and what they are compared to, as a share of all trials run once.
    public let work: Double
    /// The trials of earlier parts that it runs as well.
    public let borrowedCount: Int
  }

  public let parts: [Part]

  /// The work of the largest part as a multiple of what it would be if everything were run once, in
  /// equal parts.
  public var imbalance: Double { (parts.map(\.work).max() ?? 0) * Double(parts.count) }

  /// Trials that are run in more than one part, each counted for every further one.
  public var borrowedCount: Int { parts.reduce(0) { $0 + $1.borrowedCount } }

  /// Cuts a plan.
  ///
  /// - Parameters:
  ///   - plan: What to cut.
  ///   - count: How many parts; at least 1.
  ///   - seconds: How long a round of each cell takes, where that was measured; a cell that is not
  ///     there takes the mean of the others.
  /// - Complexity: O(trials × log(trials)), and O(count²) where trials are few.
  public init(_ plan: Plan, count: Int, seconds: [String: Double] = [:]) {
    let cut = Cut(plan, seconds: seconds)
    var places = cut.ranges(atMost: max(1, count))
    // Parts that are left over take a half of the largest one each: no part grows by that.
    while places.count < count {
      let loads = places.map { cut.load(of: $0).work }
      guard
        let largest = places.indices.filter({ places[$0].count > 1 })
          .max(by: { (loads[$0], $1) < (loads[$1], $0) }),
        let middle = cut.middle(of: places[largest])
      else { break }
      let whole = places[largest]
      places[largest] = whole.lowerBound..<middle
      places.insert(middle..<whole.upperBound, at: largest + 1)
    }
    let end = plan.trials.count
    places += Array(repeating: end..<end, count: max(0, count - places.count))
    parts = places.map { range in
      let load = cut.load(of: range)
      return Part(
        places: range, work: cut.total > 0 ? load.work / cut.total : 0,
        borrowedCount: load.borrowed)
    }
  }

  /// The part of a shard.
  public subscript(shard: PlanShard) -> Part {
    precondition(shard.count == parts.count, "a shard of another cut")
    return parts[shard.number - 1]
  }
}

/// The work of each trial and what it is compared to.
private struct Cut {
  private let costs: [Double]
  private let references: [[Int32]]
  let total: Double

  init(_ plan: Plan, seconds: [String: Double]) {
    let modelled = plan.variants.map { TrialCost.ofTrial($0.scenario, $0.task) }
    let known = seconds.filter { $0.value.isFinite && $0.value > 0 }
    // In the order of the names: a sum depends on its order.
    let mean =
      known.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / Double(max(1, known.count))
    let costs = plan.trials.map { trial -> Double in
      // A line that says why it does not run is written, too.
      guard trial.feasibility == .ready else { return 0 }
      return known.isEmpty
        ? modelled[trial.variant] : (known[trial.cell] ?? mean) * Double(trial.rounds)
    }
    let least = max(1e-9, (costs.max() ?? 0) / 1e6)
    self.costs = costs.map { max($0, least) }
    references = plan.trials.map { trial in
      trial.feasibility == .ready ? Set(trial.references).sorted().map(Int32.init) : []
    }
    total = self.costs.reduce(0, +)
  }

  /// The work of a part, and how many trials before it that are.
  func load(of range: Range<Int>) -> (work: Double, borrowed: Int) {
    var borrowed: Set<Int32> = []
    var work = 0.0
    for index in range {
      work += costs[index]
      for reference in references[index]
      where reference < range.lowerBound && borrowed.insert(reference).inserted {
        work += costs[Int(reference)]
      }
    }
    return (work, borrowed.count)
  }

  /// The parts, at most `count`, whose largest is as small as possible.
  func ranges(atMost count: Int) -> [Range<Int>] {
    guard !costs.isEmpty else { return [] }
    // One part holds everything; none can be smaller than an equal share.
    var (high, low) = (total, total / Double(count))
    if let ranges = ranges(limit: low, atMost: count) { return ranges }
    while high - low > low / 10_000 {
      let middle = low + (high - low) / 2
      if ranges(limit: middle, atMost: count) == nil { low = middle } else { high = middle }
    }
    return ranges(limit: high, atMost: count) ?? [costs.indices]
  }

  /// Fills one part after the other up to a limit; `nil` where that takes more parts.
  private func ranges(limit: Double, atMost count: Int) -> [Range<Int>]? {
    var ranges: [Range<Int>] = []
    var start = 0
    var work = 0.0
    // The part for which each trial was counted last, so that nothing has to be cleared.
    var counted = [Int32](repeating: -1, count: costs.count)
    var index = 0
    while index < costs.count {
      var added = costs[index]
      for reference in references[index]
      where reference < start && counted[Int(reference)] != Int32(ranges.count) {
        added += costs[Int(reference)]
        counted[Int(reference)] = Int32(ranges.count)
      }
      // A sum in another order may be a little more than the total.
      if work + added <= limit * (1 + 1e-12) {
        work += added
        index += 1
        continue
      }
      guard index > start, ranges.count + 1 < count else { return nil }
      ranges.append(start..<index)
      start = index
      work = 0
    }
    return ranges + [start..<costs.count]
  }

  /// Where the first half of the work of a part ends; `nil` if it has fewer than two trials.
  func middle(of range: Range<Int>) -> Int? {
    guard range.count > 1 else { return nil }
    let half = range.reduce(0) { $0 + costs[$1] } / 2
    var work = 0.0
    for index in range.dropLast() {
      work += costs[index]
      if work >= half { return index + 1 }
    }
    return range.upperBound - 1
  }
}
