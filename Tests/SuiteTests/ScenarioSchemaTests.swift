import Components
import Diagnostics
import Documents
import Federation
import Foundation
import Results
import Suite
import Testing
import Yams

@testable import Simulation

/// The JSON Schema, the table of keys and the decoder say the same.
@Suite struct ScenarioSchemaTests {
  private let validator = SchemaValidator(schema: ScenarioSchema.json(.builtIn))

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scenarios")

  static let shipped =
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  private static let valid = """
    schema: gauntlet/scenario/1
    name: test
    seeds: [1]
    rounds: 4
    task:
      dataset: {use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}
      model: {kind: mlp, hidden: [4]}
      local: {epochs: 1, batch: 8, lr: 1e-1}
    clients: {count: 9}
    threat:
      malicious: {count: 2}
      backdoor: {size: 1, target: 0}
    attacks: [none, {id: bd, use: backdoor, with: [boost]}]
    defenses: [mean, {id: k, use: krum, f: 2, stages: []}]

    """

  private func value(_ node: Node) -> JSONValue {
    switch node {
    case .alias: .null
    case .sequence(let items): .array(items.map { value($0) })
    case .mapping(let pairs):
      .object(
        Dictionary(pairs.map { ($0.key.string ?? "", value($0.value)) }) { first, _ in first })
    case .scalar(let scalar):
      if let number = node.wholeNumber {
        .integer(number)
      } else if let number = node.number {
        .number(number)
      } else {
        .string(scalar.string)
      }
    }
  }

  private func problems(_ text: String) throws -> [String] {
    validator.problems(value(try YAMLDocument.root(text, path: "t.yaml")))
  }

  private func decoderProblems(_ text: String, _ overrides: [(String, String)] = []) -> String {
    do throws(DocumentError) {
      _ = try ScenarioFile(
        text: text, path: "t.yaml", catalog: .builtIn,
        overrides: overrides.map { (key: $0.0, value: $0.1) })
      return ""
    } catch {
      return error.description
    }
  }

