import Diagnostics
import Documents
import Yams

/// The lists of a `meta.json` that say something of rows.
struct RowLists {
  private let reader: MappingReader
  private let rowCount: Int

  init(_ reader: MappingReader, rowCount: Int) {
    self.reader = reader
    self.rowCount = rowCount
  }

  /// Rows, as their numbers from 0 on or as one true or false for each; ascending.
  func rows(_ key: String) -> [Int]? {
    guard let items = list(key) else { return nil }
    let marks = items.map { ["true": true, "false": false][$0.plain ?? ""] }
    if !marks.isEmpty, marks.allSatisfy({ $0 != nil }) {
      guard isComplete(key, items) else { return nil }
      return marks.indices.filter { marks[$0] == true }
    }
    var rows: Set<Int> = []
    for item in items {
      guard let row = item.wholeNumber, (0..<rowCount).contains(row) else {
        reader.sink.report(
          "\(key) has \(item.kindName); it has to name rows from 0 to \(rowCount - 1), or to have true "
            + "or false for each", at: item)
        return nil
      }
      guard rows.insert(row).inserted else {
        reader.sink.report(
          "\(key) names row \(row) twice; one mark for each row is written as true or false",
          at: item)
        return nil
      }
    }
    return rows.sorted()
  }

  /// A different name for each row, a text or a whole number.
  func names(_ key: String) -> [String]? {
    guard let items = list(key), isComplete(key, items) else { return nil }
    var names: Set<String> = []
    for item in items {
      guard let name = item.string, !name.isEmpty, name.utf8.count <= 1_000 else {
        reader.sink.report("\(key) has \(item.kindName), which is no id", at: item)
        return nil
      }
      guard names.insert(name).inserted else {
        reader.sink.report("\(key) has '\(excerpt(name))' twice", at: item)
        return nil
      }
    }
    return items.map { $0.string ?? "" }
  }

  /// A whole number from 0 on for each row.
  func numbers(_ key: String) -> [Int]? {
    guard let items = list(key), isComplete(key, items) else { return nil }
    return values(key, items, "a whole number from 0 on") { node in
      node.wholeNumber.flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil }
    }
  }

  /// A number from 0 on for each row, not all of them 0.
  func weights(_ key: String) -> [Double]? {
    guard let items = list(key), isComplete(key, items),
      let weights = values(
        key, items, "a number from 0 to 1e15",
        { node in node.number.flatMap { (0...1e15).contains($0) ? $0 : nil } })
    else { return nil }
    guard weights.contains(where: { $0 > 0 }) else {
      reader.sink.report("\(key) are all 0", at: reader.take(key))
      return nil
    }
    return weights
  }

  private func list(_ key: String) -> [Node]? {
    guard let node = reader.take(key) else { return nil }
    guard case .sequence(let items) = node else {
      reader.sink.report("\(key) has to be a list, not \(node.kindName)", at: node)
      return nil
    }
    return Array(items)
  }

  private func isComplete(_ key: String, _ items: [Node]) -> Bool {
    guard items.count != rowCount else { return true }
    reader.sink.report(
      "\(key) has \(items.count) entries, and there are \(rowCount) rows", at: reader.take(key))
    return false
  }

  private func values<Value>(
    _ key: String, _ items: [Node], _ kind: String, _ value: (Node) -> Value?
  ) -> [Value]? {
    var values: [Value] = []
    for item in items {
      guard let value = value(item) else {
        reader.sink.report("\(key) has \(item.kindName), which is not \(kind)", at: item)
        return nil
      }
      values.append(value)
    }
    return values
  }
}
