import Foundation
import Markup
import Reporting

/// Standard output and standard error.
enum Console {
  /// Makes sure that writing to the standard streams is safe.
  ///
  /// A stream that the caller closed would give its number to the next file that is opened, and
  /// tables would end up in results. A reader that has seen enough (`| head`) is no reason to die.
  static func prepare() {
    _ = standIns
    signal(SIGPIPE, SIG_IGN)
    // A file that would grow over its limit is an error of the write, which leaves nothing half-made.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Stands in for closed streams; a new file gets the lowest free number, which is theirs.
  private static let standIns: [FileHandle] = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    .compactMap { descriptor in
      fcntl(descriptor, F_GETFD) == -1 ? FileHandle(forUpdatingAtPath: "/dev/null") : nil
    }

  /// Data.
  ///
  /// - Throws: ``Failure`` if it cannot be written; a closed pipe downstream is nobody's error.
  static func print(_ text: String) throws {
    do {
      try write(text + (text.hasSuffix("\n") ? "" : "\n"), to: .standardOutput)
    } catch {
      let code = systemCode(of: error)
      if code == EPIPE { return }
      throw Failure(
        "standard output: cannot be written: "
          + (code == ENOSPC ? "no space left" : error.localizedDescription))
    }
  }

  /// Everything else, with control characters spelled out.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    try? write(
      lines.map { Printable.escaped(String($0)) + "\n" }.joined(), to: .standardError)
  }

  /// Problems, one a line, with long values cut.
  static func error(_ text: String) {
    for line in text.split(separator: "\n") {
      let shown = QuotedValues.shortened(String(line))
      note("gauntlet: " + Printable.excerpt(shown, limit: longestLine))
    }
  }

  private static let longestLine = 4_000

  /// Writes a line that the next one replaces.
  static func replaceLine(_ text: String) {
    try? write("\r" + text + "\u{1B}[K", to: .standardError)
  }

  /// A question, without a line feed.
  static func prompt(_ text: String) {
    try? write(text, to: .standardError)
  }

  private static func write(_ text: String, to handle: FileHandle) throws {
    try handle.write(contentsOf: Data(text.utf8))
  }

  /// The `errno` behind an error of Foundation; 0 where there is none.
  private static func systemCode(of error: any Error) -> Int32 {
    var current: NSError? = error as NSError
    while let found = current {
      if found.domain == NSPOSIXErrorDomain { return Int32(found.code) }
      if found.domain == NSCocoaErrorDomain, found.code == CocoaError.fileWriteOutOfSpace.rawValue {
        return ENOSPC
      }
      current = found.userInfo[NSUnderlyingErrorKey] as? NSError
    }
    return 0
  }
}
