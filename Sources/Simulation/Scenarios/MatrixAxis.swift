import Components
import Diagnostics
import Documents
import Federation
import Results
import Yams

/// One axis of the matrix, and the values that it takes.
struct MatrixAxis {
  struct Value {
    /// The value in one spelling: numbers that are equal have one, as they are one value.
    let label: String
    let node: Node
    /// What it says, where the axis is the schedule of an attack.
    var schedule: Chosen<AttackScheduleEntry>?

    /// What a parameter of a component takes.
    var argument: ArgumentValue? { ArgumentValue(node) }
  }

  /// A parameter of an entry of `attacks` or `defenses`.
  struct Parameter {
    let list: String
    let entry: String
    let name: String

    /// The key of an attack that is no parameter of it and can be swept as one.
    static let schedule = "schedule"

    var isSchedule: Bool { list == "attacks" && name == Self.schedule }
  }

  let key: String
  let position: SourcePosition?
  let values: [Value]
  /// The parameter that it sweeps; `nil` for a setting of the scenario.
  let parameter: Parameter?

  /// How many parts a dotted key has at most.
  static let partLimit = 16
  /// How many scalars, lists and mappings one value has at most.
  private static let nodeLimit = 1_000

  /// Splits `attacks.ipm-0.5.epsilon`: parameters have no dots, ids may.
  ///
  /// Of `defenses.mine.params.k` the parameter is `params.k`.
  static func parameter(_ key: String) -> Parameter? {
    let parts = key.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, let list = parts.first, ["attacks", "defenses"].contains(list),
      let last = parts.indices.last
    else { return nil }
    let mapping = parts[..<last].lastIndex { $0 == ArgumentValue.freeMapping } ?? last
    let start = mapping >= 2 ? mapping : last
    return Parameter(
      list: String(list), entry: parts[1..<start].joined(separator: "."),
      name: parts[start...].joined(separator: "."))
  }

  /// Why a dotted key cannot be an axis; `nil` if it can.
  static func refusal(of key: String) -> String? {
    let parts = key.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= partLimit else {
      return "has \(parts.count) parts; a key has at most \(partLimit)"
    }
    let reason: String? =
      switch parts[0] {
      case "matrix": "cannot be an axis: the matrix is what has axes"
      case "seeds": "cannot be an axis: every combination runs with all seeds; list them in 'seeds'"
      case "schema", "name", "rounds", "include", "exclude":
        "cannot be an axis: it has one value in a scenario"
      case "attacks", "defenses":
        parts.count < 3
          ? "cannot be an axis: it takes an entry and a parameter, \(parts[0]).ID.PARAMETER" : nil
      default: nil
      }
    return reason ?? (parts.count < 2 || parts.contains("") ? "is not a dotted key" : nil)
  }

  /// The value in one spelling: a scalar, or flow YAML on one line for lists and mappings; `nil` if
  /// it is too large for the name of a cell.
  static func label(_ node: Node) -> String? {
    var count = 0
    guard isSmall(node, &count) else { return nil }
    if case .scalar(let scalar) = node {
      let label = canonical(scalar)
      return label.utf8.count <= nodeLimit ? label : nil
    }
    guard let yaml = try? Yams.serialize(node: flow(node), width: -1) else { return nil }
    let label = yaml.split(separator: "\n").joined(separator: " ")
    return label.utf8.count <= nodeLimit ? label : nil
  }

  private static func isSmall(_ node: Node, _ count: inout Int) -> Bool {
    count += 1
    guard count <= nodeLimit else { return false }
    switch node {
    case .scalar, .alias: return true
    case .sequence(let items): return items.allSatisfy { isSmall($0, &count) }
    case .mapping(let pairs):
      return pairs.allSatisfy { isSmall($0.key, &count) && isSmall($0.value, &count) }
    }
  }

  private static func canonical(_ scalar: Node.Scalar) -> String {
    let node = Node.scalar(scalar)
    if let number = node.wholeNumber { return String(number) }
    guard let number = node.number else { return scalar.string }
    return CanonicalJSON.number(number)
  }

  /// The node with every list and mapping in it written in brackets.
  private static func flow(_ node: Node) -> Node {
    switch node {
    case .alias: node
    case .scalar(let scalar):
      .scalar(Node.Scalar(canonical(scalar), .implicit, scalar.style))
    case .sequence(let items):
      .sequence(Node.Sequence(items.map { flow($0) }, .implicit, .flow))
    case .mapping(let pairs):
      .mapping(Node.Mapping(pairs.map { (flow($0.key), flow($0.value)) }, .implicit, .flow))
    }
  }
}
