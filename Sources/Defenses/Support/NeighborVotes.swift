/// How often each row is among the nearest others of a row.
///
/// - Parameters:
///   - distances: `n × n`; what is on the diagonal does not count.
///   - n: The number of rows.
///   - count: How many others each row votes for, at most n − 1.
/// - Returns: For each row the votes of all others; they sum to n · count. Rows equally far from one
///   share the votes that it has left for them.
/// - Complexity: O(n² log n).
func neighborVotes(_ distances: [Double], rowCount n: Int, count: Int) -> [Double] {
  var votes = [Double](repeating: 0, count: n)
  for row in 0..<n where count > 0 {
    let own = Array(distances[row * n..<(row + 1) * n])
    let others = (0..<n).filter { $0 != row }
    let last = others.map { own[$0] }.sorted()[count - 1]
    let nearer = others.filter { own[$0] < last }
    let tied = others.filter { own[$0] == last }
    for other in nearer { votes[other] += 1 }
    for other in tied { votes[other] += Double(count - nearer.count) / Double(tied.count) }
  }
  return votes
}
