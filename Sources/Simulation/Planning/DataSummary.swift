public import Datasets
import Determinism

/// Sizes and digest of a data set, read whole.
public struct DataSummary: Sendable {
  public let trainingCount: Int
  public let testCount: Int
  /// Training and test examples of each class.
  public let examplesPerClass: [Int]
  /// SHA-256 of the decoded arrays; `nil` for data that are drawn.
  public let digest: String?

  /// - Throws: ``DatasetError`` where a file cannot be read or is not what it should be.
  public init(_ source: any DataSource) throws(DatasetError) {
    let data = try source.load(
      trainingCount: source.trainingCount ?? 0, seed: SeedPath(root: 1).child("data"))
    trainingCount = data.training.count
    testCount = data.test.count
    var counts = [Int](repeating: 0, count: source.classCount)
    for label in data.training.labels + data.test.labels { counts[label] += 1 }
    examplesPerClass = counts
    digest = try source.canonicalArrays().map { TrialKey.digest(of: $0) }
  }
}
