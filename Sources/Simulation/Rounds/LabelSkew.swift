import Datasets

/// How far the labels of one client are from those of all clients together.
enum LabelSkew {
  /// Returns the skew of each shard: the total variation distance, half the sum over classes of
  /// |share of the class in the shard − its share in all shards|; 0 for a shard without examples.
  ///
  /// Shares are compared as whole numbers over a common denominator, so equal ones are equal.
  ///
  /// - Complexity: O(examples + shards · classes).
  static func of(_ shards: [Shard]) -> [Double] {
    let classCount = shards.first?.classCount ?? 0
    let counts = shards.map { shard in
      shard.labels.reduce(into: [Int](repeating: 0, count: classCount)) { $0[$1] += 1 }
    }
    let all = (0..<classCount).map { label in counts.reduce(0) { $0 + $1[label] } }
    let total = all.reduce(0, +)
    return counts.map { own in
      let size = own.reduce(0, +)
      guard size > 0 else { return 0 }
      let difference = own.indices.reduce(0) { $0 + abs(own[$1] * total - all[$1] * size) }
      return Double(difference) / 2 / Double(size) / Double(total)
    }
  }
}
