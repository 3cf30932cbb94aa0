import Diagnostics
import Documents
import Yams

/// One entry of `include` or `exclude`.
struct MatrixFilter {
  var attack: String?
  var defense: String?
  /// Axes that are settings of the scenario.
  var settings: [ScenarioFile.Axis] = []
  /// Axes that sweep a parameter, by list.
  var parameters: [(of: MatrixAxis.Parameter, axis: ScenarioFile.Axis, node: Node)] = []
  /// The values of ``settings`` as they stand in the file.
  var nodes: [ScenarioFile.Axis: Node] = [:]
  let position: SourcePosition?

  /// What it names, as far as cells know it, by axis.
  var axes: [ScenarioFile.Axis] { settings + parameters.map(\.axis) }

  /// What it says: equal for entries that say the same.
  var identity: [String] {
    [attack ?? "", defense ?? ""] + axes.map { "\($0.key)=\($0.value)" }.sorted()
  }

  static let limit = 10_000

  static func filters(_ reader: MappingReader, _ key: String) -> [MatrixFilter] {
    let sink = reader.sink
    guard let node = reader.take(key) else { return [] }
    guard case .sequence(let items) = node else {
      sink.report("matrix.\(key) has to be a list of mappings, not \(node.kindName)", at: node)
      return []
    }
    guard items.count <= limit else {
      sink.report("matrix.\(key) has \(items.count) entries; it takes at most \(limit)", at: node)
      return []
    }
    return items.map { item in
      let entry = MappingReader(item, path: "matrix.\(key)", sink: sink)
      var filter = MatrixFilter(position: item.position)
      for (name, value) in entry.rest {
        if name == "attack" || name == "defense" {
          guard let word = value.string else {
            sink.report(
              "matrix.\(key).\(name) has to be one id, not \(value.kindName); each entry names one",
              at: value)
            continue
          }
          if name == "attack" { filter.attack = word } else { filter.defense = word }
          continue
        }
        guard let label = MatrixAxis.label(value) else {
          sink.report("matrix.\(key).\(excerpt(name)) has to be one value", at: value)
          continue
        }
        let axis = ScenarioFile.Axis(key: name, value: label)
        if let parameter = MatrixAxis.parameter(name) {
          filter.parameters.append((parameter, axis, value))
        } else {
          filter.settings.append(axis)
          filter.nodes[axis] = value
        }
      }
      return filter
    }
  }
}
