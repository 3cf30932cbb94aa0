import Datasets
import Determinism
import Tensors

/// A data set whose last test examples are training examples.
struct ContaminatedSource: DataSource {
  let base: any DataSource
  /// How many of the test examples.
  let count: Int

  var shape: InputShape { base.shape }
  var classCount: Int { base.classCount }
  var trainingCount: Int? { base.trainingCount }
  var normalization: Normalization? { base.normalization }

  func load(trainingCount: Int, seed: SeedPath) throws(DatasetError) -> SplitData {
    let data = try base.load(trainingCount: trainingCount, seed: seed)
    var test = data.test
    for (leak, row) in test.labels.indices.suffix(count).enumerated() {
      test.inputs.setRow(row, toRow: leak, of: data.training.inputs)
      test.labels[row] = data.training.labels[leak]
    }
    return SplitData(training: data.training, test: test)
  }
}
