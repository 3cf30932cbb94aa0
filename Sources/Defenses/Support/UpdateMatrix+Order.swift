import Federation
import Kernels

extension UpdateMatrix {
  /// Returns the place of each row when rows are ordered by client.
  ///
  /// Rows arrive in a random order, so "the lowest index wins" has to mean the lowest client. Mixed
  /// rows compare their clients in ascending order, first the lowest, then the next; equal lists
  /// keep their order.
  ///
  /// - Complexity: O(n log n) comparisons.
  func clientRanks() -> [Int] {
    let clients = provenance.map { $0.shares.map(\.client).sorted() }
    let order = (0..<rowCount).sorted { a, b in
      if clients[a] == clients[b] { return a < b }
      return clients[a].lexicographicallyPrecedes(clients[b])
    }
    var ranks = [Int](repeating: 0, count: rowCount)
    for (rank, row) in order.enumerated() { ranks[row] = rank }
    return ranks
  }
}
