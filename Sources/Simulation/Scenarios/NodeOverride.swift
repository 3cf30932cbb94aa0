import Diagnostics
import Documents
import Yams

/// Replaces values of a scenario at dotted keys, as `--set` and the matrix do.
struct NodeOverride {
  /// Names the origin in messages.
  let label: String
  /// The place that problems with the new value are reported at; `nil` if it is not in the file.
  let mark: Mark?
  let sink: ProblemSink

  /// Replaces the value at a key; missing mappings on the way are made.
  func applying(_ key: String, _ text: String, to root: Node) -> Node {
    let position = mark.map { SourcePosition(line: $0.line, column: $0.column) }
    guard let value = try? YAMLDocument.composed(text) else {
      sink.report("\(label): '\(text)' is not a YAML value", at: position)
      return root
    }
    let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !parts.contains("") else {
      sink.report("\(label): '\(key)' is not a dotted key", at: position)
      return root
    }
    return setting(parts[...], of: root, to: marked(value))
  }

  private func setting(_ keys: ArraySlice<String>, of node: Node, to value: Node) -> Node {
    guard let key = keys.first else { return value }
    var mapping: Node.Mapping
    if case .mapping(let existing) = node {
      mapping = existing
    } else {
      mapping = Node.Mapping([], .implicit, .any, mark)
    }
    let name = Node.scalar(Node.Scalar(key, .implicit, .any, mark))
    let inner = mapping[name] ?? .mapping(Node.Mapping([], .implicit, .any, mark))
    mapping[name] = setting(keys.dropFirst(), of: inner, to: value)
    return .mapping(mapping)
  }

  /// The node with our mark throughout: its own counts from the start of the value.
  private func marked(_ node: Node) -> Node {
    switch node {
    case .scalar(let scalar):
      .scalar(Node.Scalar(scalar.string, scalar.tag, scalar.style, mark))
    case .sequence(let items):
      .sequence(Node.Sequence(items.map(marked), items.tag, items.style, mark))
    case .mapping(let pairs):
      .mapping(
        Node.Mapping(
          pairs.map { (marked($0.key), marked($0.value)) }, pairs.tag, pairs.style, mark))
    case .alias:
      node
    }
  }
}
