public import Datasets
import Diagnostics
import Foundation

/// Where relative files and folders with data are looked for.
public struct DataFolders: Sendable {
  private let scenarioFolder: String?
  private let environment: [String: String]

  /// - Parameters:
  ///   - folder: The folder of the scenario; `nil` where there is none.
  ///   - environment: Its `GAUNTLET_DATA` names a further folder.
  public init(besideScenario folder: String?, environment: [String: String]) {
    scenarioFolder = folder
    self.environment = environment
  }

  /// Finds a file or folder: a relative one is looked for where the program was started, beside the
  /// scenario, in the folder that `GAUNTLET_DATA` names, and where Debian's packages put data.
  ///
  /// - Throws: ``DatasetError`` with the places where it is not.
  public func locate(_ path: String) throws(DatasetError) -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .malformed(
        path: path.isEmpty ? "''" : path.replacing("\0", with: "\\0"),
        reason: path.isEmpty
          ? "is no path; name a file or folder" : "has a zero byte, which no path holds")
    }
    guard !UserPath.isAbsolute(path) else { return path }
    var candidates = [path]
    var places = ["where the program started"]
    if let scenarioFolder {
      candidates.append(UserPath.joined(scenarioFolder, path))
      places.append("beside the scenario")
    }
    let data = environment["GAUNTLET_DATA"] ?? ""
    if !data.isEmpty {
      candidates.append(data + "/" + path)
      places.append("in GAUNTLET_DATA (\(data))")
    }
    candidates.append(Self.systemFolder + "/" + path)
    if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) {
      return found
    }
    throw .malformed(
      path: path,
      reason: "no such file or folder \(places.joined(separator: ", ")) or in \(Self.systemFolder)"
        + (data.isEmpty ? ", and GAUNTLET_DATA is not set" : ""))
  }

  private static let systemFolder = "/usr/share/datasets"
}
