import Determinism
import Statistics
import Testing

@Suite struct LargestEigenpairTests {
  /// The Gram matrix of normal rows, times `factor`.
  private func gram(_ n: Int, rank: Int, factor: Double = 1) -> [Double] {
    var random = SeedPath(root: 12).child(n).child(rank).stream()
    let rows = (0..<n).map { _ in (0..<rank).map { _ in random.normal() } }
    var matrix: [Double] = []
    for a in rows {
      for b in rows { matrix.append(factor * zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) }
    }
    return matrix
  }

  @Test(arguments: [1, 2, 40, 41, 60, 120], [1, 3, 200])
  func agreesWithTheFullDecomposition(n: Int, rank: Int) {
    let matrix = gram(n, rank: rank)
    let all = SymmetricEigen(matrix, order: n)
    let found = LargestEigenpair(matrix, order: n)
    #expect(abs(found.value - all.values[0]) <= 1e-12 * all.values[0])
    // The error of a vector grows as the gap to the next eigenvalue shrinks.
    let next = n > 1 ? all.values[1] : 0
    let bound = 1e-11 * all.values[0] / (all.values[0] - next)
    for (value, expected) in zip(found.vector, all.vectors[0]) {
      #expect(abs(value - expected) <= bound)
    }
  }

  @Test func anyScale() {
    let matrix = gram(50, rank: 4)
    let found = LargestEigenpair(matrix, order: 50)
    for factor in [0x1p-900, 0x1p900] {
      let scaled = LargestEigenpair(matrix.map { $0 * factor }, order: 50)
      #expect(scaled.value == found.value * factor && scaled.vector == found.vector)
    }
  }

  @Test func degenerateMatrices() {
    #expect(LargestEigenpair([], order: 0) == LargestEigenpair([], order: 0))
    #expect(LargestEigenpair([], order: 0).value == 0)
    let zero = LargestEigenpair([Double](repeating: 0, count: 2500), order: 50)
    #expect(zero.value == 0 && zero.vector[0] == 1)
    // Two blocks, of which a start within the first would never find the second.
    var blocks = [Double](repeating: 0, count: 2500)
    blocks[0] = 100
    for i in 1..<50 { for j in 1..<50 { blocks[i * 50 + j] = 3 } }
    let found = LargestEigenpair(blocks, order: 50)
    #expect(abs(found.value - 147) < 1e-10 && abs(found.vector[0]) < 1e-12)
    // One eigenvalue alone: any vector will do.
    var identity = [Double](repeating: 0, count: 2500)
    for i in 0..<50 { identity[i * 50 + i] = 2 }
    let equal = LargestEigenpair(identity, order: 50)
    let length = equal.vector.reduce(0) { $0 + $1 * $1 }
    #expect(abs(equal.value - 2) < 1e-14 && abs(length - 1) < 1e-14)
  }
}
