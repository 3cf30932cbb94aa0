public import Kernels

/// A dense row-major matrix.
///
/// A copy shares storage until one of the two is changed, so passing a matrix on is free. The values
/// may lie in memory that somebody else owns; the first change then takes a copy of all of them.
public struct Matrix<Element: Scalar>: Sendable {
  public private(set) var rowCount: Int
  public let columnCount: Int
  /// All values, row `i` from `i * columnCount` on; none where they are borrowed.
  private var owned: [Element]
  private var borrowed: BorrowedMemory<Element>?

  /// Creates a matrix from its values in row-major order.
  ///
  /// - Precondition: `values.count == rowCount * columnCount`
  public init(rowCount: Int, columnCount: Int, values: [Element]) {
    Self.check(rowCount, columnCount, values.count)
    self.rowCount = rowCount
    self.columnCount = columnCount
    owned = values
  }

  /// Creates a matrix over memory that somebody else owns.
  ///
  /// - Precondition: `memory.count == rowCount * columnCount`
  public init(rowCount: Int, columnCount: Int, borrowing memory: BorrowedMemory<Element>) {
    Self.check(rowCount, columnCount, memory.count)
    self.rowCount = rowCount
    self.columnCount = columnCount
    owned = []
    borrowed = memory
  }

  /// Creates a matrix of zeros.
  public init(rowCount: Int, columnCount: Int) {
    self.init(
      rowCount: rowCount, columnCount: columnCount, values: Element.zeros(rowCount * columnCount))
  }

  /// Creates a matrix from equally long rows; no rows give a 0 × 0 matrix.
  public init(rows: [[Element]]) {
    let width = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == width }, "matrix rows differ in length")
    self.init(rowCount: rows.count, columnCount: width, values: rows.flatMap { $0 })
  }

  private static func check(_ rowCount: Int, _ columnCount: Int, _ count: Int) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && count == rowCount * columnCount,
      "a \(rowCount)x\(columnCount) matrix cannot hold \(count) values")
  }

  /// All values in row-major order.
  public var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      BorrowedMemory.values(of: borrowed, otherwise: owned)
    }
  }

  /// All values in row-major order, to be changed in place.
  public var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      takeOwnership()
      return owned.mutableSpan
    }
  }

  /// All values as an array; a copy where somebody else owns the memory.
  public var values: [Element] {
    guard let borrowed else { return owned }
    return Element.copied(borrowed.span)
  }

  private mutating func takeOwnership() {
    guard let borrowed else { return }
    owned = Element.copied(borrowed.span)
    self.borrowed = nil
  }

  /// Calls `body` with the array of all values, to be changed in place; their number has to stay.
  mutating func withValues<R>(_ body: (inout [Element]) -> R) -> R {
    takeOwnership()
    defer { Self.check(rowCount, columnCount, owned.count) }
    return body(&owned)
  }

  /// Drops rows from the end or appends rows of zeros; storage is kept, so that growing back to a
  /// former size allocates nothing.
  public mutating func resize(rowCount: Int) {
    guard rowCount != self.rowCount else { return }
    takeOwnership()
    let missing = (rowCount - self.rowCount) * columnCount
    if missing > 0 {
      Element.appendZeros(missing, to: &owned)
    } else {
      owned.removeLast(-missing)
    }
    self.rowCount = rowCount
  }
}

extension Matrix: Equatable {
  public static func == (a: Self, b: Self) -> Bool {
    a.rowCount == b.rowCount && a.columnCount == b.columnCount && a.values == b.values
  }
}
