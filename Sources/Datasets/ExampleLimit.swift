import Components

/// The first so many examples of a data set, for those who want fewer.
enum ExampleLimit {
  /// The parameters `train-limit` and `test-limit`.
  static let parameters = [
    ParameterSpec(
      "train-limit", .integer(1...100_000_000, orWords: ["none"]), default: .text("none"),
      help: "use only so many training examples, the first ones"),
    ParameterSpec(
      "test-limit", .integer(1...100_000_000, orWords: ["none"]), default: .text("none"),
      help: "use only so many test examples, the first ones"),
  ]

  /// Returns how many of the examples are used.
  ///
  /// - Throws: ``DatasetError`` where there are fewer than are asked for.
  static func count(_ limit: Int?, of count: Int, path: String) throws(DatasetError) -> Int {
    guard let limit else { return count }
    guard limit > 0, limit <= count else {
      throw .malformed(
        path: path, reason: "holds fewer examples (\(count)) than are asked for (\(limit))")
    }
    return limit
  }
}
