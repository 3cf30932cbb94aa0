public import Diagnostics
import Foundation
public import Yams

/// Reading YAML files that users write; JSON is YAML.
public enum YAMLDocument {
  private static let sizeLimit = 1 << 24

  /// Reads a file, a pipe or, for `-`, standard input.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - kind: What it should be, with its article, for messages.
  /// - Returns: the name of the file in messages, and its text.
  /// - Throws: ``DocumentError`` for a folder, a file that cannot be read, is not UTF-8 or is larger
  ///   than 16 MiB.
  public static func text(
    of path: String, kind: String
  ) throws(DocumentError) -> (name: String, text: String) {
    let name = path == "-" ? "standard input" : path
    let data: Data
    do {
      data = try contents(of: path, kind: kind)
    } catch let error as DocumentError.Problem {
      throw DocumentError(file: name, problems: [error])
    } catch {
      throw DocumentError(file: name, problems: [.init("cannot be read")])
    }
    guard let text = String(bytes: data, encoding: .utf8) else {
      throw DocumentError(file: name, problems: [.init("is not UTF-8 text")])
    }
    return (name, text)
  }

  /// Parses a text.
  ///
  /// - Throws: ``DocumentError`` with the place, for an empty text, a syntax error, a key that is
  ///   given twice, an alias in a key, or aliases that stand for more than a million values.
  public static func root(_ text: String, path: String) throws(DocumentError) -> Node {
    do {
      guard let root = try composed(text), root.scalar?.string != "" else {
        throw DocumentError(file: path, problems: [.init("the file is empty")])
      }
      return root
    } catch let error as DocumentError {
      throw error
    } catch let error as YamlError {
      throw DocumentError(file: path, problems: [problem(of: error)])
    } catch let error as DocumentError.Problem {
      throw DocumentError(file: path, problems: [error])
    } catch {
      throw DocumentError(file: path, problems: [.init("is not YAML: \(error)")])
    }
  }

  /// Composes a text whose aliases stand for a bearable number of values; `nil` for no document.
  ///
  /// - Throws: `DocumentError.Problem` about aliases, or an error of Yams.
  public static func composed(_ text: String) throws -> Node? {
    try AliasCount.check(text)
    return try Yams.compose(yaml: text)
  }

  private static func contents(of path: String, kind: String) throws -> Data {
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      let files = FileManager.default
      guard files.fileExists(atPath: path) else { throw DocumentError.Problem("no such file") }
      guard !files.fileExists(atPath: path + "/.") else {
        throw DocumentError.Problem("is a folder; \(kind) is a file")
      }
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    }
    var data = Data()
    while let piece = try handle.read(upToCount: 1 << 16), !piece.isEmpty {
      data += piece
      guard data.count <= sizeLimit else {
        throw DocumentError.Problem("is larger than \(sizeLimit >> 20) MiB; \(kind) is not")
      }
    }
    return data
  }

  private static func problem(of error: YamlError) -> DocumentError.Problem {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if problem.contains("nesting level") { return .init("is not YAML: nested too deeply") }
      let lead = context.map { "\($0.text): " } ?? ""
      return .init(
        "is not YAML: \(lead)\(problem)", at: SourcePosition(line: mark.line, column: mark.column))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let mark = context.mark
      return .init(
        "a key is given twice: \(duplicates.map { "'\($0)'" }.joined(separator: ", "))",
        at: SourcePosition(line: mark.line, column: mark.column))
    default:
      return .init("is not YAML: \(error)")
    }
  }
}
