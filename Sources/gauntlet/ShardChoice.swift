import ArgumentParser
import Simulation

/// A value of `--shard`.
enum ShardChoice: Equatable {
  case part(PlanShard)
  /// The task of an array job that the environment tells, of as many as it tells or as are given.
  case auto(count: Int?)

  /// - Throws: `ValidationError` that says what is wrong with it.
  init(argument: String) throws {
    let words = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = words.first, words.count == 2 else {
      guard argument == "auto" else { throw Self.form }
      self = .auto(count: nil)
      return
    }
    guard let count = Self.number(words[1]) else { throw Self.form }
    guard PlanShard(number: 1, count: count) != nil else {
      throw ValidationError("a plan is cut into 1 to \(PlanShard.countLimit) parts")
    }
    if first == "auto" {
      self = .auto(count: count)
      return
    }
    guard let number = Self.number(first) else { throw Self.form }
    guard let shard = PlanShard(number: number, count: count) else {
      throw ValidationError(
        "there is no part \(number) of \(count); they are 1/\(count) to \(count)/\(count)")
    }
    self = .part(shard)
  }

  private static let form = ValidationError(
    "it has to be a part, such as 3/64, or auto, or auto/64")

  /// Digits alone: no sign, no space.
  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(text) ?? .max
  }
}
