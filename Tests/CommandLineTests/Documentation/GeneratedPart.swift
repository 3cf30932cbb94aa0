import Foundation

/// A part of a page that is written by the tests, between two comments that name it.
///
/// `make pages` writes all of them anew.
struct GeneratedPart {
  /// The page, from the root of the repository.
  let path: String
  let name: String
  /// What belongs there.
  let text: String

  /// Compares with what is there, or records it where `RECORD_GOLDENS` is set.
  ///
  /// - Returns: `nil` if they are equal, else what a failing test should say.
  func difference() throws -> String? {
    let page = try DocumentationPage(path)
    let begin = "<!-- begin \(name), made by 'make pages' -->\n"
    let end = "<!-- end \(name) -->"
    guard let head = page.text.range(of: begin),
      let tail = page.text.range(of: end, range: head.upperBound..<page.text.endIndex)
    else { return "\(path) has no place for '\(name)': \(begin)…\n\(end)" }
    let place = head.upperBound..<tail.lowerBound
    let expected = "\n\(text)\n"
    guard page.text[place] != expected else { return nil }
    guard ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" else {
      let new = expected.split(separator: "\n", omittingEmptySubsequences: false)
      let old = page.text[place].split(separator: "\n", omittingEmptySubsequences: false)
      let line = zip(new, old).prefix { $0 == $1 }.count
      return """
        \(path): '\(name)' is not what the program says; 'make pages' writes it anew
        there:   \(line < old.count ? old[line] : "the end")
        program: \(line < new.count ? new[line] : "the end")
        """
    }
    let changed = page.text.replacingCharacters(in: place, with: expected)
    try Data(changed.utf8).write(to: DocumentationPage.root.appendingPathComponent(path))
    return "recorded '\(name)' in \(path); run again without RECORD_GOLDENS"
  }
}
