import Hashing

/// One digest for all files of an entry, by which a record of the keeper's names what it is about.
public enum EntryDigest {
  /// SHA-256 of one line per file, `digest  name`, sorted by name: what `sha256sum` prints of the
  /// files, hashed once more.
  ///
  /// - Parameter files: The digest of each file in hexadecimal, by the file's name.
  /// - Returns: the digest in hexadecimal.
  public static func text(_ files: [String: String]) -> String {
    let lines = files.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }
    return Hexadecimal.string(SHA256.hash(Array(lines.joined().utf8)))
  }
}
