import Components
import Datasets
import PNGImages
import Synchronization

/// The pattern files of a plan, each read once, so that what identifies a trial is what it uses.
final class PatternFiles: Sendable {
  private let folders: DataFolders
  private let known = Mutex<[String: Result<PatternFile, DatasetError>]>([:])

  init(in folders: DataFolders) { self.folders = folders }

  /// Returns the pattern that a scenario names.
  ///
  /// - Throws: What finding or reading it throws, the same each time.
  func pattern(_ path: String) throws(DatasetError) -> PatternFile {
    let result = known.withLock { known -> Result<PatternFile, DatasetError> in
      if let result = known[path] { return result }
      let result: Result<PatternFile, DatasetError>
      do throws(DatasetError) {
        let found = try folders.locate(path)
        result = .success(try PatternFile(path: found, decodePNG: PNGDecoder.image))
      } catch {
        result = .failure(error)
      }
      known[path] = result
      return result
    }
    return try result.get()
  }

  /// SHA-256 of the patterns that a component uses, by the parameter that names the file.
  ///
  /// A trigger, or an attack with a trigger, uses one where the trigger is `pattern`.
  func digests<Entry: CatalogEntry>(of choice: Chosen<Entry>) -> [String: String] {
    let arguments = choice.arguments.values
    guard choice.id == "pattern" || arguments["trigger"] == .text("pattern"),
      case .text(let path)? = arguments["file"], path != "none",
      let pattern = try? pattern(path)
    else { return [:] }
    return ["file": TrialKey.digest(of: [pattern.canonicalArray])]
  }
}
