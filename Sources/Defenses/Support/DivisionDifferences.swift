import Determinism
import Kernels
import Tensors
import Training

/// How much more probable the model of each row finds each class on random inputs than the global
/// one does.
///
/// Inputs are uniform in 0 ..< 1. Probabilities are the softmax of the scores; a quotient is kept
/// within e^±300, which a model without finite scores gets throughout.
struct DivisionDifferences: Sendable {
  /// The mean quotient of each class, for each set of inputs and each row: sets × n × C.
  let values: [[[Double]]]

  /// So many inputs have a stream of their own and are summed first.
  static let batchSize = 500
  private static let limit = 300.0

  /// - Parameters:
  ///   - rows: Updates, n × d.
  ///   - global: The parameters that they start from.
  ///   - model: The architecture, of d parameters.
  ///   - inputCount: The number of inputs of each set.
  ///   - setCount: The number of sets.
  ///   - seed: Where the inputs are drawn from.
  ///   - pool: The threads to use.
  /// - Complexity: (n + 1) passes of all inputs through the model; memory for a model and a batch per
  ///   thread.
  init(
    of rows: Matrix<Float>, from global: [Float], model: any Model, inputCount: Int, setCount: Int,
    seed: SeedPath, pool: WorkPool
  ) {
    let (n, classCount) = (rows.rowCount, model.classCount)
    let batchCount = (inputCount + Self.batchSize - 1) / Self.batchSize
    let sums = pool.map(setCount * batchCount) { place in
      let (set, batch) = (place / batchCount, place % batchCount)
      let count = min(Self.batchSize, inputCount - batch * Self.batchSize)
      var random = seed.child(set).child(batch).stream()
      let inputs = (0..<count * model.inputCount).map { _ in Float(random.word() >> 8) * 0x1p-24 }
      var workspace = model.makeWorkspace(batchSize: count)
      let reference = Self.logProbabilities(inputs, count, global, model, &workspace)
      return (0..<n).flatMap { row in
        var parameters = global
        rows.withRow(row) { update in
          var target = parameters.mutableSpan
          Float.axpy(1 as Double, update, into: &target)
        }
        let own = Self.logProbabilities(inputs, count, parameters, model, &workspace)
        var sums = [Double](repeating: 0, count: classCount)
        for place in own.indices {
          let difference = own[place] - reference[place]
          let bounded = difference <= Self.limit ? max(difference, -Self.limit) : Self.limit
          sums[place % classCount] += ElementaryFunctions.exp(bounded)
        }
        return sums
      }
    }
    values = (0..<setCount).map { set in
      (0..<n).map { row in
        (0..<classCount).map { label in
          (0..<batchCount).reduce(0) {
            $0 + sums[set * batchCount + $1][row * classCount + label]
          } / Double(inputCount)
        }
      }
    }
  }

  /// The logarithms of the softmax of a model's scores, `count` × C.
  private static func logProbabilities(
    _ inputs: [Float], _ count: Int, _ parameters: [Float], _ model: any Model,
    _ workspace: inout ModelWorkspace
  ) -> [Double] {
    let classCount = model.classCount
    var scores = [Float](repeating: 0, count: count * classCount)
    var target = scores.mutableSpan
    model.scores(
      inputs: inputs.span, count: count, parameters: parameters.span, into: &target,
      workspace: &workspace)
    var result = scores.map { Double($0) }
    for start in stride(from: 0, to: result.count, by: classCount) {
      let places = start..<start + classCount
      let largest = places.reduce(-Double.infinity) { max($0, result[$1]) }
      let sum = places.reduce(0) { $0 + ElementaryFunctions.exp(result[$1] - largest) }
      let shift = largest + ElementaryFunctions.log(sum)
      for place in places { result[place] -= shift }
    }
    return result
  }
}
