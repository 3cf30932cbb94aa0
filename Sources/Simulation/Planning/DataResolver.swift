import Datasets
import Foundation

/// Opens the data sets of a scenario, each once.
struct DataResolver {
  /// An opened data set, with the digest of its decoded arrays where it is real data.
  struct Opened: Sendable {
    let source: any DataSource
    let digest: String?
    /// Examples of all arrays; 0 for data that are drawn.
    let rowCount: Int
  }

  private let scenarioFolder: String
  private let environment: [String: String]
  private var opened: [DatasetSettings: Result<Opened, DatasetError>] = [:]

  init(scenarioPath: String, environment: [String: String]) {
    scenarioFolder = URL(fileURLWithPath: scenarioPath).deletingLastPathComponent().path
    self.environment = environment
  }

  mutating func open(_ settings: DatasetSettings) throws(DatasetError) -> Opened {
    if let known = opened[settings] { return try known.get() }
    let result: Result<Opened, DatasetError>
    do throws(DatasetError) {
      result = .success(try make(settings))
    } catch {
      result = .failure(error)
    }
    opened[settings] = result
    return try result.get()
  }

  private func make(_ settings: DatasetSettings) throws(DatasetError) -> Opened {
    let source: any DataSource =
      switch settings {
      case .digits:
        DigitsSource()
      case .gaussianClasses(let features, let classes, let shift, let train, let test):
        GaussianClassesSource(
          features: features, classCount: classes, shift: shift, testCount: test,
          trainingCount: train)
      case .idx(let folder, let classes, let trainLimit, let testLimit):
        try IDXSource(
          folder: try path(of: folder), classCount: classes, trainingLimit: trainLimit,
          testLimit: testLimit)
      }
    guard let arrays = try source.canonicalArrays() else {
      return Opened(source: source, digest: nil, rowCount: 0)
    }
    let rows = arrays.filter { $0.shape.count == 1 }.reduce(0) { $0 + ($1.shape.first ?? 0) }
    return Opened(source: source, digest: TrialKey.digest(of: arrays), rowCount: rows)
  }

  /// A relative folder is looked for where the program was started, beside the scenario, and in
  /// the folder that `GAUNTLET_DATA` names.
  private func path(of folder: String) throws(DatasetError) -> String {
    guard !folder.hasPrefix("/") else { return folder }
    var candidates = [folder, scenarioFolder + "/" + folder]
    var ending = ", and GAUNTLET_DATA is not set"
    if let data = environment["GAUNTLET_DATA"], !data.isEmpty {
      candidates.append(data + "/" + folder)
      ending = " or in GAUNTLET_DATA (\(data))"
    }
    if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) {
      return found
    }
    throw .malformed(
      path: folder, reason: "no such folder where the program started, beside the scenario" + ending
    )
  }
}
