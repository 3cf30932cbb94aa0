// The tiles of the convolutions. They stay in one file, so that a debug build, which optimizes file by
// file, specializes and inlines them as well.

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
private func store(_ vector: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: SIMD8<Float>.self)
}

/// The sums of a tile: rows of vectors, which a compiler keeps in registers.
private typealias Sums<let rows: Int, let vectors: Int> =
  InlineArray<rows, InlineArray<vectors, SIMD8<Float>>>

/// How work is cut into tiles of at most twelve vectors of sums.
struct TileShape {
  /// The most vectors of a tile side by side.
  let vectors: Int
  /// What all tiles take, in half cycles per term of a sum.
  let cost: Int
  /// The shape with which `rows` rows of `vectors` vectors take the fewest cycles, by a rule of thumb.
  ///
  /// A cycle has two fused multiply-adds and two loads; a chain goes on after four.
  static func best(rows: Int, vectors: Int) -> TileShape {
    var best = TileShape(vectors: 1, cost: .max)
    // Tiles of four vectors read more than the caches give.
    for width in 1...min(3, max(vectors, 1)) {
      var cost = 0
      for group in EvenParts(count: vectors, most: width) {
        for tile in EvenParts(count: rows, most: 12 / group.count) {
          cost += max(tile.count * group.count, tile.count + group.count, 8) + 1
        }
      }
      if cost < best.cost { best = TileShape(vectors: width, cost: cost) }
    }
    return best
  }
}

/// A number of things in as few parts as possible, none larger than `most`, as even as possible.
struct EvenParts: Sequence, IteratorProtocol {
  private var position = 0
  private var large: Int
  private let small: Int
  private let end: Int

  @inline(__always)
  init(count: Int, most: Int) {
    end = count
    let parts = (count &+ most &- 1) / most
    small = parts == 0 ? 0 : count / parts
    large = count &- small &* parts
  }

  @inline(__always)
  mutating func next() -> Range<Int>? {
    if position == end { return nil }
    let size = large > 0 ? small &+ 1 : small
    large &-= 1
    defer { position &+= size }
    return position..<position &+ size
  }
}

/// Sums of products of single values, one per row, with vectors that all rows share.
///
/// `sums[r, l] = start[r, l] + Σ_s Σ_p a[r, s, p] × b[s, p, l]`
@unsafe struct ConvolutionTile {
  /// The first value of the first row.
  let a: UnsafePointer<Float>
  /// From row to row.
  let rowStride: Int
  /// The first vector.
  let b: UnsafePointer<Float>
  /// From a vector to the next of its lanes.
  let lanes: Int
  /// The number of segments, in each of which values lie side by side.
  let segmentCount: Int
  let segmentLength: Int
  /// From a segment to the next.
  let aStep: Int
  let bStep: Int
  /// What the sums start from; `nil`: +0.
  let start: UnsafePointer<Float>?
  /// From a row of start values to the next; 0: all rows start from the same.
  let startStride: Int
  let target: UnsafeMutablePointer<Float>
  let targetStride: Int
  /// How many values of the last vector are written.
  let lastLanes: Int

  /// Computes `rows × vectors` vectors of sums.
  func run(rows: Int, vectors: Int) {
    switch (vectors, rows) {
    case (1, 1): unsafe run(Sums<1, 1>.self)
    case (1, 2): unsafe run(Sums<2, 1>.self)
    case (1, 3): unsafe run(Sums<3, 1>.self)
    case (1, 4): unsafe run(Sums<4, 1>.self)
    case (1, 5): unsafe run(Sums<5, 1>.self)
    case (1, 6): unsafe run(Sums<6, 1>.self)
    case (1, 7): unsafe run(Sums<7, 1>.self)
    case (1, 8): unsafe run(Sums<8, 1>.self)
    case (1, 9): unsafe run(Sums<9, 1>.self)
    case (1, 10): unsafe run(Sums<10, 1>.self)
    case (1, 11): unsafe run(Sums<11, 1>.self)
    case (1, 12): unsafe run(Sums<12, 1>.self)
    case (2, 1): unsafe run(Sums<1, 2>.self)
    case (2, 2): unsafe run(Sums<2, 2>.self)
    case (2, 3): unsafe run(Sums<3, 2>.self)
    case (2, 4): unsafe run(Sums<4, 2>.self)
    case (2, 5): unsafe run(Sums<5, 2>.self)
    case (2, 6): unsafe run(Sums<6, 2>.self)
    case (3, 1): unsafe run(Sums<1, 3>.self)
    case (3, 2): unsafe run(Sums<2, 3>.self)
    case (3, 3): unsafe run(Sums<3, 3>.self)
    case (3, 4): unsafe run(Sums<4, 3>.self)
    default: preconditionFailure("ConvolutionTile: \(rows) × \(vectors)")
    }
  }

