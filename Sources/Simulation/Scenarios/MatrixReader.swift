import Components
import Diagnostics
import Documents
import Federation
import Yams

/// Expands `matrix:`, which reads as in a GitHub workflow.
///
/// Axes are dotted keys with lists of values. Those that begin with `attacks.` or `defenses.` go on
/// with the id of an entry and a parameter of it: they multiply the cells of that entry alone, and
/// no other cell has them. Numbers that are equal are one value. `exclude` takes cells out that match all keys of an entry; `include` adds
/// combinations, or cells to one that is there. Entries may name `attack` and `defense` besides axes.
struct MatrixReader {
  struct Combination {
    /// Settings of the scenario and their values as they stand in the file.
    var settings: [(axis: ScenarioFile.Axis, node: Node)]
    /// How many attacks and defenses every combination of the product has; the others are of `include`.
    fileprivate var base: (attacks: Int, defenses: Int) = (0, 0)
    fileprivate var excluded = CellSet()
    /// What entries of `include` bring, whatever is excluded.
    fileprivate var added = CellSet()

    /// Whether a pair runs, by positions among the expanded attacks and defenses.
    var cells: @Sendable (_ attack: Int, _ defense: Int) -> Bool {
      let (base, excluded, added) = (base, excluded, added)
      return { attack, defense in
        attack < base.attacks && defense < base.defenses && !excluded.contains(attack, defense)
          || added.contains(attack, defense)
      }
    }
  }

  /// The most combinations that a matrix may have.
  static let combinationLimit = 10_000
  /// The most entries of attacks and defenses, over all combinations.
  static let entryLimit = 100_000
  /// The most cells, before any are excluded.
  static let cellLimit = 1_000_000
  static let axisLimit = 100

  private(set) var combinations: [Combination] = []
  /// The attacks with swept parameters filled in, those of one entry next to each other.
  private(set) var attacks: [AttackChoice]
  private(set) var defenses: [DefenseChoice]
  /// Where each axis stands in the file.
  private(set) var marks: [String: Mark] = [:]
  let originals: (attacks: EntryIndex<AttackChoice>, defenses: EntryIndex<DefenseChoice>)
  let catalog: Catalog
  let sink: ProblemSink
  private(set) var axes: [MatrixAxis] = []

  init(
    _ root: Node, attacks: [AttackChoice], defenses: [DefenseChoice], catalog: Catalog,
    sink: ProblemSink
  ) {
    (self.attacks, self.defenses, self.catalog, self.sink) = (attacks, defenses, catalog, sink)
    originals = (EntryIndex(attacks), EntryIndex(defenses))
    guard let matrix = root.value(of: "matrix") else {
      if isBearable([], include: [], at: nil) {
        add([], include: [], exclude: [])
      } else {
        combinations = [Combination(settings: [])]
      }
      return
    }
    let reader = MappingReader(matrix, path: "matrix", sink: sink)
    let include = MatrixFilter.filters(reader, "include")
    let exclude = MatrixFilter.filters(reader, "exclude")
    readAxes(reader)
    for (key, value) in matrix.mapping ?? Node.Mapping([]) {
      if let name = key.string { marks[name] = key.mark ?? value.mark }
    }
    checkNames(include + exclude)
    let valid = include.filter { check($0) }
    checkValues(exclude)
    let declared = axes.filter { $0.parameter == nil }
    guard isBearable(declared, include: valid, at: matrix.position) else {
      // One combination shows what else is wrong.
      combinations = [Combination(settings: declared.map { Self.pair($0, $0.values[0]) })]
      return
    }
    self.attacks = expand(attacks)
    self.defenses = expand(defenses)
    add(declared, include: valid, exclude: exclude)
  }

  /// Whether the combinations differ in a key.
  func takesSeveral(of key: String) -> Bool {
    Set(combinations.map { $0.settings.first { $0.axis.key == key }?.axis.value }).count > 1
  }

  // MARK: - Axes

  private mutating func readAxes(_ reader: MappingReader) {
    let given = reader.rest
    guard given.count <= Self.axisLimit else {
      sink.report(
        "matrix has \(given.count) axes; it takes at most \(Self.axisLimit)", at: reader.node)
      return
    }
    for (key, node) in given {
      let name = "matrix.\(excerpt(key))"
      let position = reader.keyPosition(key)
      let parts = key.split(separator: ".", omittingEmptySubsequences: false)
      let isAlone = key == "rounds" || parts.count == 1 && MatrixAxis.refusal(of: key + ".x") == nil
      if !isAlone, let reason = MatrixAxis.refusal(of: key) {
        sink.report("\(name) \(reason)", at: position)
        continue
      }
      var items = [node]
      if case .sequence(let list) = node, !list.isEmpty, !isAlone {
        items = Array(list)
      } else {
        sink.report("\(name) has to be a dotted key with a list of values", at: node)
        if isAlone || node.sequence != nil { continue }
      }
      let parameter = MatrixAxis.parameter(key)
      if let parameter, !check(parameter, key, at: position) { continue }
      var values = values(items, of: name)
      guard !values.isEmpty else { continue }
      if let parameter, parameter.isSchedule {
        for index in values.indices { read(&values[index], of: parameter) }
      } else if parameter != nil, let wrong = values.first(where: { $0.argument == nil }) {
        sink.report(
          "\(name) takes numbers, words or lists of them, not \(wrong.node.kindName)",
          at: wrong.node)
        continue
      }
      axes.append(MatrixAxis(key: key, position: position, values: values, parameter: parameter))
    }
  }

