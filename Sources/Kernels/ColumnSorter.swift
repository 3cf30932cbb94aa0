import CPrefetch

/// Sorts eight columns of a matrix at a time, as a network does, but in registers.
///
/// Batcher's odd-even merge sort (Knuth, The Art of Computer Programming 3, 5.2.2) on blocks of eight
/// rows, the last one filled up from above: each block is sorted as it is read, and each merge goes
/// over the rows twice, first eight rows apart, then along neighbors. Memory is touched once for some
/// ten steps instead of once for each.
///
/// Values are compared as integers in the same order, which processors do faster, −0 as +0. What is
/// not finite has a place, NaN at an end, and keeps its bits.
struct ColumnSorter: Sendable {
  /// The values of a row in eight columns, as integers in the order of the values.
  typealias Keys = SIMD8<Int32>

  /// The columns that are sorted at a time.
  static let laneCount = 8
  /// More rows than this are not sorted here.
  static let mostRows = 128

  private let rowCount: Int
  private let stride: Int
  private let blockCount: Int
  /// The blocks of the rows that are asked for.
  private let wanted: Range<Int>

  /// The keys that ``sort(_:into:)`` writes.
  var keyCount: Int { 8 &* blockCount }

  /// - Parameters:
  ///   - rowCount: The number of values of a column.
  ///   - stride: From one row of the matrix to the next.
  ///   - rows: The places of the sorted column that are asked for.
  /// - Precondition: `1...mostRows` contains `rowCount`, and `rows` are some of them.
  init(rowCount: Int, stride: Int, rows: ClosedRange<Int>) {
    precondition(
      (1...Self.mostRows).contains(rowCount) && rows.lowerBound >= 0 && rows.upperBound < rowCount,
      "ColumnSorter: rows \(rows) of \(rowCount)")
    self.rowCount = rowCount
    self.stride = stride
    blockCount = (rowCount + 7) / 8
    wanted = rows.lowerBound / 8..<rows.upperBound / 8 + 1
  }

  /// Sorts eight columns.
  ///
  /// - Parameters:
  ///   - source: Their first row.
  ///   - keys: Overwritten. The keys of the rows that are asked for are where they belong; those below
  ///     them are the smaller ones, in any order, and those above the larger ones.
  @inline(never)
  func sort(_ source: UnsafePointer<Float>, into keys: UnsafeMutablePointer<Keys>) {
    for block in 0..<rowCount / 8 {
      unsafe Self.sortBlock(
        source + 8 &* block &* stride, stride, rowCount: 8, into: keys + 8 &* block)
    }
    if rowCount % 8 != 0 {
      let block = rowCount / 8
      unsafe Self.sortBlock(
        source + 8 &* block &* stride, stride, rowCount: rowCount % 8, into: keys + 8 &* block)
    }
    unsafe merge(keys)
  }

  /// The values of keys.
  @inline(__always)
  static func values(_ keys: Keys) -> SIMD8<Float> {
    unsafe unsafeBitCast(keys ^ ((keys &>> 31) & 0x7fff_ffff), to: SIMD8<Float>.self)
  }

  /// The mean of sorted rows, added in ascending order in `Double`.
  @inline(__always)
  static func mean(_ keys: UnsafePointer<Keys>, rows: Range<Int>) -> SIMD8<Float> {
    var sum = SIMD8<Double>(repeating: 0)
    for row in rows { unsafe sum += SIMD8<Double>(values(keys[row])) }
    return SIMD8<Float>(sum / Double(rows.count))
  }

  /// Asks for a part of the rows of columns that will be read soon.
  ///
  /// - Parameters:
  ///   - source: The first row of 256 columns.
  ///   - part: Which of 32 parts.
  @inline(__always)
  func prefetch(_ source: UnsafePointer<Float>, part: Int) {
    for row in rowCount &* part / 32..<rowCount &* (part &+ 1) / 32 {
      let line = unsafe source + row &* stride
      for offset in Swift.stride(from: 0, to: 256, by: 16) {
        unsafe CPrefetch.prefetch(line + offset)
      }
    }
  }

  // MARK: - Blocks

  @_transparent
  private static func exchange(_ a: inout Keys, _ b: inout Keys) {
    let isSwapped = b .< a
    let low = a.replacing(with: b, where: isSwapped)
    b = b.replacing(with: a, where: isSwapped)
    a = low
  }

  /// Two pairs.
  @_transparent
  private static func exchange(
    _ a: inout Keys, _ b: inout Keys, _ c: inout Keys, _ d: inout Keys
  ) {
    exchange(&a, &b)
    exchange(&c, &d)
  }

