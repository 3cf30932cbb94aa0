// The tiles of the dense products. They stay in one file, so that a debug build, which optimizes
// file by file, specializes and inlines them as well.

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

/// Two values, four times over.
@inline(__always)
private func repeatPair(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  let pair = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)
  return unsafe unsafeBitCast(SIMD4(repeating: pair), to: SIMD8<Float>.self)
}

@inline(__always)
private func store(_ vector: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: SIMD8<Float>.self)
}

/// A product with the addresses and strides that its tiles share.
@unsafe struct Strip {
  let a: UnsafePointer<Float>
  let rowStride: Int
  let step: Int
  let b: UnsafePointer<Float>
  /// From a row of `b` to the next.
  let columnStride: Int
  let start: UnsafePointer<Float>?
  let c: UnsafeMutablePointer<Float>
  let columns: Int
  let depth: Int

  /// Computes the first `columns` columns of all rows, in tiles of five or six where possible.
  func runTiles(rows: Int, columns: Int) {
    var row = 0
    if columns == 9 || columns == 10 {
      // Nine to eleven rows are left to two even tiles.
      while rows &- row == 8 || rows &- row >= 12 {
        unsafe paired(row, columns)
        row &+= 8
      }
      if row == rows { return }
    }
    let tileCount = (rows &- row &+ 5) / 6
    let small = (rows &- row) / tileCount
    let largeCount = rows &- row &- small &* tileCount
    for index in 0..<tileCount {
      let height = index < largeCount ? small &+ 1 : small
      switch height {
      case 6: unsafe runTile(row, columns, InlineArray<6, Void>.self)
      case 5: unsafe runTile(row, columns, InlineArray<5, Void>.self)
      case 4: unsafe runTile(row, columns, InlineArray<4, Void>.self)
      case 3: unsafe runTile(row, columns, InlineArray<3, Void>.self)
      case 2: unsafe runTile(row, columns, InlineArray<2, Void>.self)
      default: unsafe runTile(row, columns, InlineArray<1, Void>.self)
      }
      row &+= height
    }
  }

  /// Computes whole strips, `startStride` being the way from the start values of a row to those of
  /// the next, and copies a little of another block after each tile.
  func runBlock(rows: Int, columns: Int, startStride: Int, copying next: BlockCopy?) {
    var row = 0
    let tileCount = (rows &+ 5) / 6
    let small = rows / tileCount
    let largeCount = rows &- small &* tileCount
    for index in 0..<tileCount {
      let height = index < largeCount ? small &+ 1 : small
      let share = unsafe next?.share(index, of: tileCount) ?? 0..<0
      switch height {
      case 6: unsafe runTile(row, columns, startStride, next, share, InlineArray<6, Void>.self)
      case 5: unsafe runTile(row, columns, startStride, next, share, InlineArray<5, Void>.self)
      case 4: unsafe runTile(row, columns, startStride, next, share, InlineArray<4, Void>.self)
      case 3: unsafe runTile(row, columns, startStride, next, share, InlineArray<3, Void>.self)
      case 2: unsafe runTile(row, columns, startStride, next, share, InlineArray<2, Void>.self)
      default: unsafe runTile(row, columns, startStride, next, share, InlineArray<1, Void>.self)
      }
      row &+= height
    }
    unsafe next?.copy(from: columns)
  }

  @inline(__always)
  private func runTile<let height: Int>(
    _ row: Int, _ columns: Int, _ startStride: Int, _ next: BlockCopy?, _ share: Range<Int>,
    _: InlineArray<height, Void>.Type
  ) {
    var column = 0
    while column < columns {
      unsafe continued(row, column, startStride, InlineArray<height, Void>.self)
      if let next = unsafe next { unsafe next.copyStrip(share, column) }
      column += 16
    }
  }

