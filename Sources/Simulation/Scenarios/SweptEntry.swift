import Components
import Diagnostics
import Documents
import Federation

/// An attack or a defense of a scenario, as far as axes of the matrix sweep its parameters.
protocol SweptEntry {
  /// The key of the list that it stands in, with which its axes begin.
  static var listKey: String { get }

  var id: String { get }
  /// What is named, and whose parameters are swept.
  var swept: Choice { get set }
  var axes: [ScenarioFile.Axis] { get set }

  /// What the component says about itself; `nil` if there is none of this id.
  static func manifest(of id: ComponentID, in catalog: Catalog) -> ComponentManifest?
}

extension AttackChoice: SweptEntry {
  static var listKey: String { "attacks" }

  var swept: Choice {
    get { choice }
    set { choice = newValue }
  }

  static func manifest(of id: ComponentID, in catalog: Catalog) -> ComponentManifest? {
    catalog.attacks.first { $0.manifest.id == id }?.manifest
  }
}

extension DefenseChoice: SweptEntry {
  static var listKey: String { "defenses" }

  var swept: Choice {
    get { rule }
    set { rule = newValue }
  }

  static func manifest(of id: ComponentID, in catalog: Catalog) -> ComponentManifest? {
    catalog.aggregators.first { $0.manifest.id == id }?.manifest
  }
}

extension SweptEntry {
  /// This entry with a value of an axis.
  func taking(_ value: MatrixAxis.Value, of axis: MatrixAxis) -> Self {
    var copy = self
    guard let parameter = axis.parameter, let argument = value.argument else { return copy }
    copy.swept = swept.setting(parameter.name, to: argument, at: value.node.position)
    copy.axes.append(.init(key: axis.key, value: value.label))
    return copy
  }
}
