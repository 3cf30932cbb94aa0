import ArgumentParser
import Diagnostics

/// Seeds as `--seeds` takes them: `1..5` or `1,7,9`.
enum SeedList {
  /// The seeds in the order of the text.
  ///
  /// - Throws: `ValidationError` for anything else, a seed that is named twice, one that is too large,
  ///   and more than a million.
  static func parsed(_ text: String) throws -> [UInt64] {
    var result: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "..", omittingEmptySubsequences: false).map { UInt64($0) }
      switch (bounds.count, bounds.first ?? nil, bounds.last ?? nil) {
      case (1, let seed?, _):
        result.append(seed)
      case (2, let first?, let last?) where first <= last && last - first < 1_000_000:
        result.append(contentsOf: first...last)
        guard result.count <= 1_000_000 else {
          throw ValidationError("--seeds: '\(excerpt(text))' names more than 1000000 seeds")
        }
      default:
        throw ValidationError("--seeds takes 1..5 or 1,7,9, not '\(excerpt(text))'")
      }
    }
    guard Set(result).count == result.count, result.allSatisfy({ $0 <= UInt64(Int.max) }) else {
      throw ValidationError(
        "--seeds: '\(excerpt(text))' names a seed twice or one that is too large")
    }
    return result
  }
}
