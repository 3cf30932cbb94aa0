import Components
import Diagnostics
import Documents
import Federation
import Yams

/// Whether what the matrix names is there.
extension MatrixReader {
  /// Whether there is such a parameter; reports what there is instead.
  func check(
    _ parameter: MatrixAxis.Parameter, _ key: String, at position: SourcePosition?
  ) -> Bool {
    parameter.list == "attacks"
      ? check(parameter, key, among: originals.attacks, kind: "attack", at: position)
      : check(parameter, key, among: originals.defenses, kind: "defense", at: position)
  }

  private func check<Entry: SweptEntry>(
    _ parameter: MatrixAxis.Parameter, _ key: String, among index: EntryIndex<Entry>, kind: String,
    at position: SourcePosition?
  ) -> Bool {
    let name = "matrix.\(excerpt(key))"
    guard let entry = index.first(parameter.entry) else {
      let entries = index.entries
      // Where a list cannot be read, its own problem says so.
      if entries.isEmpty { return false }
      let id = excerpt(parameter.entry)
      let other = entries.first { $0.swept.use.rawValue == parameter.entry }
      sink.report(
        "\(name): no \(kind) has the id '\(id)'"
          + (other.map { "; the one that uses it has the id '\(excerpt($0.id))'" }
            ?? suggestion(for: parameter.entry, among: entries.map(\.id))),
        at: position)
      return false
    }
    if parameter.isSchedule { return true }
    guard !entry.isCompound else {
      sink.report(
        "\(name): '\(excerpt(parameter.entry))' has groups; only its schedule can be swept",
        at: position)
      return false
    }
    guard let manifest = Entry.manifest(of: entry.swept.use, in: catalog) else { return false }
    let known = manifest.parameters.map(\.name)
    // Only a mapping has something inside.
    let mapping = parameter.name.contains(".") ? ArgumentValue.freeMapping : nil
    guard known.contains(mapping ?? parameter.name) else {
      sink.report(
        "\(name): \(manifest.id) has no parameter '\(excerpt(parameter.name))'"
          + (known.isEmpty ? "; it has none" : suggestion(for: parameter.name, among: known)),
        at: position)
      return false
    }
    return true
  }

  /// Reports attacks and defenses that the scenario does not have.
  func checkNames(_ filters: [MatrixFilter]) {
    let known = (attacks: attacks.map(\.id), defenses: defenses.map(\.id))
    let sets = (attacks: Set(known.attacks), defenses: Set(known.defenses))
    for filter in filters {
      if let name = filter.attack, !sets.attacks.contains(name), !known.attacks.isEmpty {
        sink.report(
          "matrix: no attack is '\(excerpt(name))'" + suggestion(for: name, among: known.attacks),
          at: filter.position)
      }
      if let name = filter.defense, !sets.defenses.contains(name), !known.defenses.isEmpty {
        sink.report(
          "matrix: no defense is '\(excerpt(name))'"
            + suggestion(for: name, among: known.defenses), at: filter.position)
      }
    }
  }

  /// Whether an entry of `include` names axes that can be; reports what is wrong.
  func check(_ filter: MatrixFilter) -> Bool {
    for axis in filter.settings {
      if let reason = MatrixAxis.refusal(of: axis.key) {
        sink.report("matrix.include: '\(excerpt(axis.key))' \(reason)", at: filter.position)
        return false
      }
    }
    for (parameter, axis, node) in filter.parameters {
      guard check(parameter, axis.key, at: filter.position) else { return false }
      let id = parameter.list == "attacks" ? filter.attack : filter.defense
      let others = filter.parameters.filter { $0.of.list == parameter.list }.map(\.of.entry)
      if let other = ([id].compactMap(\.self) + others).first(where: { $0 != parameter.entry }) {
        sink.report(
          "matrix.include: no cell is of both '\(parameter.entry)' and '\(excerpt(other))'",
          at: filter.position)
        return false
      }
      guard parameter.isSchedule || ArgumentValue(node) != nil else {
        sink.report(
          "matrix.include.\(excerpt(axis.key)) takes a number, a word or a list of them, not "
            + node.kindName, at: node)
        return false
      }
    }
    return true
  }

  /// Reports entries of `exclude` that can exclude nothing.
  func checkValues(_ exclude: [MatrixFilter]) {
    let labels = Dictionary(axes.map { ($0.key, Set($0.values.map(\.label))) }) { first, _ in first
    }
    let keys = labels.keys.sorted()
    for filter in exclude {
      for axis in filter.axes {
        guard let values = labels[axis.key] else {
          sink.report(
            "matrix.exclude: unknown axis '\(excerpt(axis.key))'"
              + suggestion(for: axis.key, among: keys + ["attack", "defense"]),
            at: filter.position)
          continue
        }
        guard !values.contains(axis.value) else { continue }
        sink.report(
          "matrix.exclude: no \(excerpt(axis.key)) is '\(excerpt(axis.value))'"
            + suggestion(for: axis.value, among: values.sorted()), at: filter.position)
      }
    }
  }
}
