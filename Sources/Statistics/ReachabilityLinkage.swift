/// The tree of single linkage by mutual reachability; links of equal length make one node.
///
/// Nodes 0..<n are the points, the last one is the root. Single linkage follows a minimum spanning
/// tree, and which of several such trees it follows changes no node.
struct ReachabilityLinkage {
  /// The number n of points.
  let pointCount: Int
  /// The nodes that make up each node; none for a point.
  private(set) var children: [[Int]]
  /// The distance at which a node falls apart; 0 for a point.
  private(set) var distances: [Double]
  /// The number of points of each node.
  private(set) var sizes: [Int]

  /// - Precondition: At least one point.
  init(_ table: [Double], pointCount n: Int, minimumSamples: Int) {
    pointCount = n
    children = .init(repeating: [], count: n)
    distances = .init(repeating: 0, count: n)
    sizes = .init(repeating: 1, count: n)
    let links = Self.spanningTree(table, n, minimumSamples)
    var parents = Array(0..<n)
    var nodes = Array(0..<n)
    func top(_ point: Int) -> Int {
      var point = point
      while parents[point] != point {
        parents[point] = parents[parents[point]]
        point = parents[point]
      }
      return point
    }
    for link in links.sorted(by: { ($0.length, $0.to) < ($1.length, $1.to) }) {
      let (a, b) = (top(link.from), top(link.to))
      let node = join(nodes[a], nodes[b], at: link.length)
      // The longer path stays on top, so that paths stay short.
      let isLarger = sizes[nodes[a]] >= sizes[nodes[b]]
      parents[isLarger ? b : a] = isLarger ? a : b
      nodes[isLarger ? a : b] = node
    }
    root = nodes[top(0)]
  }

  /// The node of all points.
  private(set) var root = 0

  private mutating func join(_ a: Int, _ b: Int, at length: Double) -> Int {
    let parts = [a, b].flatMap { $0 >= pointCount && distances[$0] == length ? children[$0] : [$0] }
    children.append(parts)
    distances.append(length)
    sizes.append(sizes[a] + sizes[b])
    return children.count - 1
  }

  /// The points of a node, ascending.
  func points(below node: Int) -> [Int] {
    var (found, open): ([Int], [Int]) = ([], [node])
    while let next = open.popLast() {
      if next < pointCount { found.append(next) } else { open += children[next] }
    }
    return found.sorted()
  }

  private typealias Link = (from: Int, to: Int, length: Double)

  /// Prim's algorithm from point 0 on.
  private static func spanningTree(_ table: [Double], _ n: Int, _ samples: Int) -> [Link] {
    guard n > 1 else { return [] }
    let cores = (0..<n).map { point in
      var others = Array(table[point * n..<(point + 1) * n])
      others.remove(at: point)
      others.sort()
      return others[min(samples, n - 1) - 1]
    }
    var links: [Link] = (0..<n).map { (0, $0, .infinity) }
    var isLeft = [Bool](repeating: true, count: n)
    var result: [Link] = []
    var last = 0
    isLeft[0] = false
    for _ in 1..<n {
      var next = -1
      for point in 0..<n where isLeft[point] {
        let length = max(table[last * n + point], max(cores[last], cores[point]))
        if length < links[point].length { links[point] = (last, point, length) }
        if next < 0 || links[point].length < links[next].length { next = point }
      }
      isLeft[next] = false
      result.append(links[next])
      last = next
    }
    return result
  }
}
