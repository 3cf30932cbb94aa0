import Diagnostics

/// Reading files of results, with the errors of this target.
extension UserFile {
  /// The longest line of `trials.jsonl` and `rounds.csv`, in bytes.
  static let lineLimit = 1 << 24
  static let lineReason = "the line is longer than \(lineLimit >> 20) MiB"

  static func opened(_ path: String) throws(ResultError) -> UserFile {
    do throws(Problem) {
      return try UserFile(path)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
  }

  static func contents(ofResult path: String) throws(ResultError) -> [UInt8] {
    do throws(Problem) {
      return try contents(of: path)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
  }

  /// The next megabyte of a file; empty at its end.
  func piece(of path: String) throws(ResultError) -> [UInt8] {
    do throws(Problem) {
      return try read(upTo: 1 << 20)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
  }
}
