import Datasets
import Determinism
import Synchronization
import Tensors

/// A source that every seed gets the same examples from, which are loaded once and shared.
final class LoadedOnce: DataSource {
  private let base: any DataSource
  private let loaded = Mutex<SplitData?>(nil)

  /// - Precondition: The source is fixed.
  init(_ base: any DataSource) {
    precondition(base.isFixed, "a source of which every seed draws its own examples")
    self.base = base
  }

  var shape: InputShape { base.shape }
  var classCount: Int { base.classCount }
  var trainingCount: Int? { base.trainingCount }
  var userCount: Int? { base.userCount }
  var normalization: Normalization? { base.normalization }
  var alphabet: [UInt8]? { base.alphabet }
  var isFixed: Bool { true }

  func byteCount(trainingCount: Int) -> Double { base.byteCount(trainingCount: trainingCount) }

  /// Returns the examples; a second caller waits while they are loaded.
  ///
  /// What fails is tried again.
  func load(trainingCount: Int, seed: SeedPath) throws(DatasetError) -> SplitData {
    let result = loaded.withLock { loaded -> Result<SplitData, DatasetError> in
      if let loaded { return .success(loaded) }
      do throws(DatasetError) {
        let fresh = try base.load(trainingCount: trainingCount, seed: seed)
        loaded = fresh
        return .success(fresh)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? { try base.canonicalArrays() }
}
