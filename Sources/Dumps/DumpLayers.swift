import Diagnostics
import Documents
import Tensors
import Yams

/// The tensors that a `meta.json` names, in the order of the values of a row.
struct DumpLayers {
  /// `nil` where something is wrong, which was reported.
  private(set) var layout: ParameterLayout?

  /// Reads a list of names and shapes, which have to take all values of a row.
  init(_ node: Node, columnCount: Int, sink: ProblemSink) {
    guard case .sequence(let items) = node, !items.isEmpty else {
      sink.report(
        "layers has to be a list of names and shapes, not \(node.kindName)", at: node)
      return
    }
    let before = sink.reportCount
    var layers: [(name: String, shape: [Int], role: ParameterLayout.Role?)] = []
    for (index, item) in items.enumerated() {
      let reader = MappingReader(item, path: "layers[\(index)]", sink: sink)
      let name = reader.text("name")
      let shape = Self.shape(reader)
      layers.append((name, shape, Self.role(reader)))
      reader.finish()
    }
    guard sink.reportCount == before else { return }
    guard let layout = Self.layout(layers, columnCount: columnCount) else {
      sink.report("layers do not take the \(columnCount) values that a row has", at: node)
      return
    }
    if Set(layers.map(\.name)).count < layers.count {
      sink.report("layers has a name twice", at: node)
      return
    }
    self.layout = layout
  }

  /// Lays tensors one behind the other; `nil` unless they take so many values together.
  ///
  /// Without a role, one of several dimensions is a weight, others are biases.
  static func layout(
    _ layers: [(name: String, shape: [Int], role: ParameterLayout.Role?)], columnCount: Int
  ) -> ParameterLayout? {
    var segments: [ParameterLayout.Segment] = []
    var start = 0
    for layer in layers {
      var size = 1
      for extent in layer.shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: extent)
        guard !overflow, product <= columnCount else { return nil }
        size = product
      }
      guard size <= columnCount - start else { return nil }
      segments.append(
        ParameterLayout.Segment(
          name: layer.name, role: layer.role ?? (layer.shape.count > 1 ? .weight : .bias),
          shape: layer.shape, range: start..<start + size))
      start += size
    }
    return start == columnCount ? ParameterLayout(segments) : nil
  }

  private static func shape(_ reader: MappingReader) -> [Int] {
    guard let node = reader.take("shape") else {
      reader.reportMissing("shape")
      return []
    }
    if case .sequence(let items) = node, items.count <= 8 {
      let extents = items.compactMap { $0.wholeNumber.flatMap { $0 > 0 ? $0 : nil } }
      if extents.count == items.count { return extents }
    }
    reader.sink.report(
      "\(reader.full("shape")) has to be a list of at most 8 whole numbers from 1 on", at: node)
    return []
  }

  private static func role(_ reader: MappingReader) -> ParameterLayout.Role? {
    guard let node = reader.take("role") else { return nil }
    if let role = DumpMeta.roles.first(where: { $0.name == node.string })?.role { return role }
    reader.sink.report(
      "\(reader.full("role")) is \(node.kindName)"
        + suggestion(for: node.string ?? "", among: DumpMeta.roles.map(\.name)), at: node)
    return nil
  }
}