  @Test(arguments: shipped) func `shipped scenarios fit`(_ name: String) throws {
    let text = try String(
      contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    #expect(try problems(text) == [])
  }

  @Test func `twenty scenarios are shipped`() { #expect(Self.shipped.count >= 20) }

  @Test(arguments: [
    ("name: test\n", ""), ("rounds: 4", "rounds: four"), ("rounds: 4", "rouns: 4"),
    ("lr: 1e-1", "lr: x"), ("lr: 1e-1", "lr: 0"), ("lr: 1e-1", "lr: 0.1, lrr: 1"),
    (", lr: 1e-1", ""), ("use: gaussian-classes", "use: gausian-classes"),
    ("kind: mlp", "kind: logistic"), ("{count: 9}", "{count: 0}"), ("{count: 9}", "nine"),
    ("{count: 2}", "1.0"), ("{count: 2}", "{count: 2, share: 1}"), ("[none,", "[nnoe,"),
    ("use: backdoor", "use: backdoor, ratio: 7"), ("use: backdoor", "use: backdoor, rat: 1"),
    ("use: krum", "use: krumm"), ("with: [boost]", "with: [bost]"), ("[1]", "[1, 1]"),
    ("[1]", "{from: 1}"), ("id: bd", "id: 'a/b'"), ("scenario/1", "scenario/2"),
    ("attacks:", "matrix: {matrix: [1]}\nattacks:"),
    ("attacks:", "matrix: {seeds.count: [1]}\nattacks:"),
    ("attacks:", "matrix: {clients.count: 4}\nattacks:"),
    ("attacks:", "matrix: {clients.count: [4, 4]}\nattacks:"),
    ("attacks:", "server: {algorithm: fedagv}\nattacks:"),
    ("{count: 2}", "{count: 2}\n  auxiliary: {class: 1, kind: files}"),
    ("attacks:", "defense-knows: {malicious: 0.2}\nattacks:"),
    ("{id: bd,", "{schedule: often, id: bd,"),
    ("{id: bd,", "{schedule: {kind: every, j: 1}, id: bd,"),
    ("[none,", "[{id: g, groups: []},"), ("[none,", "[{id: g, groups: [{attack: ipmm}]},"),
    ("[none,", "[{id: g, groups: [{share: 1.5, attack: ipm}]},"),
    ("[none,", "[{id: g, groups: [{share: 1}]},"), ("[none,", "[{groups: [{attack: ipm}]},"),
    ("[none,", "[{id: g, groups: [{attack: ipm}], with: [boost]},"),
    ("[none,", "[{id: g, groups: [{attack: {id: h, groups: [{attack: ipm}]}}]},"),
    ("backdoor: {size", "groups: [{name: a}]\n  backdoor: {size"),
  ])
  func `what the decoder refuses does not fit`(old: String, new: String) throws {
    #expect(try problems(Self.valid) == [] && decoderProblems(Self.valid).isEmpty)
    #expect(Self.valid.contains(old))
    let text = Self.valid.replacing(old, with: new)
    #expect(!decoderProblems(text).isEmpty)
    #expect(try !problems(text).isEmpty)
  }

  @Test(arguments: [
    ("lr: 1e-1", "lr: 1, schedule: cosine"), ("[1]", "{from: 3, count: 2}"),
    ("{count: 2}", "0.2"), ("[none,", "[{id: none},"),
    ("{id: bd,", "{schedule: in-turn, id: bd,"),
    ("{id: bd,", "{schedule: {kind: random, count: 1}, id: bd,"),
    (
      "[none,",
      "[{id: g, schedule: every, cite: x, groups: [{attack: ipm}, {name: b, share: 0.5, attack: "
        + "{use: backdoor, with: [boost], schedule: in-turn}}]},"
    ),
    (
      "backdoor: {size",
      "groups: [{name: a, share: 0.5}, {name: b, share: 0.5}]\n  backdoor: {size"
    ),
    (
      "attacks:",
      "matrix: {attacks.bd.ratio: [0.1, 0.2], clients.count: [9, 10], exclude: [{attack: none}]}\n"
        + "attacks:"
    ),
    ("attacks:", "defense-knows: {malicious: {bound: 0.3}, root-samples: 5}\nattacks:"),
    ("attacks:", "server: {weighting: samples, sample-cap: 3, algorithm: fedavg}\nattacks:"),
    ("{count: 2}", "{count: 2}\n  auxiliary: {class: 1, kind: low-density, neighbors: 3}"),
    ("{count: 2}", "{count: 2}\n  auxiliary: {class: 1, kind: folder, folder: ardis}"),
  ])
  func `what the decoder takes fits`(old: String, new: String) throws {
    let text = Self.valid.replacing(old, with: new)
    #expect(text != Self.valid && decoderProblems(text).isEmpty, "\(decoderProblems(text))")
    #expect(try problems(text) == [])
  }

  // MARK: - Table and decoder

  /// What a condition of the table, such as `server.weighting: samples`, sets.
  private func overrides(_ condition: String) -> (String, String) {
    let parts = condition.split(separator: ":", maxSplits: 1)
    return (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
  }

  @Test func `the decoder knows every key of the table`() {
    for key in ScenarioKeys.list(.builtIn) {
      // Attacks and defenses are lists; the matrix is read by another reader.
      let parent = key.path.split(separator: ".").dropLast().joined(separator: ".")
      if ["attacks", "defenses"].contains(parent) { continue }
      // A value that no key takes: it is wrong there, but the key is not unknown.
      var set = key.conditions.prefix(1).map { overrides($0) }
      if key.path.hasSuffix("malicious.count") { set.append((parent, "{}")) }
      set.append((key.path, "{no-key: 1}"))
      let text = decoderProblems(Self.valid, set)
      #expect(!text.contains("unknown key '\(key.path)'"), "\(text)")
      #expect(!text.isEmpty, "\(key.path)")
    }
  }

  @Test func `the table has every key that the decoder knows`() {
    let listed = ScenarioKeys.list(.builtIn)
    let paths = Set(listed.map(\.path))
    let parents = Set(paths.map { $0.split(separator: ".").dropLast().joined(separator: ".") })
      .subtracting(["attacks", "defenses", "matrix"])
    for parent in parents.sorted() {
      let prefix = parent.isEmpty ? "" : parent + "."
      let conditions = Set(
        listed.filter { $0.path.hasPrefix(prefix) }.flatMap(\.conditions)
          .filter { !$0.hasPrefix(prefix + "dataset") || parent == "" })
      for set in [[]] + conditions.sorted().map({ [overrides($0)] }) {
        let text = decoderProblems(Self.valid, set + [(prefix + "zzzzzzzzzzzzzzzzzzzz", "1")])
        guard let range = text.range(of: "unknown key '\(prefix)zzzzzzzzzzzzzzzzzzzz'; known: ")
        else { continue }
        let known = text[range.upperBound...].prefix { $0 != "\n" }.split(separator: ", ")
        #expect(!known.isEmpty)
        for name in known {
          #expect(paths.contains(prefix + name) || ["use", "kind"].contains(name))
        }
      }
    }
  }
}
