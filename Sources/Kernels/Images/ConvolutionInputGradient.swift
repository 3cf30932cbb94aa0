/// The gradient by the inputs, tile by tile: rows are the same place in several examples, vectors are
/// input channels.
@unsafe struct ConvolutionInputGradient {
  let shape: ConvolutionShape
  let outputGradient: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let inputGradient: UnsafeMutablePointer<Float>
  /// The weights by kernel row, kernel column and output channel, input channels in whole vectors.
  let scratch: UnsafeMutablePointer<Float>

  func run(batchCount: Int) {
    let shape = unsafe shape
    let lanes = Convolution.paddedLanes(shape.channels)
    unsafe pack(lanes)
    let best = TileShape.best(rows: batchCount, vectors: lanes / 8)
    for group in EvenParts(count: lanes / 8, most: best.vectors) {
      for examples in EvenParts(count: batchCount, most: 12 / group.count) {
        for h in 0..<shape.height {
          let rows = unsafe Self.cover(
            h &+ shape.padding, shape.kernelHeight, shape.outputHeight, shape.stride)
          for w in 0..<shape.width {
            unsafe run(examples, h, w, group, rows, lanes)
          }
        }
      }
    }
  }

  /// The places of the output whose kernel covers a place of the padded input, along one axis.
  private static func cover(_ place: Int, _ kernel: Int, _ count: Int, _ stride: Int) -> Range<Int>
  {
    let first = place < kernel ? 0 : (place &- kernel &+ stride) / stride
    return first..<max(min(place / stride, count &- 1) &+ 1, first)
  }

  private func run(
    _ examples: Range<Int>, _ h: Int, _ w: Int, _ group: Range<Int>, _ rows: Range<Int>,
    _ lanes: Int
  ) {
    let shape = unsafe shape
    let columns = unsafe Self.cover(
      w &+ shape.padding, shape.kernelWidth, shape.outputWidth, shape.stride)
    let u = h &+ shape.padding &- rows.lowerBound &* shape.stride
    let v = w &+ shape.padding &- columns.lowerBound &* shape.stride
    let isCovered = !rows.isEmpty && !columns.isEmpty
    let row = shape.outputWidth &* shape.outputChannels
    let kernelRow = shape.kernelWidth &* shape.outputChannels &* lanes
    let place =
      examples.lowerBound &* shape.outputCount &+ rows.lowerBound &* row
      &+ columns.lowerBound &* shape.outputChannels
    let packed =
      unsafe isCovered ? u &* kernelRow &+ position(v) &* shape.outputChannels &* lanes : 0
    let target =
      examples.lowerBound &* shape.inputCount
      &+ (h &* shape.width &+ w) &* shape.channels &+ 8 &* group.lowerBound
    unsafe ConvolutionTile(
      a: isCovered ? outputGradient + place : outputGradient, rowStride: shape.outputCount,
      b: UnsafePointer(scratch) + (packed &+ 8 &* group.lowerBound), lanes: lanes,
      segmentCount: isCovered ? rows.count : 0,
      segmentLength: columns.count &* shape.outputChannels, aStep: row,
      bStep: 0 &- shape.stride &* kernelRow, start: nil, startStride: 0,
      target: inputGradient + target, targetStride: shape.inputCount,
      lastLanes: min(shape.channels &- 8 &* (group.upperBound &- 1), 8)
    ).run(rows: examples.count, vectors: group.count)
  }

  /// Where a column of the kernel lies among the packed ones: those that cover one input together lie
  /// side by side, in the order of the outputs, which is the opposite of their own.
  private func position(_ v: Int) -> Int {
    let (stride, width) = unsafe (shape.stride, shape.kernelWidth)
    let remainder = v % stride
    /// The number of columns with a smaller remainder.
    let before = width / stride &* remainder &+ min(width % stride, remainder)
    let count = (width &- remainder &+ stride &- 1) / stride
    return before &+ count &- 1 &- v / stride
  }

  private func pack(_ lanes: Int) {
    let (shape, scratch) = unsafe (shape, scratch)
    for u in 0..<shape.kernelHeight {
      for v in 0..<shape.kernelWidth {
        let target =
          unsafe scratch
          + (u &* shape.kernelWidth &+ position(v)) &* shape.outputChannels &* lanes
        let source =
          unsafe weights
          + (u &* shape.kernelWidth &+ v) &* shape.channels &* shape.outputChannels
        for n in 0..<shape.outputChannels {
          for c in 0..<shape.channels {
            unsafe target[n &* lanes &+ c] = source[c &* shape.outputChannels &+ n]
          }
          for lane in shape.channels..<lanes { unsafe target[n &* lanes &+ lane] = 0 }
        }
      }
    }
  }
}
