import Components
import Datasets
import Diagnostics
import PNGImages
import Tensors

/// Opens the data sets of a scenario, each once.
struct DataResolver {
  /// An opened data set, with the digest of its decoded arrays where it is real data.
  struct Opened: Sendable {
    let source: any DataSource
    let digest: String?
    /// Examples of all arrays; 0 for data that are drawn.
    let rowCount: Int
  }

  private struct Key: Hashable {
    let id: ComponentID
    let arguments: Arguments
    let normalization: Normalization?
  }

  let folders: DataFolders
  private var opened: [Key: Result<Opened, DatasetError>] = [:]

  private let memory: MemoryLimit

  init(scenarioPath: String, environment: [String: String], memory: MemoryLimit) {
    self.memory = memory
    folders = DataFolders(
      besideScenario: UserPath.folder(of: scenarioPath),
      environment: environment)
  }

  /// Finds a file or folder that the scenario names.
  func locate(_ path: String) throws(DatasetError) -> String { try folders.locate(path) }

  /// Opens a data set whose inputs are normalized.
  ///
  /// - Throws: What opening throws, and `malformed` where the normalization does not fit the shape.
  mutating func open(
    _ choice: Chosen<DatasetEntry>, normalization: Normalization? = nil
  ) throws(DatasetError) -> Opened {
    let key = Key(id: choice.id, arguments: choice.arguments, normalization: normalization)
    if let known = opened[key] { return try known.get() }
    let result: Result<Opened, DatasetError>
    do throws(DatasetError) {
      result = .success(try make(choice, normalization))
    } catch {
      result = .failure(error)
    }
    opened[key] = result
    return try result.get()
  }

  private func make(
    _ choice: Chosen<DatasetEntry>, _ normalization: Normalization?
  ) throws(DatasetError) -> Opened {
    var setup = DatasetSetup(memoryByteCount: memory.byteCount, locate: folders.locate)
    setup.decodePNG = PNGDecoder.image
    var source = try choice.entry.open(choice.arguments, setup)
    if let normalization {
      guard normalization.fits(source.shape) else {
        throw .malformed(
          path: choice.id.rawValue,
          reason:
            "normalize has \(normalization.mean.count) values; inputs of \(source.shape) have "
            + "\(source.shape.channelCount) channels")
      }
      source = source.normalized(by: normalization)
    }
    // The examples of files, which are read whole for the digest.
    if let count = source.trainingCount {
      let bytes = 2 * source.byteCount(trainingCount: count)
      guard bytes <= memory.byteCount else {
        throw .malformed(
          path: choice.id.rawValue,
          reason: memory.refusal(
            of: "\(count) examples of \(source.shape.count) features need", needing: bytes,
            instead: "take fewer"))
      }
    }
    guard let arrays = try source.canonicalArrays() else {
      return Opened(source: source, digest: nil, rowCount: 0)
    }
    let rows = arrays.filter { $0.shape.count == 1 }.reduce(0) { $0 + ($1.shape.first ?? 0) }
    return Opened(source: source, digest: TrialKey.digest(of: arrays), rowCount: rows)
  }
}