  /// The values that are in order; one of them stands for the axis where others are not.
  private func values(_ items: [Node], of name: String) -> [MatrixAxis.Value] {
    var seen: Set<String> = []
    var values: [MatrixAxis.Value] = []
    for item in items {
      guard let label = MatrixAxis.label(item) else {
        sink.report("\(name) has a value that is too large for the name of a cell", at: item)
        continue
      }
      guard seen.insert(label).inserted else {
        sink.report(
          "\(name) has to be a list of different values; it has '\(excerpt(label))' twice",
          at: item)
        continue
      }
      values.append(.init(label: label, node: item))
    }
    return values
  }

  /// Reads the schedule that a value gives an attack.
  private func read(_ value: inout MatrixAxis.Value, of parameter: MatrixAxis.Parameter) {
    guard parameter.isSchedule else { return }
    value.schedule = ScenarioDecoder(catalog: catalog, sink: sink)
      .schedule(value.node, of: parameter.entry)
  }

  // MARK: - Expansion

  private func expand<Entry: SweptEntry>(_ entries: [Entry]) -> [Entry] {
    entries.flatMap { entry in
      var expanded = [entry]
      for axis in axes
      where axis.parameter?.list == Entry.listKey && axis.parameter?.entry == entry.id {
        expanded = expanded.flatMap { known in axis.values.map { known.taking($0, of: axis) } }
      }
      return expanded
    }
  }

  private static func pair(_ axis: MatrixAxis, _ value: MatrixAxis.Value) -> (
    ScenarioFile.Axis, Node
  ) {
    (.init(key: axis.key, value: value.label), value.node)
  }

  private mutating func add(
    _ declared: [MatrixAxis], include: [MatrixFilter], exclude: [MatrixFilter]
  ) {
    var products: [[(axis: ScenarioFile.Axis, node: Node)]] = [[]]
    for axis in declared {
      products = products.flatMap { known in axis.values.map { known + [Self.pair(axis, $0)] } }
    }
    let base = (attacks: attacks.count, defenses: defenses.count)
    var index = (attacks: EntryIndex(attacks), defenses: EntryIndex(defenses))
    for filter in include {
      add(filter, to: &index.attacks, from: originals.attacks)
      add(filter, to: &index.defenses, from: originals.defenses)
    }
    (attacks, defenses) = (index.attacks.entries, index.defenses.entries)
    if !axes.isEmpty || include.isEmpty {
      combinations = products.map { settings in
        var combination = Combination(settings: settings)
        combination.base = base
        return combination
      }
      self.exclude(exclude, index)
    }
    var known: [Set<ScenarioFile.Axis>: Int] = [:]
    for (index, combination) in combinations.enumerated() {
      known[Set(combination.settings.map(\.axis))] = index
    }
    for filter in include {
      let settings = Set(filter.settings)
      let place = known[settings] ?? combinations.count
      if place == combinations.count {
        combinations.append(
          Combination(settings: filter.settings.map { ($0, filter.nodes[$0] ?? Node("")) }))
        known[settings] = place
      }
      combinations[place].added.add(
        attacks: index.attacks.places(filter)
          ?? (attacks.count == base.attacks ? nil : Set(0..<base.attacks)),
        defenses: index.defenses.places(filter)
          ?? (defenses.count == base.defenses ? nil : Set(0..<base.defenses)))
    }
  }

  private mutating func exclude(
    _ filters: [MatrixFilter], _ index: (EntryIndex<AttackChoice>, EntryIndex<DefenseChoice>)
  ) {
    var seen: Set<[String]> = []
    let filters = filters.filter { seen.insert($0.identity).inserted }.map { filter in
      (
        settings: filter.settings, attacks: index.0.places(filter),
        defenses: index.1.places(filter)
      )
    }
    for place in combinations.indices {
      let settings = combinations[place].settings.map(\.axis)
      for filter in filters where filter.settings.allSatisfy(settings.contains) {
        combinations[place].excluded.add(attacks: filter.attacks, defenses: filter.defenses)
      }
    }
  }

  /// Adds the entry with values of parameters that only an entry of `include` names.
  private func add<Entry: SweptEntry>(
    _ filter: MatrixFilter, to entries: inout EntryIndex<Entry>, from originals: EntryIndex<Entry>
  ) {
    let axes = filter.parameters.filter { $0.of.list == Entry.listKey }
    guard let first = axes.first else { return }
    guard entries.places(filter)?.isEmpty == true, var entry = originals.first(first.of.entry)
    else {
      return
    }
    for (parameter, axis, node) in axes {
      var value = MatrixAxis.Value(label: axis.value, node: node)
      read(&value, of: parameter)
      entry = entry.taking(
        value,
        of: MatrixAxis(key: axis.key, position: nil, values: [value], parameter: parameter))
    }
    entries.append(entry)
  }
}
