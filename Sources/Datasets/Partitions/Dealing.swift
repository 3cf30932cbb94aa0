/// Steps that several partitions share.
enum Dealing {
  /// Concentrations for which Dirichlet shares are finite and meaningful.
  static let concentrations: ClosedRange<Double> = 1e-6...1e6

  /// Checks what every partition asks of its arguments.
  static func check(labels: [Int], classCount: Int, clientCount: Int) {
    precondition(
      clientCount > 0 && labels.count >= clientCount,
      "cannot deal \(labels.count) examples to \(clientCount) clients")
    precondition(
      labels.allSatisfy { $0 >= 0 && $0 < classCount }, "a label is not in 0..<\(classCount)")
  }

  /// Splits `total` into `count` parts that differ by at most one, larger parts first.
  static func nearEqualSizes(_ total: Int, count: Int) -> [Int] {
    let (size, larger) = total.quotientAndRemainder(dividingBy: count)
    return (0..<count).map { $0 < larger ? size + 1 : size }
  }

  /// Splits `total` in proportion to `shares`, which sum to 1, by the largest remainder.
  ///
  /// Equal remainders go to the lower index.
  static func sizes(_ total: Int, shares: [Double]) -> [Int] {
    var sizes: [Int] = []
    var remainders: [Double] = []
    var left = total
    for share in shares {
      let ideal = share * Double(total)
      // Rounding in the shares must not deal more than there is.
      let size = min(Int(ideal.rounded(.down)), left)
      sizes.append(size)
      remainders.append(ideal - Double(size))
      left -= size
    }
    let order = shares.indices.sorted { (-remainders[$0], $0) < (-remainders[$1], $1) }
    var next = 0
    while left > 0 {
      sizes[order[next % order.count]] += 1
      next += 1
      left -= 1
    }
    return sizes
  }

  /// Cuts consecutive blocks of the given sizes from the front of `order`.
  static func blocks(_ sizes: [Int], of order: [Int]) -> [[Int]] {
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return Array(order[start..<start + size])
    }
  }

  /// Returns the hands in ascending order, after giving every empty one an example.
  ///
  /// Each empty hand, lowest client first, receives the highest index of the largest hand; ties go
  /// to the lowest client.
  ///
  /// - Precondition: at least as many examples as hands.
  /// - Complexity: O(examples log examples + hands log hands).
  static func settled(_ hands: [[Int]]) -> [[Int]] {
    var hands = hands.map { $0.sorted() }
    let counts = hands.map(\.count)
    let bySize = hands.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    // All hands of the largest size, by client; each gives one example before any gives a second.
    var largest: [Int] = []
    var (size, next, turn) = (counts.max() ?? 0, 0, 0)
    for client in hands.indices where counts[client] == 0 {
      if turn == largest.count {
        if !largest.isEmpty { size -= 1 }
        while next < bySize.count, counts[bySize[next]] == size {
          largest.append(bySize[next])
          next += 1
        }
        largest.sort()
        turn = 0
      }
      guard turn < largest.count else { break }
      if let example = hands[largest[turn]].popLast() { hands[client] = [example] }
      turn += 1
    }
    return hands
  }
}
