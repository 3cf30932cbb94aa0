/// Numbers texts in the order in which they come.
struct NameTable {
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]

  mutating func number(_ name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// Returns the class of each name, and how many there are.
  ///
  /// Where all are numbers, classes are in the order of their values, and one value is one class;
  /// else in the order of the bytes of the texts.
  var classes: (ofName: [Int], count: Int) {
    let values = names.compactMap { Double($0) }.filter(\.isFinite)
    guard values.count == names.count else {
      let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
      var classes = [Int](repeating: 0, count: names.count)
      for (label, name) in order.enumerated() { classes[name] = label }
      return (classes, names.count)
    }
    let distinct = Set(values.map { $0 == 0 ? 0 : $0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
    return (values.map { places[$0 == 0 ? 0 : $0] ?? 0 }, distinct.count)
  }
}
