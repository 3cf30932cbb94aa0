/// The clusters that a linkage goes through as its links break, from the root down.
struct CondensedTree {
  private struct Cluster {
    /// The node with which it begins, and that at which it ends.
    let start: Int
    var end: Int
    var stability = 0.0
    var children: [Int] = []
  }

  /// The root first, every cluster before those it falls into.
  private var clusters: [Cluster] = []

  init(_ linkage: ReachabilityLinkage, minimumClusterSize: Int) {
    clusters = [Cluster(start: linkage.root, end: linkage.root)]
    var births = [0.0]
    var place = 0
    while place < clusters.count {
      var node = clusters[place].start
      while true {
        let density = Self.density(linkage.distances[node])
        let parts = linkage.children[node].filter { linkage.sizes[$0] >= minimumClusterSize }
        // With a single part only the others leave.
        let leaving = linkage.sizes[node] - (parts.count == 1 ? linkage.sizes[parts[0]] : 0)
        clusters[place].stability += Double(leaving) * (density - births[place])
        clusters[place].end = node
        if parts.count == 1 {
          node = parts[0]
          continue
        }
        for part in parts {
          clusters[place].children.append(clusters.count)
          clusters.append(Cluster(start: part, end: part))
          births.append(density)
        }
        break
      }
      place += 1
    }
  }

  /// 1 / distance; the largest number where that is none, so that differences are never NaN.
  private static func density(_ distance: Double) -> Double {
    min(1 / distance, .greatestFiniteMagnitude)
  }

  /// The nodes of the clusters of most stability, of which none contains another.
  ///
  /// - Complexity: O(clusters).
  func selected(allowsSingleCluster: Bool) -> [Int] {
    var best = clusters.map(\.stability)
    var isSelected = [Bool](repeating: true, count: clusters.count)
    for place in clusters.indices.reversed() where !clusters[place].children.isEmpty {
      let below = clusters[place].children.reduce(0) { $0 + best[$1] }
      isSelected[place] = best[place] >= below && (place > 0 || allowsSingleCluster)
      if !isSelected[place] { best[place] = below }
    }
    if clusters[0].children.isEmpty { isSelected[0] = allowsSingleCluster }
    guard !isSelected[0] else { return [clusters[0].end] }
    var (found, open): ([Int], [Int]) = ([], clusters[0].children)
    while let place = open.popLast() {
      if isSelected[place] {
        found.append(clusters[place].start)
      } else {
        open += clusters[place].children
      }
    }
    return found
  }
}
