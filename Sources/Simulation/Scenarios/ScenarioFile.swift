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
    /// Which pairs this combination runs, by position in the scenario's attacks and defenses.
    public let includes: @Sendable (_ attack: Int, _ defense: Int) -> Bool
    /// What of the scenario could be read.
    let soundness: Soundness
  }

  /// What of a scenario is in order, so that more can be checked; false leaves values of no meaning.
  struct Soundness: Sendable {
    /// The data set.
    var dataset = false
    /// All that data, model and components are checked against.
    var settings = false
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
    let sink = ProblemSink()
    try self.init(text: text, path: path, catalog: catalog, overrides: overrides, sink: sink)
    guard sink.problems.isEmpty else { throw DocumentError(file: path, problems: sink.problems) }
  }

  /// Whether a file says that it is something else of ours, such as a baseline.
  private static func isOtherFile(_ root: Node) -> Bool {
    guard let schema = root.value(of: "schema")?.string else { return false }
    return schema.hasPrefix("gauntlet/") && !schema.hasPrefix("gauntlet/scenario/")
  }

  /// Reads as much of a scenario as can be read; its problems go to the sink.
  ///
  /// - Throws: ``DocumentError`` for what is no scenario at all.
  init(
    text: String, path: String, catalog: Catalog, overrides: [(key: String, value: String)],
    sink: ProblemSink
  ) throws(DocumentError) {
    self.path = path
    sha256 = Hexadecimal.string(SHA256.hash(Array(text.utf8)))
    var root = try YAMLDocument.root(text, path: path)
    // Another file given by mistake: its contents are no business of an error message.
    guard ScenarioDecoder.topKeys.contains(where: { root.value(of: $0) != nil }),
      !Self.isOtherFile(root)
    else {
      throw DocumentError(
        file: path,
        problems: [
          .init("is not a scenario, which starts with 'schema: \(ScenarioDecoder.schema)'")
        ])
    }
    for (key, value) in overrides {
      root = NodeOverride.set(key, to: value, in: root, sink: sink)
    }
    var decoder = ScenarioDecoder(catalog: catalog, sink: sink)
    let lists = decoder.lists(root)
    let matrix = MatrixReader(
      root, attacks: lists.attacks, defenses: lists.defenses, catalog: catalog, sink: sink)
    decoder.sweepsServer =
      matrix.takesSeveral(of: "server.algorithm") || matrix.takesSeveral(of: "server.optimizer")
    ComponentCheck(catalog: catalog, sink: sink).check(matrix.attacks, matrix.defenses)
    let common = ScenarioDecoder.Lists(
      seeds: lists.seeds, attacks: matrix.attacks, defenses: matrix.defenses)
    variants = matrix.combinations.map { combination in
      var node = root
      for (axis, value) in combination.settings {
        node = NodeOverride(axisAt: matrix.marks[axis.key], sink: sink)
          .applying(axis.key, value, to: node)
      }
      let (scenario, soundness) = decoder.decode(node, common)
      return Variant(
        axes: combination.settings.map(\.axis), scenario: scenario, includes: combination.cells,
        soundness: soundness)
    }
    name = variants.first?.scenario.name ?? ""
  }
}
