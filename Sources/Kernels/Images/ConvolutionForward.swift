/// The forward pass, tile by tile: rows are places side by side or the same place in several examples,
/// whichever fills the tiles better; vectors are output channels.
@unsafe struct ConvolutionForward {
  let shape: ConvolutionShape
  let inputs: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  /// `nil`: +0 for all.
  let bias: UnsafePointer<Float>?
  let outputs: UnsafeMutablePointer<Float>
  /// Weights and bias in whole vectors, then the sums of a tile's rows.
  let scratch: UnsafeMutablePointer<Float>

  /// The bytes of weights that stay in the nearest cache while images pass.
  static let nearBytes = 10 << 10

  func run(batchCount: Int) {
    let shape = unsafe shape
    let lanes = Convolution.paddedLanes(shape.outputChannels)
    let packed = unsafe scratch
    unsafe LanePacking.widen(
      weights, rows: shape.depth, columns: shape.outputChannels, lanes: lanes, into: packed)
    if let bias = unsafe bias {
      unsafe LanePacking.widen(
        bias, rows: 1, columns: shape.outputChannels, lanes: lanes,
        into: packed + shape.depth &* lanes)
    }
    let places = TileShape.best(rows: shape.outputWidth, vectors: lanes / 8)
    let examples = TileShape.best(rows: batchCount, vectors: lanes / 8)
    if places.cost &* batchCount <= examples.cost &* shape.outputWidth {
      for group in EvenParts(count: lanes / 8, most: places.vectors) {
        for example in 0..<batchCount {
          unsafe run(example..<example &+ 1, places: 12 / group.count, group, lanes: lanes)
        }
      }
    } else {
      for group in EvenParts(count: lanes / 8, most: examples.vectors) {
        for rows in EvenParts(count: batchCount, most: 12 / group.count) {
          unsafe run(rows, places: 1, group, lanes: lanes)
        }
      }
    }
  }

  /// Computes some vectors of output channels of one example, up to `most` places at a time, or of
  /// several examples place by place.
  private func run(_ examples: Range<Int>, places most: Int, _ group: Range<Int>, lanes: Int) {
    let shape = unsafe shape
    let packed = unsafe UnsafePointer(scratch) + 8 &* group.lowerBound
    let packedBias = unsafe bias == nil ? nil : packed + shape.depth &* lanes
    let sums = unsafe scratch + (shape.depth &+ 1) &* lanes
    let image = unsafe inputs + examples.lowerBound &* shape.paddedCount
    let output =
      unsafe outputs + (examples.lowerBound &* shape.outputCount &+ 8 &* group.lowerBound)
    let width = 8 &* group.count
    let lastLanes = min(shape.outputChannels &- 8 &* (group.upperBound &- 1), 8)
    let step = shape.stride &* shape.channels
    let placeCount = shape.outputHeight &* shape.outputWidth
    let hasExamples = most == 1

    // As many rows of the kernel at a time as stay near; in between, the sums wait in scratch.
    let atATime = max(unsafe Self.nearBytes / (shape.segment &* width &* 4), 1)
    for rows in EvenParts(count: shape.kernelHeight, most: atATime) {
      let isFirst = rows.lowerBound == 0
      let isLast = rows.upperBound == shape.kernelHeight
      for y in 0..<shape.outputHeight {
        let source = unsafe image + (y &* shape.stride &+ rows.lowerBound) &* shape.rowCount
        for places in EvenParts(count: shape.outputWidth, most: most) {
          let place = y &* shape.outputWidth &+ places.lowerBound
          let waiting = unsafe sums + place &* width
          let waitingStride = hasExamples ? placeCount &* width : width
          let outputStride = hasExamples ? shape.outputCount : shape.outputChannels
          unsafe ConvolutionTile(
            a: source + places.lowerBound &* step,
            rowStride: hasExamples ? shape.paddedCount : step,
            b: packed + rows.lowerBound &* shape.segment &* lanes, lanes: lanes,
            segmentCount: rows.count, segmentLength: shape.segment, aStep: shape.rowCount,
            bStep: shape.segment &* lanes,
            start: isFirst ? packedBias : UnsafePointer(waiting),
            startStride: isFirst ? 0 : waitingStride,
            target: isLast ? output + place &* shape.outputChannels : waiting,
            targetStride: isLast ? outputStride : waitingStride,
            lastLanes: isLast ? lastLanes : 8
          ).run(rows: hasExamples ? examples.count : places.count, vectors: group.count)
        }
      }
    }
  }
}
