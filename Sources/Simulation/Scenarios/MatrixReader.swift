import Diagnostics
import Documents
import Federation
import Yams

/// Expands `matrix:`, which reads as in a GitHub workflow.
///
/// Axes are dotted keys with lists of values; `exclude` takes cells out that match all keys of an
/// entry; `include` adds combinations, or cells to one that is there. Entries may name `attack` and
/// `defense` besides axes.
struct MatrixReader {
  struct Combination {
    var axes: [ScenarioFile.Axis]
    var includes: @Sendable (_ attack: String, _ defense: String) -> Bool
  }

  private(set) var combinations: [Combination] = []
  /// Where the values of each axis stand in the file.
  private(set) var marks: [String: Mark] = [:]
  private var filters: [Filter] = []

  init(_ root: Node, sink: ProblemSink) {
    guard let matrix = root.mapping?["matrix"] else {
      combinations = [Combination(axes: [], includes: { _, _ in true })]
      return
    }
    let reader = MappingReader(matrix, path: "matrix", sink: sink)
    let include = Self.filters(reader, "include", sink: sink)
    let exclude = Self.filters(reader, "exclude", sink: sink)
    filters = include + exclude
    var products: [[ScenarioFile.Axis]] = [[]]
    for (key, node) in reader.rest {
      _ = reader.take(key)
      guard key.contains("."), case .sequence(let items) = node, !items.isEmpty else {
        sink.report("matrix.\(key) has to be a dotted key with a list of values", at: node)
        continue
      }
      marks[key] = node.mark
      let values = items.compactMap { Self.text($0) }
      guard values.count == items.count, Set(values).count == values.count else {
        sink.report("matrix.\(key) has to be a list of different values", at: node)
        continue
      }
      products = products.flatMap { axes in values.map { axes + [.init(key: key, value: $0)] } }
    }
    if products != [[]] || include.isEmpty {
      combinations = products.map { axes in
        let applying = exclude.filter { $0.matches(axes) }
        return Combination(
          axes: axes,
          includes: { attack, defense in
            !applying.contains { $0.matches(attack: attack, defense: defense) }
          })
      }
    }
    Self.check(exclude, against: Set(products.flatMap { $0 }), sink: sink)
    for filter in include { add(filter) }
  }

  /// Reports attacks and defenses of entries that the scenario does not have.
  func checkNames(attacks: [String], defenses: [String], sink: ProblemSink) {
    for filter in filters {
      for (kind, name, known) in [
        ("attack", filter.attack, attacks), ("defense", filter.defense, defenses),
      ] {
        guard let name, !known.contains(name) else { continue }
        sink.report(
          "matrix: no \(kind) is '\(name)'" + suggestion(for: name, among: known),
          at: filter.position)
      }
    }
  }

  /// Whether the combinations differ in a key.
  func takesSeveral(of key: String) -> Bool {
    Set(combinations.map { $0.axes.first { $0.key == key }?.value }).count > 1
  }

  /// Adds what an entry of `include` names, to the combination with its axes if there is one.
  private mutating func add(_ filter: Filter) {
    let includes: @Sendable (String, String) -> Bool = { filter.matches(attack: $0, defense: $1) }
    guard let index = combinations.firstIndex(where: { Set($0.axes) == Set(filter.axes) }) else {
      combinations.append(Combination(axes: filter.axes, includes: includes))
      return
    }
    let known = combinations[index].includes
    combinations[index].includes = { known($0, $1) || includes($0, $1) }
  }

  /// Reports entries that can exclude nothing.
  private static func check(
    _ exclude: [Filter], against axes: Set<ScenarioFile.Axis>, sink: ProblemSink
  ) {
    let keys = Set(axes.map(\.key)).sorted()
    for filter in exclude {
      for axis in filter.axes where !axes.contains(axis) {
        let values = axes.filter { $0.key == axis.key }.map(\.value).sorted()
        sink.report(
          values.isEmpty
            ? "matrix.exclude: unknown axis '\(axis.key)'"
              + suggestion(for: axis.key, among: keys + ["attack", "defense"])
            : "matrix.exclude: no \(axis.key) is '\(axis.value)'"
              + suggestion(for: axis.value, among: values), at: filter.position)
      }
    }
  }

  private struct Filter: Sendable {
    var attack: String?
    var defense: String?
    var axes: [ScenarioFile.Axis]
    let position: SourcePosition?

    func matches(_ others: [ScenarioFile.Axis]) -> Bool {
      axes.allSatisfy { others.contains($0) }
    }

    func matches(attack: String, defense: String) -> Bool {
      (self.attack ?? attack) == attack && (self.defense ?? defense) == defense
    }
  }

  private static func filters(_ reader: MappingReader, _ key: String, sink: ProblemSink) -> [Filter]
  {
    guard let node = reader.take(key) else { return [] }
    guard case .sequence(let items) = node else {
      sink.report("matrix.\(key) has to be a list of mappings, not \(node.kindName)", at: node)
      return []
    }
    return items.map { item in
      let entry = MappingReader(item, path: "matrix.\(key)", sink: sink)
      var filter = Filter(axes: [], position: item.position)
      for (name, value) in entry.rest {
        _ = entry.take(name)
        guard let text = text(value) else {
          sink.report("matrix.\(key).\(name) has to be one value", at: value)
          continue
        }
        switch name {
        case "attack": filter.attack = text
        case "defense": filter.defense = text
        default: filter.axes.append(.init(key: name, value: text))
        }
      }
      return filter
    }
  }

  /// The value as the file writes it: a scalar, or flow YAML on one line for lists and mappings.
  private static func text(_ node: Node) -> String? {
    if let word = node.string { return word }
    guard let yaml = try? Yams.serialize(node: flow(node), width: -1) else { return nil }
    return yaml.split(separator: "\n").joined(separator: " ")
  }

  /// The node with every list and mapping in it written in brackets.
  private static func flow(_ node: Node) -> Node {
    switch node {
    case .scalar, .alias:
      return node
    case .sequence(let items):
      return .sequence(Node.Sequence(items.map { flow($0) }, .implicit, .flow))
    case .mapping(let pairs):
      return .mapping(Node.Mapping(pairs.map { (flow($0.key), flow($0.value)) }, .implicit, .flow))
    }
  }
}
