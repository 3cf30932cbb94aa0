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

  /// Whether it stands for several components, whose parameters cannot be swept.
  var isCompound: Bool { get }

  /// What the component says about itself; `nil` if there is none of this id.
  static func manifest(of id: ComponentID, in catalog: Catalog) -> ComponentManifest?

  /// This entry with a parameter, or a key of its own, replaced.
  func setting(_ name: String, to value: MatrixAxis.Value) -> Self
}

extension AttackChoice: SweptEntry {
  static var listKey: String { "attacks" }

  var swept: Choice {
    get { choice }
    set { choice = newValue }
  }

  var isCompound: Bool { !groups.isEmpty }

  static func manifest(of id: ComponentID, in catalog: Catalog) -> ComponentManifest? {
    catalog.attacks.first { $0.manifest.id == id }?.manifest
  }

  func setting(_ name: String, to value: MatrixAxis.Value) -> Self {
    guard name == MatrixAxis.Parameter.schedule else { return sweeping(name, to: value) }
    var copy = self
    copy.schedule = value.schedule
    return copy
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
  var isCompound: Bool { false }

  /// This entry with a value of an axis.
  func taking(_ value: MatrixAxis.Value, of axis: MatrixAxis) -> Self {
    guard let parameter = axis.parameter else { return self }
    var copy = setting(parameter.name, to: value)
    copy.axes.append(.init(key: axis.key, value: value.label))
    return copy
  }

  func setting(_ name: String, to value: MatrixAxis.Value) -> Self { sweeping(name, to: value) }

  /// This entry with a parameter of its component replaced.
  fileprivate func sweeping(_ name: String, to value: MatrixAxis.Value) -> Self {
    guard let argument = value.argument else { return self }
    var copy = self
    copy.swept = swept.setting(name, to: argument, at: value.node.position)
    return copy
  }
}