  /// Computes all columns of the `height` rows from `row` on.
  @inline(__always)
  private func runTile<let height: Int>(
    _ row: Int, _ columns: Int, _: InlineArray<height, Void>.Type
  ) {
    var column = 0
    while column + 16 <= columns {
      unsafe wide(row, column, second: 8, InlineArray<height, Void>.self)
      column += 16
    }
    let rest = columns - column
    if rest == 0 { return }
    if rest > 8 {
      unsafe wide(row, column, second: rest - 8, InlineArray<height, Void>.self)
    } else if columns >= 8 {
      unsafe narrow(row, columns - 8, InlineArray<height, Void>.self)
    } else {
      for column in 0..<columns { unsafe single(row, column, InlineArray<height, Void>.self) }
    }
  }

  /// Two vectors of eight columns, the second one `second` columns after the first.
  @inline(__always)
  private func wide<let height: Int>(
    _ row: Int, _ column: Int, second: Int, _: InlineArray<height, Void>.Type
  ) {
    var firstStart = SIMD8<Float>(repeating: 0)
    var secondStart = firstStart
    if let start = unsafe start {
      unsafe firstStart = load(start + column)
      unsafe secondStart = load(start + (column + second))
    }
    var low = InlineArray<height, SIMD8<Float>>(repeating: firstStart)
    var high = InlineArray<height, SIMD8<Float>>(repeating: secondStart)
    unsafe addProducts(row, column, second: second, &low, &high)
  }

  /// Sixteen columns, each row with start values of its own.
  @inline(__always)
  private func continued<let height: Int>(
    _ row: Int, _ column: Int, _ startStride: Int, _: InlineArray<height, Void>.Type
  ) {
    var low = InlineArray<height, SIMD8<Float>>(repeating: SIMD8(repeating: 0))
    var high = low
    if let start = unsafe start {
      for r in 0..<height {
        let values = unsafe start + ((r &+ row) &* startStride &+ column)
        unsafe low[unchecked: r] = load(values)
        unsafe high[unchecked: r] = load(values + 8)
      }
    }
    unsafe addProducts(row, column, second: 8, &low, &high)
  }

  /// Goes on with the chains of two vectors of eight columns, and writes what they come to.
  @inline(__always)
  private func addProducts<let height: Int>(
    _ row: Int, _ column: Int, second: Int,
    _ low: inout InlineArray<height, SIMD8<Float>>, _ high: inout InlineArray<height, SIMD8<Float>>
  ) {
    let (rowStride, step, columnStride, depth) = unsafe (rowStride, step, columnStride, depth)
    var a = unsafe a + row &* rowStride
    var b = unsafe b + column
    for _ in 0..<depth {
      let b0 = unsafe load(b)
      let b1 = unsafe load(b + second)
      for r in 0..<height {
        let factor = unsafe SIMD8<Float>(repeating: a[r &* rowStride])
        unsafe low[unchecked: r] = low[unchecked: r].addingProduct(factor, b0)
        unsafe high[unchecked: r] = high[unchecked: r].addingProduct(factor, b1)
      }
      unsafe a += step
      unsafe b += columnStride
    }
    let (c, columns) = unsafe (c + (row &* columns &+ column), columns)
    for r in 0..<height {
      let out = unsafe c + r &* columns
      unsafe store(low[unchecked: r], out)
      unsafe store(high[unchecked: r], out + second)
    }
  }

