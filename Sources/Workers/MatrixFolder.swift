import Foundation

/// A private folder with one file per matrix that goes to a worker or comes from it.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class MatrixFolder {
  let path: String
  let files: [String: MatrixFile]
  /// Held as long as this process lives and needs the folder.
  private let lock: FolderLock?

  /// Makes files with room for so many values each, in shared memory if there is enough of it, else
  /// in the folder for temporary files; `nil` where neither can be.
  static func make(_ capacities: [String: Int]) -> MatrixFolder? {
    _ = cleaning
    for place in places {
      if let folder = MatrixFolder(in: place, capacities) { return folder }
    }
    return nil
  }

  private static let places = [
    "/dev/shm", ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp",
  ]

  /// What processes left that could not clean up; once.
  private static let cleaning: Void = {
    for place in places { StaleFolders.remove(in: place) }
  }()

  private init?(in place: String, _ capacities: [String: Int]) {
    var template = Array("\(place)/\(StaleFolders.prefix)XXXXXX".utf8CString)
    // Nobody else can look into it.
    guard unsafe mkdtemp(&template) != nil else { return nil }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    lock = FolderLock(path, waits: true)
    LiveWorkers.add(folder: path)
    var files: [String: MatrixFile] = [:]
    for (name, capacity) in capacities {
      guard let file = MatrixFile(path: "\(path)/\(name).npy", capacity: capacity) else {
        LiveWorkers.remove(folder: path)
        return nil
      }
      files[name] = file
    }
    self.files = files
  }

  deinit { LiveWorkers.remove(folder: path) }

  /// Whether there is room for so many values each.
  func fits(_ capacities: [String: Int]) -> Bool {
    capacities.allSatisfy { name, capacity in (files[name]?.capacity ?? -1) >= capacity }
  }
}
