import Diagnostics
import Documents
import Yams

/// Replaces values of a scenario at dotted keys, as `--set` and the matrix do.
struct NodeOverride {
  /// What marks made mappings and keys on the way, so that problems name it.
  private let mark: Mark?
  private let tag: Tag
  private let sink: ProblemSink

  /// Values of the file, put elsewhere; keys on the way are marked with the place of the axis.
  init(axisAt mark: Mark?, sink: ProblemSink) {
    (self.mark, tag, self.sink) = (mark, .implicit, sink)
  }

  /// A value that `--set` gives.
  init(option: String, sink: ProblemSink) {
    (mark, tag, self.sink) = (nil, Tag(Tag.Name(rawValue: option)), sink)
  }

  /// Replaces the value at a key by what a text says, as `--set` does.
  static func set(
    _ key: String, to text: String, in root: Node, sink: ProblemSink
  ) -> Node {
    let option = "--set \(excerpt(key))"
    let place = SourcePosition(option: option)
    let parts = key.split(separator: ".", omittingEmptySubsequences: false)
    guard !parts.contains("") else {
      sink.report("'\(excerpt(key))' is not a dotted key", at: place)
      return root
    }
    guard parts.count <= MatrixAxis.partLimit else {
      sink.report(
        "the key has \(parts.count) parts; a key has at most \(MatrixAxis.partLimit)", at: place)
      return root
    }
    guard let value = try? YAMLDocument.composed(text) else {
      sink.report("'\(excerpt(text))' is not a YAML value", at: place)
      return root
    }
    let override = NodeOverride(option: option, sink: sink)
    return override.applying(key, override.tagged(value), to: root)
  }

  /// Replaces the value at a key; missing mappings on the way are made.
  ///
  /// `attacks.ID.PARAMETER` and `defenses.ID.PARAMETER` reach into the entry of that id.
  func applying(_ key: String, _ value: Node, to root: Node) -> Node {
    if let parameter = MatrixAxis.parameter(key),
      case .sequence(let entries)? = root.value(of: parameter.list)
    {
      return applying(parameter, value, to: root, entries)
    }
    return setting(key.split(separator: ".").map(String.init)[...], of: root, to: value)
  }

  private func applying(
    _ parameter: MatrixAxis.Parameter, _ value: Node, to root: Node, _ entries: Node.Sequence
  ) -> Node {
    let ids = entries.map { $0.string ?? ($0.value(of: "id") ?? $0.value(of: "use"))?.string ?? "" }
    guard let place = ids.firstIndex(of: parameter.entry) else {
      sink.report(
        "\(parameter.list) has no entry with the id '\(excerpt(parameter.entry))'"
          + suggestion(for: parameter.entry, among: ids),
        at: SourcePosition(option: tag.rawValue))
      return root
    }
    var items = Array(entries)
    if case .scalar(let scalar) = items[place] {
      let key = Node.scalar(Node.Scalar("use", .implicit, .any, scalar.mark))
      items[place] = .mapping(
        Node.Mapping([(key, items[place])], .implicit, .any, scalar.mark))
    }
    let path = parameter.name.split(separator: ".").map(String.init)
    items[place] = setting(path[...], of: items[place], to: value)
    let list = Node.sequence(Node.Sequence(items, entries.tag, entries.style, entries.mark))
    return setting([parameter.list], of: root, to: list)
  }

  private func setting(_ keys: ArraySlice<String>, of node: Node, to value: Node) -> Node {
    guard let key = keys.first else { return value }
    var pairs: [(Node, Node)] = []
    var shape = Node.Mapping([], tag, .any, mark)
    if case .mapping(let existing) = node {
      shape = existing
      pairs = existing.map { ($0.key, $0.value) }
    }
    let inner = node.value(of: key) ?? .mapping(Node.Mapping([], tag, .any, mark))
    let changed = setting(keys.dropFirst(), of: inner, to: value)
    if let place = pairs.lastIndex(where: { $0.0.string == key }) {
      pairs[place].1 = changed
    } else {
      pairs.append((.scalar(Node.Scalar(key, tag, .any, mark)), changed))
    }
    return .mapping(Node.Mapping(pairs, shape.tag, shape.style, shape.mark))
  }

  /// The node with our tag throughout: its own marks count from the start of the value.
  private func tagged(_ node: Node) -> Node {
    switch node {
    case .scalar(let scalar):
      .scalar(Node.Scalar(scalar.string, tag, scalar.style))
    case .sequence(let items):
      .sequence(Node.Sequence(items.map(tagged), tag, items.style))
    case .mapping(let pairs):
      .mapping(Node.Mapping(pairs.map { (tagged($0.key), tagged($0.value)) }, tag, pairs.style))
    case .alias:
      node
    }
  }
}

extension Node {
  /// The value of a key of a mapping; `nil` if this is none, or the key is not there.
  func value(of key: String) -> Node? {
    guard case .mapping(let pairs) = self else { return nil }
    return pairs.reversed().first { $0.key.string == key }?.value
  }
}