  @inline(__always)
  private func run<let rows: Int, let vectors: Int>(_: Sums<rows, vectors>.Type) {
    var sums = Sums<rows, vectors>(
      repeating: InlineArray<vectors, SIMD8<Float>>(repeating: SIMD8(repeating: 0)))
    if let start = unsafe start {
      for r in 0..<rows {
        for v in 0..<vectors {
          unsafe sums[unchecked: r][unchecked: v] = load(start + (r &* startStride &+ 8 &* v))
        }
      }
    }
    let (rowStride, lanes, segmentLength) = unsafe (rowStride, lanes, segmentLength)
    var aSegment = unsafe a
    var bSegment = unsafe b
    for _ in unsafe 0..<segmentCount {
      var a = unsafe aSegment
      var b = unsafe bSegment
      for _ in 0..<segmentLength {
        var shared = InlineArray<vectors, SIMD8<Float>>(repeating: SIMD8(repeating: 0))
        for v in 0..<vectors { unsafe shared[unchecked: v] = load(b + 8 &* v) }
        for r in 0..<rows {
          let factor = unsafe SIMD8<Float>(repeating: a[r &* rowStride])
          for v in 0..<vectors {
            unsafe sums[unchecked: r][unchecked: v] =
              sums[unchecked: r][unchecked: v].addingProduct(factor, shared[unchecked: v])
          }
        }
        unsafe a += 1
        unsafe b += lanes
      }
      unsafe aSegment += aStep
      unsafe bSegment += bStep
    }
    let (target, targetStride, lastLanes) = unsafe (target, targetStride, lastLanes)
    for r in 0..<rows {
      let row = unsafe target + r &* targetStride
      for v in 0..<vectors &- 1 {
        unsafe store(sums[unchecked: r][unchecked: v], row + 8 &* v)
      }
      let last = vectors &- 1
      unsafe PartialVector.store(sums[unchecked: r][unchecked: last], lastLanes, row + 8 &* last)
    }
  }
}

/// Sums, over the places of an image, of inputs times vectors of output gradients.
///
/// `sums[r, l] += Σ_i Σ_y Σ_x inputs[i, y, x, r] × gradients[i, y, x, l]`
@unsafe struct ConvolutionGradientTile {
  /// The first row's input at the first place.
  let inputs: UnsafePointer<Float>
  /// From one place to the next, from one row of places, and from one example to the next.
  let inputStep: Int
  let inputRow: Int
  let inputExample: Int
  /// The first vector of output gradients.
  let gradients: UnsafePointer<Float>
  let gradientStep: Int
  let gradientRow: Int
  let gradientExample: Int
  let exampleCount: Int
  let rowCount: Int
  let columnCount: Int
  /// From the inputs of the first half of the rows to those of the second.
  let half: Int
  /// Whether the sums go on from what they were.
  let isContinued: Bool
  let sums: UnsafeMutablePointer<Float>
  let sumStride: Int
  /// From the sums of the first half of the rows to those of the second.
  let sumHalf: Int

  /// Goes on with `rows × vectors` vectors of sums.
  func run(rows: Int, vectors: Int) {
    switch (vectors, rows) {
    case (1, 1): unsafe run(Sums<1, 1>.self)
    case (1, 2): unsafe run(Sums<2, 1>.self)
    case (1, 3): unsafe run(Sums<3, 1>.self)
    case (1, 4): unsafe run(Sums<4, 1>.self)
    case (1, 5): unsafe run(Sums<5, 1>.self)
    case (1, 6): unsafe run(Sums<6, 1>.self)
    case (1, 7): unsafe run(Sums<7, 1>.self)
    case (1, 8): unsafe run(Sums<8, 1>.self)
    case (1, 9): unsafe run(Sums<9, 1>.self)
    case (1, 10): unsafe run(Sums<10, 1>.self)
    case (1, 11): unsafe run(Sums<11, 1>.self)
    case (1, 12): unsafe run(Sums<12, 1>.self)
    case (2, 1): unsafe run(Sums<1, 2>.self)
    case (2, 2): unsafe run(Sums<2, 2>.self)
    case (2, 3): unsafe run(Sums<3, 2>.self)
    case (2, 4): unsafe run(Sums<4, 2>.self)
    case (2, 5): unsafe run(Sums<5, 2>.self)
    case (2, 6): unsafe run(Sums<6, 2>.self)
    case (3, 1): unsafe run(Sums<1, 3>.self)
    case (3, 2): unsafe run(Sums<2, 3>.self)
    case (3, 3): unsafe run(Sums<3, 3>.self)
    case (3, 4): unsafe run(Sums<4, 3>.self)
    default: preconditionFailure("ConvolutionGradientTile: \(rows) × \(vectors)")
    }
  }

