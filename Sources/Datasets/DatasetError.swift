/// Why data could not be read or written.
public enum DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
  case fileNotFound(path: String)
  /// A folder holds none of the files that would do.
  case noneFound(folder: String, candidates: [String])
  case unreadable(path: String, reason: String)
  case malformed(path: String, reason: String)
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .fileNotFound(let path): "\(path): no such file"
    case .noneFound(let folder, let candidates):
      "\(folder): found none of \(candidates.joined(separator: ", "))"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .malformed(let path, let reason): "\(path): \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}
