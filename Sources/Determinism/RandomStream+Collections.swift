extension RandomStream {
  /// Shuffles in place by Fisher–Yates, from the last position down.
  public mutating func shuffle<T>(_ values: inout [T]) {
    for i in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(i, index(below: i + 1))
    }
  }

  /// Shuffles indices in place, as the generic form does; local training calls it once per epoch.
  public mutating func shuffle(_ values: inout [Int]) { shuffleEnd(values.count, of: &values) }

  /// Takes the first `count` steps of ``shuffle(_:)``: the last `count` places get a random sample of
  /// the values, in random order.
  ///
  /// - Precondition: `0 <= count <= values.count`
  /// - Complexity: O(`count`).
  public mutating func shuffleEnd(_ count: Int, of values: inout [Int]) {
    precondition(count >= 0 && count <= values.count, "\(count) of \(values.count) values")
    let end = max(0, values.count - 1 - count)
    for i in stride(from: values.count - 1, to: end, by: -1) {
      let j = index(below: i + 1)
      let last = values[i]
      values[i] = values[j]
      values[j] = last
    }
  }

  /// Returns a random permutation of `0 ..< count`.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Returns `count` different indices of `0 ..< population`, in the order drawn.
  ///
  /// The first `count` steps of a Fisher–Yates shuffle from the front.
  ///
  /// - Precondition: `0 <= count <= population`
  public mutating func sample(_ count: Int, of population: Int) -> [Int] {
    precondition(
      count >= 0 && count <= population, "cannot draw \(count) of \(population) without replacement"
    )
    var order = Array(0..<population)
    for i in 0..<count { order.swapAt(i, i + index(below: population - i)) }
    return Array(order.prefix(count))
  }
}