  /// Goes on with two halves of `rows × vectors` vectors each.
  func runHalves(rows: Int, vectors: Int) {
    switch (vectors, rows) {
    case (1, 1): unsafe runHalves(Sums<1, 1>.self)
    case (1, 2): unsafe runHalves(Sums<2, 1>.self)
    case (1, 3): unsafe runHalves(Sums<3, 1>.self)
    case (1, 4): unsafe runHalves(Sums<4, 1>.self)
    case (1, 5): unsafe runHalves(Sums<5, 1>.self)
    case (1, 6): unsafe runHalves(Sums<6, 1>.self)
    case (2, 1): unsafe runHalves(Sums<1, 2>.self)
    case (2, 2): unsafe runHalves(Sums<2, 2>.self)
    case (2, 3): unsafe runHalves(Sums<3, 2>.self)
    default: preconditionFailure("ConvolutionGradientTile: two halves of \(rows) × \(vectors)")
    }
  }

  @inline(__always)
  private func run<let rows: Int, let vectors: Int>(_ type: Sums<rows, vectors>.Type) {
    var sums = unsafe begin(self.sums, type)
    let (inputStep, gradientStep, columnCount) = unsafe (inputStep, gradientStep, columnCount)
    for i in unsafe 0..<exampleCount {
      for y in unsafe 0..<rowCount {
        var a = unsafe inputs + (i &* inputExample &+ y &* inputRow)
        var b = unsafe gradients + (i &* gradientExample &+ y &* gradientRow)
        for _ in 0..<columnCount {
          var shared = InlineArray<vectors, SIMD8<Float>>(repeating: SIMD8(repeating: 0))
          for v in 0..<vectors { unsafe shared[unchecked: v] = load(b + 8 &* v) }
          unsafe addProducts(a, shared, &sums)
          unsafe a += inputStep
          unsafe b += gradientStep
        }
      }
    }
    unsafe end(sums, self.sums)
  }

  @inline(__always)
  private func runHalves<let rows: Int, let vectors: Int>(_ type: Sums<rows, vectors>.Type) {
    let (half, sumHalf) = unsafe (half, sumHalf)
    var first = unsafe begin(self.sums, type)
    var second = unsafe begin(self.sums + sumHalf, type)
    let (inputStep, gradientStep, columnCount) = unsafe (inputStep, gradientStep, columnCount)
    for i in unsafe 0..<exampleCount {
      for y in unsafe 0..<rowCount {
        var a = unsafe inputs + (i &* inputExample &+ y &* inputRow)
        var b = unsafe gradients + (i &* gradientExample &+ y &* gradientRow)
        for _ in 0..<columnCount {
          var shared = InlineArray<vectors, SIMD8<Float>>(repeating: SIMD8(repeating: 0))
          for v in 0..<vectors { unsafe shared[unchecked: v] = load(b + 8 &* v) }
          unsafe addProducts(a, shared, &first)
          unsafe addProducts(a + half, shared, &second)
          unsafe a += inputStep
          unsafe b += gradientStep
        }
      }
    }
    unsafe end(first, self.sums)
    unsafe end(second, self.sums + sumHalf)
  }

  @inline(__always)
  private func addProducts<let rows: Int, let vectors: Int>(
    _ a: UnsafePointer<Float>, _ shared: InlineArray<vectors, SIMD8<Float>>,
    _ sums: inout Sums<rows, vectors>
  ) {
    for r in 0..<rows {
      let factor = unsafe SIMD8<Float>(repeating: a[r])
      for v in 0..<vectors {
        unsafe sums[unchecked: r][unchecked: v] =
          sums[unchecked: r][unchecked: v].addingProduct(factor, shared[unchecked: v])
      }
    }
  }

  @inline(__always)
  private func begin<let rows: Int, let vectors: Int>(
    _ values: UnsafeMutablePointer<Float>, _: Sums<rows, vectors>.Type
  ) -> Sums<rows, vectors> {
    var sums = Sums<rows, vectors>(
      repeating: InlineArray<vectors, SIMD8<Float>>(repeating: SIMD8(repeating: 0)))
    if unsafe isContinued {
      for r in 0..<rows {
        for v in 0..<vectors {
          unsafe sums[unchecked: r][unchecked: v] = load(values + (r &* sumStride &+ 8 &* v))
        }
      }
    }
    return sums
  }

  @inline(__always)
  private func end<let rows: Int, let vectors: Int>(
    _ sums: Sums<rows, vectors>, _ values: UnsafeMutablePointer<Float>
  ) {
    for r in 0..<rows {
      for v in 0..<vectors {
        unsafe store(sums[unchecked: r][unchecked: v], values + (r &* sumStride &+ 8 &* v))
      }
    }
  }
}
