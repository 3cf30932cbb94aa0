/// The gradient of the weights, tile by tile: rows are inputs side by side under the kernel, vectors
/// are output channels.
@unsafe struct ConvolutionWeightGradient {
  let shape: ConvolutionShape
  let inputs: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let weightGradient: UnsafeMutablePointer<Float>
  /// The sums in whole vectors, then a row of output gradients with room behind it.
  let scratch: UnsafeMutablePointer<Float>

  /// The bytes of images and output gradients that pass before the next tile's turn.
  private static let nearBytes = 24 << 10

  func run(batchCount: Int) {
    let shape = unsafe shape
    let lanes = Convolution.paddedLanes(shape.outputChannels)
    let sums = unsafe lanes == shape.outputChannels ? weightGradient : scratch
    let rowBytes =
      4 &* (shape.stride &* shape.rowCount &+ shape.outputWidth &* shape.outputChannels)
    let rowsAtATime = max(unsafe Self.nearBytes / rowBytes, 1)
    let imagesAtATime = max(rowsAtATime / shape.outputHeight, 1)

    // Vectors may read beyond the last row, so that one is done last and from a copy with room.
    let needsRoom = lanes != shape.outputChannels
    var isContinued = false
    for images in EvenParts(count: batchCount, most: imagesAtATime) {
      let isLast = images.upperBound == batchCount
      for rows in EvenParts(count: shape.outputHeight, most: rowsAtATime) {
        if needsRoom && isLast && rows.upperBound == shape.outputHeight {
          let whole = images.lowerBound..<images.upperBound &- 1
          if !whole.isEmpty {
            unsafe add(whole, rows, isContinued, into: sums, lanes)
            isContinued = true
          }
          if rows.count > 1 {
            let before = rows.lowerBound..<rows.upperBound &- 1
            unsafe add(batchCount &- 1..<batchCount, before, isContinued, into: sums, lanes)
            isContinued = true
          }
          unsafe addLastRow(batchCount, isContinued, into: sums, lanes)
        } else {
          unsafe add(images, rows, isContinued, into: sums, lanes)
        }
        isContinued = true
      }
    }
    if needsRoom {
      unsafe LanePacking.narrow(
        sums, rows: shape.depth, columns: shape.outputChannels, lanes: lanes, into: weightGradient)
    }
  }

  private func addLastRow(
    _ batchCount: Int, _ isContinued: Bool, into sums: UnsafeMutablePointer<Float>, _ lanes: Int
  ) {
    let shape = unsafe shape
    let count = shape.outputWidth &* shape.outputChannels
    let row = unsafe scratch + shape.depth &* lanes
    let last = unsafe outputGradient + (batchCount &* shape.outputCount &- count)
    unsafe row.update(from: last, count: count)
    unsafe (row + count).update(repeating: 0, count: Convolution.widestGroup)
    let y = shape.outputHeight &- 1
    unsafe add(
      batchCount &- 1..<batchCount, y..<y &+ 1, isContinued, into: sums, lanes,
      gradients: UnsafePointer(row))
  }

  /// Adds what some rows of places of some images contribute.
  private func add(
    _ images: Range<Int>, _ rows: Range<Int>, _ isContinued: Bool,
    into sums: UnsafeMutablePointer<Float>, _ lanes: Int, gradients: UnsafePointer<Float>? = nil
  ) {
    let shape = unsafe shape
    let image =
      unsafe inputs
      + (images.lowerBound &* shape.paddedCount
        &+ rows.lowerBound &* shape.stride &* shape.rowCount)
    let gradientRow = shape.outputWidth &* shape.outputChannels
    let gradients =
      unsafe gradients
      ?? outputGradient
      + (images.lowerBound &* shape.outputCount &+ rows.lowerBound &* gradientRow)

    /// The tile of the inputs from `k` on, in all segments counted, and a group of vectors.
    func tile(_ k: Int, _ u: Int, _ group: Range<Int>) -> ConvolutionGradientTile {
      unsafe ConvolutionGradientTile(
        inputs: image + (u &* shape.rowCount &+ k),
        inputStep: shape.stride &* shape.channels, inputRow: shape.stride &* shape.rowCount,
        inputExample: shape.paddedCount, gradients: gradients + 8 &* group.lowerBound,
        gradientStep: shape.outputChannels, gradientRow: gradientRow,
        gradientExample: shape.outputCount, exampleCount: images.count, rowCount: rows.count,
        columnCount: shape.outputWidth, half: shape.rowCount, isContinued: isContinued,
        sums: sums + ((u &* shape.segment &+ k) &* lanes &+ 8 &* group.lowerBound),
        sumStride: lanes, sumHalf: shape.segment &* lanes)
    }

    let best = TileShape.best(rows: shape.segment, vectors: lanes / 8)
    for group in EvenParts(count: lanes / 8, most: best.vectors) {
      let most = 12 / group.count
      // Of narrow kernels two rows share a tile, or its chains are too few to keep the units busy.
      let hasHalves = group.count <= 2 && 2 &* shape.segment <= most
      var u = 0
      while u < shape.kernelHeight {
        if hasHalves && u &+ 1 < shape.kernelHeight {
          unsafe tile(0, u, group).runHalves(rows: shape.segment, vectors: group.count)
          u &+= 2
        } else {
          for part in EvenParts(count: shape.segment, most: most) {
            unsafe tile(part.lowerBound, u, group).run(rows: part.count, vectors: group.count)
          }
          u &+= 1
        }
      }
    }
  }
}
