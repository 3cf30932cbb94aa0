/// The fetching of one file from the first of several mirrors that has it.
///
/// What a transfer that broke off left is continued, from the same mirror or from the next. Bytes
/// with another digest are thrown away: a half file from somewhere else may be the reason, so a
/// mirror is asked once more from the start.
struct FileDownload {
  let file: PublishedFile
  /// Addresses of the file.
  let addresses: [String]
  let curl: CurlProcess

  /// How often a mirror that breaks off is asked to go on, as long as something comes.
  static let continuations = 5

  /// Fetches the file to a path, where it appears when it is whole and right.
  func run(to path: String) throws(DownloadError) {
    let partial = try PartialFile(for: path)
    defer { partial.removeIfEmpty() }
    if partial.count > file.byteCount { try partial.clear() }
    if try isComplete(partial) { return }
    var problems: [String] = []
    for address in addresses {
      guard let problem = try problem(of: address, partial) else { return }
      problems.append("\(address): \(problem)")
    }
    throw DownloadError(
      problems + ["\(path): not fetched; none of \(addresses.count) addresses has the file"])
  }

  /// Fetches from one address; returns why that did not do, `nil` if the file is complete.
  private func problem(
    of address: String, _ partial: PartialFile
  ) throws(DownloadError) -> String? {
    for _ in 0..<Self.continuations {
      let start = partial.count
      var isTooLong = false
      let outcome = try curl.fetch(address, from: start) { (bytes) throws(DownloadError) in
        isTooLong = partial.count + bytes.count > file.byteCount
        guard !isTooLong else { return false }
        try partial.append(bytes)
        return true
      }
      if !isTooLong, partial.count == file.byteCount {
        let digest = try partial.digest()
        guard digest != file.sha256 else {
          try partial.commit()
          return nil
        }
        try partial.clear()
        if start > 0 { continue }
        return "other bytes: SHA-256 \(digest), and \(file.sha256) is expected"
      }
      if isTooLong {
        try partial.clear()
        if start > 0 { continue }
        return "sends more than the \(file.byteCount) bytes of the file"
      }
      if start > 0, outcome.status == CurlProcess.Outcome.cannotResume || outcome.isBeyondEnd {
        try partial.clear()
        continue
      }
      guard outcome.status != 0 else {
        let count = partial.count
        try partial.clear()
        if start > 0 { continue }
        return "has \(count) bytes, and \(file.byteCount) are expected"
      }
      guard partial.count > start else { return Self.reason(outcome) }
    }
    return
      "broke off \(Self.continuations) times, after \(partial.count) of \(file.byteCount) bytes"
  }

  /// Takes a half file that is whole already; one with other bytes is emptied.
  private func isComplete(_ partial: PartialFile) throws(DownloadError) -> Bool {
    guard partial.count == file.byteCount else { return false }
    guard try partial.digest() == file.sha256 else {
      try partial.clear()
      return false
    }
    try partial.commit()
    return true
  }

  private static func reason(_ outcome: CurlProcess.Outcome) -> String {
    guard outcome.status >= 0 else { return "curl was ended by a signal" }
    return outcome.message.isEmpty
      ? "curl ended with status \(outcome.status)"
      : outcome.message.replacing("curl: ", with: "curl ", maxReplacements: 1)
  }
}
