/// A file as its publisher has it, known by its digest.
public struct PublishedFile: Sendable, Hashable {
  public let name: String
  public let byteCount: Int
  /// SHA-256 of the file, 64 digits in lower case.
  public let sha256: String

  /// - Precondition: a name of one part, a size above 0, and a digest of 64 digits.
  public init(_ name: String, byteCount: Int, sha256: String) {
    precondition(!name.isEmpty && !name.contains("/"), "'\(name)' is no name of a file")
    precondition(byteCount > 0, "\(name): a size of \(byteCount)")
    precondition(sha256.utf8.count == 64, "\(name): a digest of \(sha256.utf8.count) digits")
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}
