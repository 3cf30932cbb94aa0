import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// Counts the marked examples that a model takes for the target of a backdoor.
///
/// Examples are those that count for the attack success rate. A row with a score that is not finite is no
/// success.
struct TriggeredHits {
  private let model: any Model
  private let inputs: Matrix<Float>
  private let target: Int
  let blockSize: Int
  private var workspace: ModelWorkspace
  private var scores: [Float]
  private var classes: [Int]
  /// The passes of single examples forward so far.
  private(set) var passCount = 0

  /// Draws up to `limit` examples and marks them; `nil` where none counts, or there is no trigger.
  init?(
    of shard: Shard, for backdoor: Backdoor, limit: Int, model: any Model,
    random: inout RandomStream
  ) {
    let candidates = shard.labels.indices.filter { backdoor.applies(to: shard.labels[$0]) }
    guard let trigger = backdoor.trigger, !candidates.isEmpty else { return nil }
    let count = min(limit, candidates.count)
    let rows = random.sample(count, of: candidates.count).sorted().map { candidates[$0] }
    var inputs = Matrix<Float>(rowCount: count, columnCount: shard.inputs.columnCount)
    for (place, row) in rows.enumerated() {
      inputs.setRow(place, toRow: row, of: shard.inputs)
      inputs.withMutableRow(place) { trigger.apply(to: &$0, random: &random) }
    }
    self.inputs = inputs
    self.model = model
    target = backdoor.target
    blockSize = min(model.examplesPerBlock, count)
    workspace = model.makeWorkspace(batchSize: blockSize)
    scores = [Float](repeating: 0, count: blockSize * model.classCount)
    classes = [Int](repeating: 0, count: blockSize)
  }

  /// - Complexity: one pass forward per example.
  mutating func count(at parameters: [Float]) -> Int {
    let width = inputs.columnCount
    passCount += inputs.rowCount
    var hits = 0
    for start in stride(from: 0, to: inputs.rowCount, by: blockSize) {
      let count = min(blockSize, inputs.rowCount - start)
      Self.score(
        model, inputs, start * width..<(start + count) * width, count, parameters, &scores,
        &workspace)
      Self.choose(scores, count, model.classCount, into: &classes)
      hits += classes.prefix(count).count { $0 == target }
    }
    return hits
  }

  // Static: spans of two properties of one value count as overlapping accesses to it.

  private static func score(
    _ model: any Model, _ inputs: Matrix<Float>, _ values: Range<Int>, _ count: Int,
    _ parameters: [Float], _ scores: inout [Float], _ workspace: inout ModelWorkspace
  ) {
    var all = scores.mutableSpan
    var target = all._mutatingExtracting(0..<count * model.classCount)
    model.scores(
      inputs: inputs.span.extracting(values), count: count, parameters: parameters.span,
      into: &target, workspace: &workspace)
  }

  private static func choose(
    _ scores: [Float], _ count: Int, _ classCount: Int, into classes: inout [Int]
  ) {
    var target = classes.mutableSpan
    SoftmaxCrossEntropy.argmax(
      scores.span, into: &target, batchCount: count, classCount: classCount)
  }
}
