import Crypto
import Foundation
import Yams

/// A scenario file with its matrix expanded.
public struct ScenarioFile: Sendable {
  /// One combination of the matrix axes.
  public struct Variant: Sendable {
    /// Dotted key and value of each axis, in the order of the file.
    public let axes: [Axis]
    public let scenario: Scenario
    /// Which (attack id, defense id) pairs this combination runs.
    public let includes: @Sendable (_ attack: String, _ defense: String) -> Bool
  }

  /// One value of one matrix axis.
  public struct Axis: Sendable, Hashable {
    public let key: String
    public let value: String
  }

  /// The path as the user wrote it.
  public let path: String
  /// Digest of the text's bytes, in hexadecimal.
  public let sha256: String
  public let name: String
  public let variants: [Variant]

  /// Reads and checks a scenario.
  ///
  /// - Parameters:
  ///   - path: A YAML (or JSON) file; `-` is standard input.
  ///   - overrides: Dotted keys and values that replace what the file says, as `--set` gives them.
  /// - Throws: ``ScenarioError`` with every problem found.
  public init(path: String, overrides: [(key: String, value: String)] = []) throws(ScenarioError) {
    let name = path == "-" ? "standard input" : path
    let data: Data
    do {
      data = try Self.contents(of: path)
    } catch let error as ScenarioError.Problem {
      throw ScenarioError(file: name, problems: [error])
    } catch {
      throw ScenarioError(file: name, problems: [.init("cannot be read")])
    }
    guard let text = String(bytes: data, encoding: .utf8) else {
      throw ScenarioError(file: name, problems: [.init("is not UTF-8 text")])
    }
    try self.init(
      text: text, path: name, sha256: Hexadecimal.string(SHA256.hash(data: data)),
      overrides: overrides)
  }

  private static let sizeLimit = 1 << 24

  /// Reads a file, a pipe or, for `-`, standard input.
  private static func contents(of path: String) throws -> Data {
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      let files = FileManager.default
      guard files.fileExists(atPath: path) else { throw ScenarioError.Problem("no such file") }
      guard !files.fileExists(atPath: path + "/.") else {
        throw ScenarioError.Problem("is a folder; a scenario is a file")
      }
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    }
    var data = Data()
    while let piece = try handle.read(upToCount: 1 << 16), !piece.isEmpty {
      data += piece
      guard data.count <= sizeLimit else {
        throw ScenarioError.Problem("is larger than \(sizeLimit >> 20) MiB; a scenario is not")
      }
    }
    return data
  }

  /// Reads and checks the text of a scenario; `path` names it in messages.
  public init(text: String, path: String, overrides: [(key: String, value: String)] = [])
    throws(ScenarioError)
  {
    try self.init(
      text: text, path: path, sha256: Hexadecimal.string(SHA256.hash(data: Array(text.utf8))),
      overrides: overrides)
  }

  private init(
    text: String, path: String, sha256: String, overrides: [(key: String, value: String)]
  ) throws(ScenarioError) {
    self.path = path
    self.sha256 = sha256
    let sink = ProblemSink()
    var root = try Self.parse(text, path: path)
    // Another file given by mistake: its contents are no business of an error message.
    guard ScenarioDecoder.topKeys.contains(where: { root.mapping?[Node($0)] != nil }) else {
      throw ScenarioError(
        file: path,
        problems: [
          .init("is not a scenario, which starts with 'schema: \(ScenarioDecoder.schema)'")
        ])
    }
    for (key, value) in overrides {
      root = NodeOverride(label: "--set \(key)", mark: nil, sink: sink)
        .applying(key, value, to: root)
    }
    let matrix = MatrixReader(root, sink: sink)
    let decoder = ScenarioDecoder(sink: sink)
    variants = matrix.combinations.map { combination in
      var node = root
      for axis in combination.axes {
        node = NodeOverride(label: "matrix", mark: matrix.marks[axis.key], sink: sink)
          .applying(axis.key, axis.value, to: node)
      }
      return Variant(
        axes: combination.axes, scenario: decoder.decode(node), includes: combination.includes)
    }
    matrix.checkNames(
      attacks: variants.flatMap(\.scenario.attacks).map(\.id).uniqued(),
      defenses: variants.flatMap(\.scenario.defenses).map(\.id).uniqued(), sink: sink)
    name = variants.first?.scenario.name ?? ""
    guard sink.problems.isEmpty else { throw ScenarioError(file: path, problems: sink.problems) }
  }

  private static func parse(_ text: String, path: String) throws(ScenarioError) -> Node {
    do {
      guard let root = try Yams.compose(yaml: text), root.scalar?.string != "" else {
        throw ScenarioError(file: path, problems: [.init("the file is empty")])
      }
      return root
    } catch let error as ScenarioError {
      throw error
    } catch let error as YamlError {
      throw ScenarioError(file: path, problems: [problem(of: error)])
    } catch {
      throw ScenarioError(file: path, problems: [.init("is not YAML: \(error)")])
    }
  }

  private static func problem(of error: YamlError) -> ScenarioError.Problem {
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