  /// Eight rows of nine or ten columns: eight columns per row in a vector, and the last two columns
  /// of four rows in another, which takes ten fused steps where two vectors per row take sixteen.
  private func paired(_ row: Int, _ columns: Int) {
    let (rowStride, step, columnStride, depth) = unsafe (rowStride, step, columnStride, depth)
    let last = columns &- 2
    var mainStart = SIMD8<Float>(repeating: 0)
    var pairStart = mainStart
    if let start = unsafe start {
      unsafe mainStart = load(start)
      unsafe pairStart = repeatPair(start + last)
    }
    var sums = InlineArray<8, SIMD8<Float>>(repeating: mainStart)
    var pairs = InlineArray<2, SIMD8<Float>>(repeating: pairStart)
    var a = unsafe a + row &* rowStride
    var b = unsafe b
    for _ in 0..<depth {
      let b0 = unsafe load(b)
      let b1 = unsafe repeatPair(b + last)
      for group in 0..<2 {
        let first = unsafe a + 4 &* group &* rowStride
        let x0 = unsafe SIMD8<Float>(repeating: first[0])
        let x1 = unsafe SIMD8<Float>(repeating: first[rowStride])
        let x2 = unsafe SIMD8<Float>(repeating: first[2 &* rowStride])
        let x3 = unsafe SIMD8<Float>(repeating: first[3 &* rowStride])
        let r = 4 &* group
        unsafe sums[unchecked: r] = sums[unchecked: r].addingProduct(x0, b0)
        unsafe sums[unchecked: r &+ 1] = sums[unchecked: r &+ 1].addingProduct(x1, b0)
        unsafe sums[unchecked: r &+ 2] = sums[unchecked: r &+ 2].addingProduct(x2, b0)
        unsafe sums[unchecked: r &+ 3] = sums[unchecked: r &+ 3].addingProduct(x3, b0)
        let factors = SIMD8(x0[0], x0[1], x1[2], x1[3], x2[4], x2[5], x3[6], x3[7])
        unsafe pairs[unchecked: group] = pairs[unchecked: group].addingProduct(factors, b1)
      }
      unsafe a += step
      unsafe b += columnStride
    }
    let (c, stride) = unsafe (c + row &* self.columns, self.columns)
    for r in 0..<8 {
      let out = unsafe c + r &* stride
      unsafe store(sums[unchecked: r], out)
      unsafe out[last] = pairs[unchecked: r / 4][2 &* (r % 4)]
      unsafe out[last &+ 1] = pairs[unchecked: r / 4][2 &* (r % 4) &+ 1]
    }
  }

  /// One vector of eight columns.
  @inline(__always)
  private func narrow<let height: Int>(
    _ row: Int, _ column: Int, _: InlineArray<height, Void>.Type
  ) {
    var first = SIMD8<Float>(repeating: 0)
    if let start = unsafe start { unsafe first = load(start + column) }
    var sums = InlineArray<height, SIMD8<Float>>(repeating: first)
    let (rowStride, step, columnStride, depth) = unsafe (rowStride, step, columnStride, depth)
    var a = unsafe a + row &* rowStride
    var b = unsafe b + column
    for _ in 0..<depth {
      let b0 = unsafe load(b)
      for r in 0..<height {
        let factor = unsafe SIMD8<Float>(repeating: a[r &* rowStride])
        unsafe sums[unchecked: r] = sums[unchecked: r].addingProduct(factor, b0)
      }
      unsafe a += step
      unsafe b += columnStride
    }
    let (c, columns) = unsafe (c + (row &* columns &+ column), columns)
    for r in 0..<height { unsafe store(sums[unchecked: r], c + r &* columns) }
  }

  /// One column, for matrices of fewer than eight.
  @inline(__always)
  private func single<let height: Int>(
    _ row: Int, _ column: Int, _: InlineArray<height, Void>.Type
  ) {
    var sums = unsafe InlineArray<height, Float>(repeating: start.map { unsafe $0[column] } ?? 0)
    let (rowStride, step, columnStride, depth) = unsafe (rowStride, step, columnStride, depth)
    var a = unsafe a + row &* rowStride
    var b = unsafe b + column
    for _ in 0..<depth {
      for r in 0..<height {
        unsafe sums[unchecked: r] = sums[unchecked: r].addingProduct(a[r &* rowStride], b.pointee)
      }
      unsafe a += step
      unsafe b += columnStride
    }
    let (c, columns) = unsafe (c + (row &* columns &+ column), columns)
    for r in 0..<height { unsafe c[r &* columns] = sums[unchecked: r] }
  }
}