  /// Three pairs.
  @_transparent
  private static func exchange(
    _ a: inout Keys, _ b: inout Keys, _ c: inout Keys, _ d: inout Keys, _ e: inout Keys,
    _ f: inout Keys
  ) {
    exchange(&a, &b, &c, &d)
    exchange(&e, &f)
  }

  /// Four pairs.
  @_transparent
  private static func exchange(
    _ a: inout Keys, _ b: inout Keys, _ c: inout Keys, _ d: inout Keys, _ e: inout Keys,
    _ f: inout Keys, _ g: inout Keys, _ h: inout Keys
  ) {
    exchange(&a, &b, &c, &d)
    exchange(&e, &f, &g, &h)
  }

  @_transparent
  private static func sortBlock(
    _ source: UnsafePointer<Float>, _ stride: Int, rowCount: Int,
    into p: UnsafeMutablePointer<Keys>
  ) {
    @inline(__always) func key(_ row: Int) -> Keys {
      guard row < rowCount else { return Keys(repeating: .max) }
      // Adding +0 turns −0 into +0 and leaves every other value.
      let values =
        unsafe UnsafeRawPointer(source + row &* stride).loadUnaligned(as: SIMD8<Float>.self) + 0
      let bits = unsafe unsafeBitCast(values, to: Keys.self)
      return bits ^ ((bits &>> 31) & 0x7fff_ffff)
    }
    var (a0, a1, a2, a3) = (key(0), key(1), key(2), key(3))
    var (a4, a5, a6, a7) = (key(4), key(5), key(6), key(7))
    exchange(&a0, &a2, &a1, &a3, &a4, &a6, &a5, &a7)
    exchange(&a0, &a4, &a1, &a5, &a2, &a6, &a3, &a7)
    exchange(&a0, &a1, &a2, &a3, &a4, &a5, &a6, &a7)
    exchange(&a2, &a4, &a3, &a5)
    exchange(&a1, &a4, &a3, &a6)
    exchange(&a1, &a2, &a3, &a4, &a5, &a6)
    unsafe (p[0], p[1], p[2], p[3]) = (a0, a1, a2, a3)
    unsafe (p[4], p[5], p[6], p[7]) = (a4, a5, a6, a7)
  }

  // MARK: - Merges

  @inline(__always)
  private func merge(_ keys: UnsafeMutablePointer<Keys>) {
    for block in Swift.stride(from: 0, to: blockCount &- 1, by: 2) {
      unsafe Self.mergeSixteen(keys + 8 &* block, 1, 16)
    }
    guard blockCount > 2 else { return }
    for block in Swift.stride(from: 0, to: blockCount &- 2, by: 4) {
      let (count, part) = unsafe (min(4, blockCount &- block), keys + 8 &* block)
      for row in 0..<8 { unsafe Self.mergeFour(part + row, 8, count) }
      unsafe Self.mergeNeighbors(part, blockCount <= 4 ? wanted : 0..<count, count)
    }
    guard blockCount > 4 else { return }
    for block in Swift.stride(from: 0, to: blockCount &- 4, by: 8) {
      let (count, part) = unsafe (min(8, blockCount &- block), keys + 8 &* block)
      for row in 0..<8 { unsafe Self.mergeEight(part + row, 8, count) }
      unsafe Self.mergeNeighbors(part, blockCount <= 8 ? wanted : 0..<count, count)
    }
    guard blockCount > 8 else { return }
    for row in 0..<8 { unsafe Self.mergeSixteen(keys + row, 8, blockCount) }
    unsafe Self.mergeNeighbors(keys, wanted, blockCount)
  }

  /// Merges two sorted sequences of two, `s` apart; of four keys `count` are there, at least 3.
  @_transparent
  private static func mergeFour(_ p: UnsafeMutablePointer<Keys>, _ s: Int, _ count: Int) {
    var (a0, a1, a2) = unsafe (p[0], p[s], p[2 &* s])
    var a3 = unsafe count > 3 ? p[3 &* s] : Keys(repeating: .max)
    exchange(&a0, &a2, &a1, &a3)
    exchange(&a1, &a2)
    unsafe (p[0], p[s], p[2 &* s]) = (a0, a1, a2)
    if count > 3 { unsafe p[3 &* s] = a3 }
  }

