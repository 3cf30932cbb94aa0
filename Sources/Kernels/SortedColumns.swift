/// Goes over the columns of a matrix, sixteen by sixteen, each of them sorted.
struct SortedColumns: Sendable {
  /// Sixteen columns next to each other.
  @unsafe struct Group {
    /// The first one.
    let column: Int
    /// How many of them are there; the others, the last ones, are of zeros.
    let count: Int
    /// The values as they were, the rows `stride` apart, −0 among them.
    let source: UnsafePointer<Float>
    let stride: Int
    fileprivate let keys: UnsafeMutablePointer<ColumnSorter.Keys>
    fileprivate let keyCount: Int

    /// The sorted keys of the first eight columns, or of the others.
    @inline(__always)
    func keys(_ half: Int) -> UnsafePointer<ColumnSorter.Keys> {
      unsafe UnsafePointer(keys + half &* keyCount)
    }
  }

  private let rowCount: Int
  private let columnCount: Int
  private let rows: ClosedRange<Int>

  /// - Parameters:
  ///   - rowCount: At most `ColumnSorter.mostRows`, at least 1.
  ///   - columnCount: The columns of the matrix.
  ///   - rows: The places of sorted columns that are asked for.
  init(rowCount: Int, columnCount: Int, rows: ClosedRange<Int>) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rows = rows
  }

  /// Calls `body` for each sixteen of some columns, ascending.
  ///
  /// The columns are read while the ones before them are sorted: rows lie far apart, and processors
  /// do not find the way by themselves.
  @inline(__always)
  func forEachSixteen(
    of matrix: UnsafePointer<Float>, in columns: Range<Int>, _ body: (Group) -> Void
  ) {
    let sorter = ColumnSorter(rowCount: rowCount, stride: columnCount, rows: rows)
    let keyCount = sorter.keyCount
    unsafe withUnsafeTemporaryAllocation(
      of: ColumnSorter.Keys.self, capacity: 2 &* keyCount &+ 2 &* rowCount
    ) { memory in
      guard let keys = memory.baseAddress else { return }
      for column in stride(from: columns.lowerBound, to: columns.upperBound &- 15, by: 16) {
        let ahead = column / 256 &* 256 &+ 256
        let source = unsafe matrix + column
        for half in 0..<2 {
          if ahead < columnCount {
            unsafe sorter.prefetch(matrix + ahead, part: column % 256 / 8 &+ half)
          }
          unsafe sorter.sort(source + 8 &* half, into: keys + half &* keyCount)
        }
        unsafe body(
          Group(
            column: column, count: 16, source: source, stride: columnCount, keys: keys,
            keyCount: keyCount))
      }
      let count = columns.count % 16
      guard count > 0 else { return }
      let column = columns.upperBound &- count
      let tail = unsafe UnsafeMutableRawPointer(keys + 2 &* keyCount)
        .bindMemory(to: Float.self, capacity: 16 &* rowCount)
      for row in 0..<rowCount {
        for i in 0..<16 {
          unsafe tail[16 &* row &+ i] = i < count ? matrix[row &* columnCount &+ column &+ i] : 0
        }
      }
      let last = ColumnSorter(rowCount: rowCount, stride: 16, rows: rows)
      unsafe last.sort(tail, into: keys)
      unsafe last.sort(tail + 8, into: keys + keyCount)
      unsafe body(
        Group(
          column: column, count: count, source: UnsafePointer(tail), stride: 16, keys: keys,
          keyCount: keyCount))
    }
  }
}
