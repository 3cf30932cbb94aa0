import Components
import Diagnostics
import Documents
import Yams

extension MappingReader {
  /// Reads the keys that some specs name.
  ///
  /// Every problem is reported at its value. What is missing or illegal is replaced, by the default
  /// or by some legal value, so that it causes no second problem.
  func arguments(_ specs: [ParameterSpec]) -> Arguments {
    var values: [String: ArgumentValue] = [:]
    for spec in specs { values[spec.name] = value(spec) ?? spec.fallback }
    return Arguments(checked: values)
  }

  private func value(_ spec: ParameterSpec) -> ArgumentValue? {
    guard let node = take(spec.name) else {
      if spec.standard == nil { reportMissing(spec.name) }
      return nil
    }
    // The word that stands for a missing path is its default.
    if let standard = spec.standard, let word = node.string, case .text(word) = standard {
      return standard
    }
    // One value stands for a list of one.
    if let value = ArgumentValue(node),
      let accepted = spec.kind.accepted(value) ?? spec.kind.accepted(.list([value]))
    {
      return accepted
    }
    report(spec, node)
    return nil
  }

  private func report(_ spec: ParameterSpec, _ node: Node) {
    if case .list(let kind, let count) = spec.kind, let items = node.sequence,
      count.contains(items.count),
      let wrong = items.indices.first(where: { place in
        ArgumentValue(items[place]).map { kind.accepted($0) == nil } ?? true
      })
    {
      sink.report(
        "\(full(spec.name)) has to be \(spec.kind); its entry \(wrong + 1) is "
          + items[wrong].kindName, at: items[wrong])
      return
    }
    guard case .choice(let words) = spec.kind else {
      let hint = ArgumentValue(node).map(spec.kind.precisionHint) ?? ""
      sink.report(
        "\(full(spec.name)) has to be \(spec.kind)\(hint), not \(node.kindName)", at: node)
      return
    }
    let hint = node.string.flatMap { nearest(to: $0, among: words) }
    sink.report(
      "\(full(spec.name)) is \(node.kindName); it has to be \(spec.kind)"
        + (hint.map { "; did you mean '\($0)'?" } ?? ""), at: node)
  }
}

extension Arguments {
  /// Legal values of all parameters, in place of ones that cannot be read.
  static func harmless(_ specs: [ParameterSpec]) -> Arguments {
    Arguments(checked: Dictionary(specs.map { ($0.name, $0.fallback) }) { first, _ in first })
  }
}

extension ParameterSpec {
  /// The value that holds where nothing is given; `nil` if something has to be.
  var standard: ArgumentValue? {
    switch `default` {
    case .value(let value): value
    case .planned(_, let otherwise, _): otherwise
    case .plan, .required: nil
    }
  }

  /// The default, or else some legal value.
  fileprivate var fallback: ArgumentValue { standard ?? kind.example }
}

extension ParameterSpec.Kind {
  /// Some legal value; the largest of a range, so that limits derived from it exclude nothing.
  fileprivate var example: ArgumentValue {
    switch self {
    case .real(let range, _): .real(range.upperBound)
    case .integer(let range, _): .integer(range.upperBound)
    case .choice(let words): .text(words.first ?? "")
    case .text, .path: .text("")
    case .mapping: .text("{}")
    case .list(let kind, let count):
      .list([ArgumentValue](repeating: kind.example, count: min(count.lowerBound, 1_000)))
    }
  }
}

extension ArgumentValue {
  /// Reads a scalar or a list of scalars.
  init?(_ node: Node) {
    if case .sequence(let items) = node {
      let values = items.compactMap { ArgumentValue($0) }
      guard values.count == items.count else { return nil }
      self = .list(values)
    } else if let value = node.wholeNumber {
      self = .integer(value)
    } else if let value = node.number {
      self = .real(value)
    } else if case .scalar(let scalar) = node, !scalar.string.isEmpty {
      self = .text(scalar.string)
    } else {
      return nil
    }
  }
}
