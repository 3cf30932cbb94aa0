import Datasets
import Determinism
import Tensors
import Testing

@Suite struct DensityTests {
  private func shard(_ inputs: [[Float]]) -> Shard {
    Shard(
      inputs: Matrix(rows: inputs), labels: inputs.map { _ in 0 }, classCount: 2,
      shape: .vector(inputs.first?.count ?? 0))
  }

  private func distances(
    _ inputs: [[Float]], _ rows: [Int], neighbors: Int, width: Int = 1
  ) -> [Double] {
    shard(inputs).neighborDistances(
      ofRows: rows, neighbors: neighbors, pool: WorkPool(width: width))
  }

  @Test func `it is the mean distance to the nearest others`() {
    // On a line: 0, 1, 3 and 13. From 3: 2 and 3 away; from 13: 10, 12 and 13.
    let line: [[Float]] = [[0], [1], [3], [13]]
    #expect(distances(line, [3, 0, 2], neighbors: 1) == [10, 1, 2])
    #expect(distances(line, [0, 1, 2, 3], neighbors: 2) == [2, 1.5, 2.5, 11])
    // A distance is Euclidean: 3, 4, 5.
    #expect(distances([[0, 0], [3, 4]], [1], neighbors: 1) == [5])
  }

  @Test func `fewer others than neighbors all count, and none is no distance`() {
    #expect(distances([[0], [1], [3]], [0, 2], neighbors: 5) == [2, 2.5])
    #expect(distances([[7]], [0], neighbors: 5) == [0])
    #expect(distances([[7], [8]], [], neighbors: 5) == [])
    // An equal example is a neighbor at distance 0, the example itself is none.
    #expect(distances([[2], [2], [4]], [0, 1, 2], neighbors: 1) == [0, 0, 2])
  }

  @Test func `it agrees with a plain loop, whatever the order of rows and the threads`() {
    var random = SeedPath(root: 3).child("density").stream()
    let inputs = (0..<150).map { _ in (0..<7).map { _ in Float(random.index(below: 64)) / 8 } }
    let rows = (0..<150).filter { $0 % 2 == 1 }.reversed() as [Int]
    let expected = rows.map { row in
      let others = inputs.indices.filter { $0 != row }.map { other in
        zip(inputs[row], inputs[other]).reduce(0.0) {
          $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
        }
      }
      return others.sorted().prefix(4).reduce(0) { $0 + $1.squareRoot() } / 4
    }
    for width in [1, 2, 5] {
      #expect(distances(inputs, rows, neighbors: 4, width: width) == expected)
    }
  }
}
