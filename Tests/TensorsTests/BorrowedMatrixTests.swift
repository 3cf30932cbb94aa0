import Determinism
import Kernels
import Synchronization
import Tensors
import Testing

@Suite struct BorrowedMatrixTests {
  /// Memory that notes when nobody reads it any more.
  @safe private final class Memory: Sendable {
    private let released = Atomic<Bool>(false)
    var isReleased: Bool { released.load(ordering: .relaxed) }
    nonisolated(unsafe) let base: UnsafeMutablePointer<Float>
    let count: Int

    init(_ values: [Float]) {
      count = values.count
      unsafe base = .allocate(capacity: values.count)
      for (index, value) in values.enumerated() { unsafe base[index] = value }
    }

    deinit { unsafe base.deallocate() }

    var values: [Float] { (0..<count).map { unsafe base[$0] } }

    func borrowed() -> BorrowedMemory<Float> {
      unsafe BorrowedMemory(base: UnsafePointer(base), count: count) {
        self.released.store(true, ordering: .relaxed)
      }
    }
  }

  private let memory = Memory([1, 2, 3, 4, 5, 6])

  private func matrix() -> Matrix<Float> {
    Matrix(rowCount: 3, columnCount: 2, borrowing: memory.borrowed())
  }

  @Test func `rows are read where they lie`() {
    let matrix = matrix()
    #expect(matrix.row(1) == [3, 4] && matrix.values == [1, 2, 3, 4, 5, 6])
    #expect(matrix == Matrix(rows: [[1, 2], [3, 4], [5, 6]]))
    unsafe memory.base[2] = 30
    #expect(matrix.row(1) == [30, 4])
  }

  @Test func `every way to change one takes a copy first`() {
    let ways: [(inout Matrix<Float>) -> Void] = [
      { $0.withMutableRow(0) { row in row[0] = 9 } },
      { $0.setRow(0, toRow: 2, of: $0) },
      { matrix in
        let row: [Float] = [9, 9]
        matrix.setRow(0, to: row.span)
      },
      { matrix in
        var values = matrix.mutableSpan
        values[0] = 9
      },
      { $0.removeRows([0]) },
      { $0.resize(rowCount: 5) },
      { $0.resize(rowCount: 1) },
    ]
    for (index, change) in ways.enumerated() {
      let before = matrix()
      var after = before
      change(&after)
      #expect(after != before, "\(index)")
      #expect(
        before.values == [1, 2, 3, 4, 5, 6] && memory.values == [1, 2, 3, 4, 5, 6], "\(index)")
    }
  }

  @Test func `the memory is released with the last matrix over it`() {
    var first: Matrix<Float>? = matrix()
    var second = first
    first = nil
    #expect(!memory.isReleased && second?.row(0) == [1, 2])
    second?.withMutableRow(0) { row in row[0] = 9 }
    #expect(memory.isReleased)
    #expect(second?.row(0) == [9, 2])
  }

  @Test func `kernels give the bits of an owned matrix`() {
    let (borrowed, owned) = (matrix(), Matrix<Float>(rows: [[1, 2], [3, 4], [5, 6]]))
    let pool = WorkPool(width: 1)
    #expect(borrowed.squaredDistances(pool: pool) == owned.squaredDistances(pool: pool))
    #expect(
      borrowed.combination([0.5, 0.25, 1], pool: pool)
        == owned.combination([0.5, 0.25, 1], pool: pool))
    #expect(borrowed.mean(ofRows: [0, 2], pool: pool) == owned.mean(ofRows: [0, 2], pool: pool))
  }

  @Test func `memory that is given back leaves a copy with who still reads it`() {
    let lent = memory.borrowed()
    let matrix = Matrix(rowCount: 3, columnCount: 2, borrowing: lent)
    unsafe lent.detach()
    #expect(memory.isReleased)
    unsafe memory.base[2] = 30
    #expect(matrix.values == [1, 2, 3, 4, 5, 6] && matrix.row(1) == [3, 4])
    unsafe lent.detach()
    #expect(matrix.values == [1, 2, 3, 4, 5, 6])
  }
}