  /// Merges two sorted sequences of four, `s` apart; of eight keys `count` are there, at least 5.
  @_transparent
  private static func mergeEight(_ p: UnsafeMutablePointer<Keys>, _ s: Int, _ count: Int) {
    @inline(__always) func key(_ row: Int) -> Keys {
      unsafe row < count ? p[row &* s] : Keys(repeating: .max)
    }
    var (a0, a1, a2, a3) = unsafe (p[0], p[s], p[2 &* s], p[3 &* s])
    var (a4, a5, a6, a7) = unsafe (p[4 &* s], key(5), key(6), key(7))
    exchange(&a0, &a4, &a1, &a5, &a2, &a6, &a3, &a7)
    exchange(&a2, &a4, &a3, &a5)
    exchange(&a1, &a2, &a3, &a4, &a5, &a6)
    unsafe (p[0], p[s], p[2 &* s], p[3 &* s], p[4 &* s]) = (a0, a1, a2, a3, a4)
    if count > 5 { unsafe p[5 &* s] = a5 }
    if count > 6 { unsafe p[6 &* s] = a6 }
    if count > 7 { unsafe p[7 &* s] = a7 }
  }

  /// Merges two sorted sequences of eight, `s` apart; of sixteen keys `count` are there, at least 9.
  @_transparent
  private static func mergeSixteen(_ p: UnsafeMutablePointer<Keys>, _ s: Int, _ count: Int) {
    @inline(__always) func key(_ row: Int) -> Keys {
      unsafe row < count ? p[row &* s] : Keys(repeating: .max)
    }
    var (a0, a1, a2, a3) = unsafe (p[0], p[s], p[2 &* s], p[3 &* s])
    var (a4, a5, a6, a7) = unsafe (p[4 &* s], p[5 &* s], p[6 &* s], p[7 &* s])
    var (a8, a9, a10, a11) = unsafe (p[8 &* s], key(9), key(10), key(11))
    var (a12, a13, a14, a15) = (key(12), key(13), key(14), key(15))
    exchange(&a0, &a8, &a4, &a12, &a2, &a10, &a6, &a14)
    exchange(&a4, &a8, &a6, &a10)
    exchange(&a2, &a4, &a6, &a8, &a10, &a12)
    exchange(&a1, &a9, &a5, &a13, &a3, &a11, &a7, &a15)
    exchange(&a5, &a9, &a7, &a11)
    exchange(&a3, &a5, &a7, &a9, &a11, &a13)
    exchange(&a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8)
    exchange(&a9, &a10, &a11, &a12, &a13, &a14)
    unsafe (p[0], p[s], p[2 &* s], p[3 &* s]) = (a0, a1, a2, a3)
    unsafe (p[4 &* s], p[5 &* s], p[6 &* s], p[7 &* s]) = (a4, a5, a6, a7)
    unsafe p[8 &* s] = a8
    if count > 9 { unsafe p[9 &* s] = a9 }
    if count > 10 { unsafe p[10 &* s] = a10 }
    if count > 11 { unsafe p[11 &* s] = a11 }
    if count > 12 { unsafe p[12 &* s] = a12 }
    if count > 13 { unsafe p[13 &* s] = a13 }
    if count > 14 { unsafe p[14 &* s] = a14 }
    if count > 15 { unsafe p[15 &* s] = a15 }
  }

  /// The last steps of a merge of `count` blocks, between rows that are 4, 2 and 1 apart, as far as the
  /// rows of `blocks` need them.
  ///
  /// Going up, a block waits in registers for the first four rows of the next one. The block before
  /// the first one that is asked for gives it what is its own; no row depends on more.
  @_transparent
  private static func mergeNeighbors(
    _ keys: UnsafeMutablePointer<Keys>, _ blocks: Range<Int>, _ count: Int
  ) {
    let start = max(blocks.lowerBound &- 1, 0)
    var p = unsafe keys + 8 &* start
    var (a0, a1, a2, a3) = unsafe (p[0], p[1], p[2], p[3])
    var (a4, a5, a6, a7) = unsafe (p[4], p[5], p[6], p[7])
    for _ in start..<min(blocks.upperBound, count &- 1) {
      var (b0, b1, b2, b3) = unsafe (p[8], p[9], p[10], p[11])
      exchange(&a4, &b0, &a5, &b1, &a6, &b2, &a7, &b3)
      exchange(&a2, &a4, &a3, &a5, &a6, &b0, &a7, &b1)
      exchange(&a1, &a2, &a3, &a4, &a5, &a6, &a7, &b0)
      unsafe (p[0], p[1], p[2], p[3]) = (a0, a1, a2, a3)
      unsafe (p[4], p[5], p[6], p[7]) = (a4, a5, a6, a7)
      (a0, a1, a2, a3) = (b0, b1, b2, b3)
      unsafe (a4, a5, a6, a7) = (p[12], p[13], p[14], p[15])
      unsafe p += 8
    }
    if blocks.upperBound == count {
      exchange(&a2, &a4, &a3, &a5)
      exchange(&a1, &a2, &a3, &a4, &a5, &a6)
    }
    unsafe (p[0], p[1], p[2], p[3]) = (a0, a1, a2, a3)
    unsafe (p[4], p[5], p[6], p[7]) = (a4, a5, a6, a7)
  }
}
