import ArgumentParser
import Simulation

/// A value of `--shard`.
enum ShardChoice: ExpressibleByArgument, Equatable {
  case part(PlanShard)
  /// The task of an array job that the environment tells, of as many as it tells or as are given.
  case auto(count: Int?)

  init?(argument: String) {
    let words = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let count = words.count == 2 ? Self.number(words[1]) : nil
    switch (words.first, words.count) {
    case ("auto", 1): self = .auto(count: nil)
    case ("auto", 2):
      guard let count, PlanShard(number: 1, count: count) != nil else { return nil }
      self = .auto(count: count)
    case (let word?, 2):
      guard let number = Self.number(word), let count,
        let shard = PlanShard(number: number, count: count)
      else { return nil }
      self = .part(shard)
    default: return nil
    }
  }

  /// Digits alone: no sign, no space.
  private static func number(_ text: Substring) -> Int? {
    text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }
}
