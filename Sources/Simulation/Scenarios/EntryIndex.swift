/// Finds attacks or defenses by id and by swept parameters.
struct EntryIndex<Entry: SweptEntry> {
  private(set) var entries: [Entry] = []
  private var byID: [String: [Int]] = [:]
  /// The key of an axis names its entry.
  private var byAxis: [ScenarioFile.Axis: [Int]] = [:]

  init(_ entries: [Entry]) {
    for entry in entries { append(entry) }
  }

  mutating func append(_ entry: Entry) {
    byID[entry.id, default: []].append(entries.count)
    for axis in entry.axes { byAxis[axis, default: []].append(entries.count) }
    entries.append(entry)
  }

  /// The first entry of an id.
  func first(_ id: String) -> Entry? { byID[id]?.first.map { entries[$0] } }

  /// The positions of the entries that an entry of `include` or `exclude` means; `nil`: all.
  ///
  /// - Complexity: O(entries with the rarest of the axes · axes).
  func places(_ filter: MatrixFilter) -> Set<Int>? {
    let axes = filter.parameters.filter { $0.of.list == Entry.listKey }.map(\.axis)
    let id = Entry.listKey == "attacks" ? filter.attack : filter.defense
    guard let rarest = axes.map({ byAxis[$0] ?? [] }).min(by: { $0.count < $1.count }) else {
      return id.map { Set(byID[$0] ?? []) }
    }
    return Set(
      rarest.filter { place in
        (id ?? entries[place].id) == entries[place].id
          && axes.allSatisfy { entries[place].axes.contains($0) }
      })
  }
}
