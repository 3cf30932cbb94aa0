/// The cluster with most rows; of equally large ones that of the lowest row.
struct LargestCluster: Sendable {
  /// Its rows, ascending.
  let members: [Int]
  /// How many clusters have a row.
  let clusterCount: Int

  /// - Precondition: At least one label.
  init(_ labels: [Int]) {
    precondition(!labels.isEmpty, "no rows to choose from")
    var sizes: [Int: Int] = [:]
    for label in labels { sizes[label, default: 0] += 1 }
    clusterCount = sizes.count
    let most = sizes.values.reduce(0, max)
    let winner = labels.first { sizes[$0] == most }
    members = labels.indices.filter { labels[$0] == winner }
  }
}
