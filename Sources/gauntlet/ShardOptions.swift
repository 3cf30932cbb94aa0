import ArgumentParser
import Foundation
import Results
import Simulation
import Suite

/// Which part of a plan is meant, for `run` and `plan`.
struct ShardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "One of several parts, such as 3/64; auto in a task of an array job, auto/64 where the job "
        + "does not tell how many tasks it has.", valueName: "part"),
    transform: { try ShardChoice(argument: $0) })
  var shard: ShardChoice?

  @Option(
    help: ArgumentHelp(
      "The index of the array's first task for auto/64, 0 or 1. (default: 1 for Grid Engine, LSF and "
        + "GNU parallel, else 0)", valueName: "index"))
  var firstIndex: Int?

  @Option(
    help: ArgumentHelp(
      "Cut by the times of these results, which all parts have to be given.", valueName: "folder"))
  var shardTimes: String?

  func validate() throws {
    if let firstIndex, firstIndex != 0, firstIndex != 1 {
      throw ValidationError("--first-index has to be 0 or 1, not \(firstIndex)")
    }
    if firstIndex != nil {
      guard case .auto(.some) = shard else {
        throw ValidationError("--first-index needs --shard auto/<count>")
      }
    }
    if shardTimes != nil, shard == nil { throw ValidationError("--shard-times needs --shard") }
    _ = try chosen()
  }

  /// The part that was asked for; `nil`: everything.
  func chosen() throws -> PlanShard? {
    switch shard {
    case nil: nil
    case .part(let shard): shard
    case .auto(let count):
      try ArrayTask(environment: ProcessInfo.processInfo.environment)
        .shard(of: count, firstIndex: firstIndex)
    }
  }

  /// The parts of a plan, and the one that was asked for; `nil`: everything.
  func cut(_ plan: Plan) throws -> (shards: PlanShards, chosen: PlanShard)? {
    guard let chosen = try chosen() else { return nil }
    return (PlanShards(plan, count: chosen.count, seconds: try times()), chosen)
  }

  /// The time of a round of each cell.
  private func times() throws -> [String: Double] {
    guard let shardTimes else { return [:] }
    try LoadedFiles.requireResults(shardTimes)
    let log = try ResultFolder.readTrials(shardTimes, ranges: .builtIn)
    var times: [String: (sum: Double, count: Int)] = [:]
    for record in log.latest where record.status == .ok {
      guard let seconds = record.metrics["cost.seconds"] ?? nil else { continue }
      times[record.cell, default: (0, 0)].sum += seconds
      times[record.cell, default: (0, 0)].count += 1
    }
    guard !times.isEmpty else { throw Failure("\(shardTimes): has no times of trials") }
    return times.mapValues { $0.sum / Double($0.count) }
  }
}

extension PlanShard {
  /// `3/64`.
  var text: String { "\(number)/\(count)" }
}
