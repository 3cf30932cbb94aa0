extension Array where Element: Hashable {
  /// The elements without repetition, first ones kept.
  package func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
