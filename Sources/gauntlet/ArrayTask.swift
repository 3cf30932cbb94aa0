import ArgumentParser
import Diagnostics
import Simulation

/// The task of an array job that this process is, as batch systems tell it in the environment.
struct ArrayTask {
  /// The variables of one system; an array has no count where nothing tells its last index.
  private struct System {
    let name: String
    let index: String
    var first: String?
    var last: String?
    var step: String?
    var count: String?
    /// The index of the first task unless something else is said.
    var defaultFirst = 0
    /// What the index is outside of an array job.
    var none: String?
  }

  private static let systems = [
    System(
      name: "Slurm", index: "SLURM_ARRAY_TASK_ID", first: "SLURM_ARRAY_TASK_MIN",
      last: "SLURM_ARRAY_TASK_MAX", step: "SLURM_ARRAY_TASK_STEP", count: "SLURM_ARRAY_TASK_COUNT"),
    System(
      name: "Grid Engine", index: "SGE_TASK_ID", first: "SGE_TASK_FIRST", last: "SGE_TASK_LAST",
      step: "SGE_TASK_STEPSIZE", defaultFirst: 1, none: "undefined"),
    System(
      name: "LSF", index: "LSB_JOBINDEX", last: "LSB_JOBINDEX_END", step: "LSB_JOBINDEX_STEP",
      defaultFirst: 1, none: "0"),
    System(name: "PBS", index: "PBS_ARRAY_INDEX"),
    System(name: "Torque", index: "PBS_ARRAYID"),
    System(name: "Kubernetes", index: "JOB_COMPLETION_INDEX"),
    System(name: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX"),
    System(name: "GNU parallel", index: "PARALLEL_SEQ", defaultFirst: 1),
  ]

  let environment: [String: String]

  /// The part that this task is.
  ///
  /// - Parameters:
  ///   - count: How many parts there are; `nil` where the array tells it.
  ///   - firstIndex: The index of the first task; by default that of the system.
  /// - Returns: The number of the task among all of them.
  /// - Throws: `ValidationError` outside of an array job, inside of two, or if the index and the count
  ///   do not fit.
  func shard(of count: Int?, firstIndex: Int?) throws -> PlanShard {
    let found = Self.systems.filter { system in
      environment[system.index].map { !$0.isEmpty && $0 != system.none } ?? false
    }
    guard let system = found.first else {
      // Here nobody says which part it is.
      throw ValidationError(
        "--shard auto\(count.map { "/\($0)" } ?? ""): this is no task of an array job that Gauntlet knows, of "
          + "which one of " + Self.systems.map(\.index).joined(separator: ", ")
          + " would tell the index; say which part: --shard 1/\(count ?? 4)")
    }
    guard found.count == 1 else {
      throw ValidationError(
        "--shard auto: " + found.map(\.index).joined(separator: " and ")
          + " are set; say which part: --shard 1/4")
    }
    return try count.map { try shard(system, of: $0, firstIndex ?? system.defaultFirst) }
      ?? shard(system)
  }

  /// The part by an index and the count that the user gave.
  private func shard(_ system: System, of count: Int, _ first: Int) throws -> PlanShard {
    let index = try number(system.index)
    guard let shard = PlanShard(number: index - first + 1, count: count) else {
      throw ValidationError(
        "--shard auto/\(count): \(system.index) is \(index), and \(count) tasks from \(first) end "
          + "with \(first + count - 1)"
          + (index == count && first == 0 ? "; an array from 1 takes --first-index 1" : ""))
    }
    return shard
  }

  /// The part by what the array tells about itself.
  private func shard(_ system: System) throws -> PlanShard {
    guard let last = system.last, environment[last] != nil else {
      throw ValidationError(
        "--shard auto: \(system.name) does not tell how many tasks there are; say it: --shard auto/4"
      )
    }
    let index = try number(system.index)
    let first = try system.first.map(number) ?? system.defaultFirst
    let end = try number(last)
    let step = try system.step.map { environment[$0] == nil ? 1 : try number($0) } ?? 1
    let count =
      try system.count.map(number) ?? (step > 0 && end >= first ? (end - first) / step + 1 : 0)
    guard step > 0, (index - first) % step == 0,
      end - first == (count - 1) * step,
      let shard = PlanShard(number: (index - first) / step + 1, count: count)
    else {
      throw ValidationError(
        "--shard auto: the tasks of the array, \(first) to \(end), do not follow each other; say "
          + "how many parts there are: --shard auto/4")
    }
    guard count > 1 || index <= 1 else {
      throw ValidationError(
        "--shard auto: the array has task \(index) alone, as if it was submitted again; say how "
          + "many parts there are: --shard auto/4")
    }
    return shard
  }

  private func number(_ name: String) throws -> Int {
    let text = environment[name] ?? ""
    guard let number = Int(text), (0...1_000_000_000).contains(number) else {
      throw ValidationError("--shard auto: \(name) is '\(excerpt(text))', not a number")
    }
    return number
  }
}
