public import Diagnostics
import Foundation
public import Yams

/// Reading YAML files that users write; JSON is YAML.
public enum YAMLDocument {
  private static let sizeLimit = 1 << 20
  private static let partLimit = 300_000
  /// The parser compares each with all before.
  private static let anchorLimit = 5_000

  /// Reads a file, a pipe or, for `-`, standard input.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - kind: What it should be, with its article, for messages.
  /// - Returns: the name of the file in messages, and its text.
  /// - Throws: ``DocumentError`` for a folder, a file that cannot be read, is not UTF-8 or is larger
  ///   than 1 MiB.
  public static func text(
    of path: String, kind: String
  ) throws(DocumentError) -> (name: String, text: String) {
    let name = path == "-" ? "standard input" : path
    let bytes: [UInt8]
    do {
      bytes = try contents(of: path, kind: kind)
    } catch {
      throw DocumentError(file: name, problems: [error])
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw DocumentError(file: name, problems: [.init("is not UTF-8 text")])
    }
    return (name, text)
  }

  /// Parses a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - path: The name of the file in messages.
  ///   - format: What the file should be, for messages: JSON is read by the same rules.
  /// - Returns: The root of the document.
  /// - Throws: ``DocumentError`` with the place, for an empty text, a syntax error, a key that is
  ///   given twice, an alias in a key, aliases that stand for more than a million values, or a text
  ///   of so many lines and values that it would take long to read.
  public static func root(
    _ text: String, path: String, format: String = "YAML"
  ) throws(DocumentError) -> Node {
    do {
      try checkSize(text)
      guard let root = try composed(text), root.scalar?.string != "" else {
        throw DocumentError(file: path, problems: [.init("the file is empty")])
      }
      return root
    } catch let error as DocumentError {
      throw error
    } catch let error as YamlError {
      throw DocumentError(file: path, problems: [problem(of: error, format)])
    } catch let error as DocumentError.Problem {
      throw DocumentError(file: path, problems: [error])
    } catch {
      throw DocumentError(file: path, problems: [.init("is not \(format): \(error)")])
    }
  }

  /// Composes a text whose aliases stand for a bearable number of values; `nil` for no document.
  ///
  /// - Throws: `DocumentError.Problem` about aliases, or an error of Yams.
  public static func composed(_ text: String) throws -> Node? {
    try AliasCount.check(text)
    // Without rules for tags, which nobody asks for: each would be tried on every key.
    return try Yams.compose(yaml: text, .basic)
  }

  /// Refuses by its bytes alone what would take long to parse.
  private static func checkSize(_ text: String) throws(DocumentError.Problem) {
    guard text.utf8.count <= sizeLimit else {
      throw DocumentError.Problem("is larger than \(sizeLimit >> 20) MiB")
    }
    var parts = 0
    var anchors = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["),
        UInt8(ascii: "{"), UInt8(ascii: "-"), UInt8(ascii: "?"):
        parts += 1
      case UInt8(ascii: "&"): anchors += 1
      default: break
      }
    }
    guard anchors <= anchorLimit else {
      throw DocumentError.Problem("has more than \(anchorLimit) anchors (&)")
    }
    guard parts <= partLimit else {
      throw DocumentError.Problem(
        "has about \(parts) lines and values; more than \(partLimit) are not read")
    }
  }

  private static func contents(
    of path: String, kind: String
  ) throws(DocumentError.Problem) -> [UInt8] {
    do throws(UserFile.Problem) {
      // A pipe is what the shell makes of <(…), and there is a limit to what is read of it.
      let file = path == "-" ? UserFile.standardInput : try UserFile(path, allowsPipes: true)
      return try file.rest(upTo: sizeLimit)
    } catch .folder {
      throw .init("is a folder; \(kind) is a file")
    } catch .tooLarge {
      throw .init("is larger than \(sizeLimit >> 20) MiB; \(kind) is not")
    } catch {
      throw .init(error == .missing ? "\(error)" : "cannot be read: \(error)")
    }
  }

  private static func problem(of error: YamlError, _ format: String) -> DocumentError.Problem {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if problem.contains("nesting level") { return .init("is not \(format): nested too deeply") }
      let lead = context.map { "\($0.text): " } ?? ""
      return .init(
        "is not \(format): \(lead)\(problem)",
        at: SourcePosition(line: mark.line, column: mark.column))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let mark = context.mark
      return .init(
        "a key is given twice: \(duplicates.prefix(20).map { "'\(excerpt($0))'" }.joined(separator: ", "))",
        at: SourcePosition(line: mark.line, column: mark.column))
    case .reader(let problem, _, _, _):
      // Its description has the whole text.
      return .init("is not \(format): \(problem)")
    default:
      return .init("is not \(format): \(error)")
    }
  }
}
