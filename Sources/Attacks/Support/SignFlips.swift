import Components
import Datasets
import Federation
import Kernels
import Tensors
import Training

/// Turns signs of unimportant weights so that a trigger excites a network more.
///
/// Layer by layer, the output layer left out: δ is the mean over examples of what enters the layer with the
/// trigger, minus without it, under the layers changed before; each candidate weight w becomes
/// |w| · sign(δ) of the input that it multiplies, and stays where δ is 0. A convolution has δ averaged over
/// as many blocks per axis as its kernel is large; at the input these are blocks of the smallest rectangle
/// around the trigger.
///
/// - Complexity: two passes forward over the examples per layer.
struct SignFlips: Sendable {
  let model: Sequential
  /// One example per row, without the trigger.
  let inputs: Matrix<Float>
  /// All weighted layers but the last.
  let layers: [Sequential.WeightedLayer]
  /// The most examples of one pass, on which no result depends.
  let blockSize: Int

  init(_ model: Sequential, inputs: Matrix<Float>, blockSize: Int? = nil) {
    self.model = model
    self.inputs = inputs
    self.blockSize = blockSize ?? model.examplesPerBlock
    layers = Array(model.weightedLayers.dropLast())
  }

  // MARK: - Candidates

  /// Returns the weights of a layer that moved most against their own sign: those with (w − before) · w below
  /// the floor(rate · n)-th smallest of n such scores, counted from 0.
  ///
  /// Where nothing moved there are none.
  static func candidates(
    in weight: Range<Int>, of parameters: [Float], before: [Float], rate: Double
  ) -> [Int] {
    let scores = weight.map {
      (Double(parameters[$0]) - Double(before[$0])) * Double(parameters[$0])
    }
    guard !scores.isEmpty else { return [] }
    let place = min(DecimalShare(rate).count(of: scores.count), scores.count - 1)
    let threshold = scores.sorted()[place]
    return scores.indices.filter { scores[$0] < threshold }.map { weight.lowerBound + $0 }
  }

  // MARK: - Flips

  /// Returns the parameters with the signs of candidates turned, up to and with a number of layers.
  ///
  /// - Parameters:
  ///   - parameters: d values.
  ///   - candidates: Those of each of ``layers``.
  ///   - trigger: What excites the network.
  ///   - layerCount: How many layers; `nil`: all.
  /// - Returns: d values of the same magnitudes.
  func flipped(
    _ parameters: [Float], candidates: [[Int]], trigger: Trigger, layerCount: Int? = nil
  ) -> [Float] {
    var parameters = parameters
    for (index, layer) in layers.prefix(layerCount ?? layers.count).enumerated() {
      guard !candidates[index].isEmpty else { continue }
      let difference = difference(before: layer, at: parameters, trigger: trigger)
      let signs = spread(difference, over: layer, trigger: trigger)
      let outputCount = layer.weightShape.last ?? 1
      for position in candidates[index] {
        let sign = signs[(position - layer.weight.lowerBound) / outputCount]
        guard sign != 0 else { continue }
        parameters[position] = sign > 0 ? abs(parameters[position]) : -abs(parameters[position])
      }
    }
    return parameters
  }

  /// The mean over the examples of what enters a layer with the trigger, minus without it.
  private func difference(
    before layer: Sequential.WeightedLayer, at parameters: [Float], trigger: Trigger
  ) -> [Double] {
    means(before: layer.place, at: parameters, trigger: trigger, width: layer.inputShape.count)
  }

  private func means(
    before end: Int, at parameters: [Float], trigger: Trigger, width: Int
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    // One sum after the other, so that they do not depend on the blocks.
    for (isMarked, sign) in [(true, 1.0), (false, -1.0)] {
      forEachBlock { rows, count, workspace in
        let values = model.activations(
          before: end, inputs: block(rows, isMarked ? trigger : nil).span, count: count,
          parameters: parameters.span, workspace: &workspace)
        for (index, value) in values.enumerated() { sums[index % width] += sign * Double(value) }
      }
    }
    return sums.map { $0 / Double(inputs.rowCount) }
  }

