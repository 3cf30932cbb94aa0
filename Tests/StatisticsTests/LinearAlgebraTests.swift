import Determinism
import Statistics
import Testing

@Suite struct LinearAlgebraTests {
  @Test func eigenvaluesAgreeWithTheReference() throws {
    for known in try Fixture.load().eigen {
      let n = known.values.count
      let found = SymmetricEigen(known.matrix.flatMap(\.self), order: n)
      let scale = known.values.reduce(0) { max($0, abs($1)) }
      for (value, expected) in zip(found.values, known.values) {
        #expect(abs(value - expected) <= 1e-14 * scale * Double(n))
      }
      for k in 0..<n where isSimple(k, known.values, scale) {
        for (value, expected) in zip(found.vectors[k], known.vectors[k]) {
          #expect(abs(value - expected) < 1e-12)
        }
      }
    }
  }

  private func isSimple(_ k: Int, _ values: [Double], _ scale: Double) -> Bool {
    (k == 0 || values[k - 1] - values[k] > 1e-3 * scale)
      && (k + 1 == values.count || values[k] - values[k + 1] > 1e-3 * scale)
  }

  @Test(arguments: [1, 2, 3, 8, 30]) func vectorsAreOrthonormalAndRebuildTheMatrix(n: Int) {
    var random = SeedPath(root: 9).child(n).stream()
    var matrix = [Double](repeating: 0, count: n * n)
    // Of half the rank, so that many eigenvalues are 0.
    for _ in 0..<(n + 1) / 2 {
      let vector = (0..<n).map { _ in random.normal() }
      for i in 0..<n { for j in 0..<n { matrix[i * n + j] += vector[i] * vector[j] } }
    }
    let found = SymmetricEigen(matrix, order: n)
    #expect(zip(found.values, found.values.dropFirst()).allSatisfy { $0 >= $1 })
    for i in 0..<n {
      for j in 0..<n {
        let product = zip(found.vectors[i], found.vectors[j]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-13)
        let entry = (0..<n).reduce(0) {
          $0 + found.values[$1] * found.vectors[$1][i] * found.vectors[$1][j]
        }
        #expect(abs(entry - matrix[i * n + j]) < 1e-13 * found.values[0])
      }
      let leading = found.vectors[i].reduce(0) { abs($1) > abs($0) ? $1 : $0 }
      #expect(leading > 0)
    }
  }

  @Test func degenerateMatrices() {
    #expect(SymmetricEigen([], order: 0).values.isEmpty)
    let zero = SymmetricEigen([0, 0, 0, 0], order: 2)
    #expect(zero.values == [0, 0] && zero.vectors == [[1, 0], [0, 1]])
    // Equal eigenvalues keep the order of their columns; the lower triangle is not read.
    let equal = SymmetricEigen([2, 0, 99, 2], order: 2)
    #expect(equal.values == [2, 2] && equal.vectors == [[1, 0], [0, 1]])
    let tied = SymmetricEigen([0, -1, -1, 0], order: 2)
    #expect(tied.values == [1, -1] && tied.vectors[0][0] > 0 && tied.vectors[0][1] < 0)
  }

  @Test func systemsAgreeWithTheReference() throws {
    for known in try Fixture.load().systems {
      let solution = try #require(
        LinearSystem.solution(of: known.matrix.flatMap(\.self), right: known.right))
      let scale = known.solution.reduce(0) { max($0, abs($1)) }
      for (value, expected) in zip(solution, known.solution) {
        #expect(abs(value - expected) <= 1e-11 * scale)
      }
    }
  }

  @Test func singularSystemsHaveNoSolution() {
    #expect(LinearSystem.solution(of: [0], right: [1]) == nil)
    #expect(LinearSystem.solution(of: [1, 2, 2, 4], right: [1, 2]) == nil)
    #expect(
      LinearSystem.solution(of: [0.1, 0.2, 0.3, 0.6, 1.2, 1.8, 1, 0, 1], right: [1, 1, 1]) == nil)
    #expect(LinearSystem.solution(of: [], right: []) == [])
    #expect(LinearSystem.solution(of: [1e-200], right: [2e-200]) == [2])
  }

  @Test func numbersHaveToBeFinite() async {
    await #expect(processExitsWith: .failure) { _ = SymmetricEigen([.nan], order: 1) }
    await #expect(processExitsWith: .failure) {
      _ = LinearSystem.solution(of: [1], right: [.infinity])
    }
    await #expect(processExitsWith: .failure) { _ = NormalQuantile.of(1.5) }
  }
}
