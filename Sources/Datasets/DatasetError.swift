/// Why data could not be read or written.
public enum DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
  case fileNotFound(path: String)
  /// A folder holds none of the files that would do; names are without `.gz`.
  case noneFound(folder: String, found: [String], expected: [String])
  case unreadable(path: String, reason: String)
  case malformed(path: String, reason: String)
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .fileNotFound(let path): "\(path): no such file"
    case .noneFound(let folder, let found, let expected):
      "\(folder): found \(Self.list(found)); expected one of \(expected.joined(separator: ", ")), "
        + "each with or without .gz"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .malformed(let path, let reason): "\(path): \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }

  /// The first names, and how many more there are.
  private static func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "no file" }
    let more = names.count > 8 ? " and \(names.count - 8) more" : ""
    return names.prefix(8).joined(separator: ", ") + more
  }
}
