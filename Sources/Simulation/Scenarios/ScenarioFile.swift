public import Diagnostics
import Documents
public import Federation
import Hashing
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
  ///   - catalog: What it may name.
  ///   - overrides: Dotted keys and values that replace what the file says, as `--set` gives them.
  /// - Throws: ``DocumentError`` with every problem found.
  public init(
    path: String, catalog: Catalog, overrides: [(key: String, value: String)] = []
  ) throws(DocumentError) {
    let (name, text) = try YAMLDocument.text(of: path, kind: "a scenario")
    try self.init(text: text, path: name, catalog: catalog, overrides: overrides)
  }

  /// Reads and checks the text of a scenario; `path` names it in messages.
  public init(
    text: String, path: String, catalog: Catalog, overrides: [(key: String, value: String)] = []
  ) throws(DocumentError) {
    self.path = path
    sha256 = Hexadecimal.string(SHA256.hash(Array(text.utf8)))
    let sink = ProblemSink()
    var root = try YAMLDocument.root(text, path: path)
    // Another file given by mistake: its contents are no business of an error message.
    guard ScenarioDecoder.topKeys.contains(where: { root.mapping?[Node($0)] != nil }) else {
      throw DocumentError(
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
    var decoder = ScenarioDecoder(catalog: catalog, sink: sink)
    decoder.sweepsAlgorithm = matrix.takesSeveral(of: "server.algorithm")
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
    guard sink.problems.isEmpty else { throw DocumentError(file: path, problems: sink.problems) }
  }
}