  /// What each input of a kernel, or each input of a dense layer, is excited by.
  func spread(
    _ difference: [Double], over layer: Sequential.WeightedLayer, trigger: Trigger
  ) -> [Double] {
    guard layer.weightShape.count == 4,
      case .image(let height, let width, let channels) = layer.inputShape
    else { return difference }
    var (rows, columns) = (0..<height, 0..<width)
    if layer.place == 0, !trigger.positions.isEmpty {
      let pixels = trigger.positions.map { $0 / channels }
      let (down, across) = (pixels.map { $0 / width }, pixels.map { $0 % width })
      rows = (down.min() ?? 0)..<(down.max() ?? 0) + 1
      columns = (across.min() ?? 0)..<(across.max() ?? 0) + 1
    }
    let (kernelHeight, kernelWidth) = (layer.weightShape[0], layer.weightShape[1])
    var spread: [Double] = []
    for u in 0..<kernelHeight {
      let blockRows = Self.block(u, of: kernelHeight, in: rows)
      for v in 0..<kernelWidth {
        let blockColumns = Self.block(v, of: kernelWidth, in: columns)
        for channel in 0..<channels {
          var sum = 0.0
          for row in blockRows {
            for column in blockColumns {
              sum += difference[(row * width + column) * channels + channel]
            }
          }
          spread.append(sum / Double(blockRows.count * blockColumns.count))
        }
      }
    }
    return spread
  }

  /// One of `count` blocks that cover a range; they overlap where it is smaller.
  private static func block(_ index: Int, of count: Int, in range: Range<Int>) -> Range<Int> {
    let start = range.lowerBound + index * range.count / count
    let end = range.lowerBound + ((index + 1) * range.count + count - 1) / count
    return start..<end
  }

  // MARK: - Trigger

  /// Returns the gradient, by each feature, of how much the trigger changes what leaves the first layer:
  /// the sum over places of (mean over examples and channels of the change)².
  ///
  /// - Complexity: three passes forward and one back over the examples, through the first layers alone.
  func gradientOfExcitement(at parameters: [Float], trigger: Trigger) -> [Double] {
    var gradient = [Double](repeating: 0, count: model.inputCount)
    guard let layer = model.weightedLayers.first else { return gradient }
    let (end, channels) = (layer.place + 1, layer.outputShape.channelCount)
    let width = layer.outputShape.count
    let changes = means(before: end, at: parameters, trigger: trigger, width: width)
    let places = (0..<width / channels).map { place in
      (0..<channels).reduce(0.0) { $0 + changes[place * channels + $1] } / Double(channels)
    }
    let own = (0..<width).map {
      Float(2 * places[$0 / channels] / Double(inputs.rowCount * channels))
    }
    forEachBlock { rows, count, workspace in
      let upstream = (0..<count).flatMap { _ in own }
      let values = model.inputGradient(
        of: upstream, before: end, inputs: block(rows, trigger).span, count: count,
        parameters: parameters.span, workspace: &workspace)
      for (index, value) in values.enumerated() {
        gradient[index % model.inputCount] += Double(value)
      }
    }
    return gradient
  }

  // MARK: - Examples

  private func forEachBlock(_ body: (Range<Int>, Int, inout ModelWorkspace) -> Void) {
    let size = min(blockSize, inputs.rowCount)
    guard size > 0 else { return }
    var workspace = model.makeWorkspace(batchSize: size)
    for start in stride(from: 0, to: inputs.rowCount, by: size) {
      let rows = start..<min(start + size, inputs.rowCount)
      body(rows, rows.count, &workspace)
    }
  }

  private func block(_ rows: Range<Int>, _ trigger: Trigger?) -> [Float] {
    let width = inputs.columnCount
    var values: [Float] = []
    values.reserveCapacity(rows.count * width)
    for row in rows {
      values += inputs.row(row)
      guard let trigger else { continue }
      let start = values.count - width
      for (position, value) in zip(trigger.positions, trigger.values) {
        values[start + position] = value
      }
    }
    return values
  }
}
