import Foundation

/// Golden files: expected texts beside the tests.
///
/// `RECORD_GOLDENS=1 swift test` rewrites them, and fails, so that no run that recorded is green.
public enum Goldens {
  /// Compares a text with `Goldens/<name>` beside the test file.
  ///
  /// - Returns: `nil` if they are equal, else what a failing test should say.
  public static func difference(
    _ text: String, from name: String, file: String = #filePath
  ) -> String? {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
      .appendingPathComponent("Goldens")
    let path = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: path)
        return "Recorded new golden \(name); run again without RECORD_GOLDENS"
      } catch {
        return "Golden \(name) could not be recorded: \(error)"
      }
    }
    guard let data = try? Data(contentsOf: path) else {
      return "There is no golden \(name); RECORD_GOLDENS=1 makes it from:\n\(text)"
    }
    let golden = String(decoding: data, as: UTF8.self)
    return golden == text ? nil : firstDifference(text, golden, name)
  }

  private static func firstDifference(_ text: String, _ golden: String, _ name: String) -> String {
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let old = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(new, old).prefix { $0 == $1 }.count
    let expected = line < old.count ? "\"\(old[line])\"" : "the end"
    let found = line < new.count ? "\"\(new[line])\"" : "the end"
    return "\(name):\(line + 1): expected \(expected), found \(found)\nThe whole text:\n\(text)"
  }
}
