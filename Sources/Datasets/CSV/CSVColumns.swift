/// Which columns of a table are what.
struct CSVColumns: Equatable {
  /// What a scenario says of the columns; each is a name, a number from 1, `first` or `last`.
  struct Choice {
    let label: String
    let client: String?
    let omitted: [String]
  }

  let count: Int
  /// The names of all columns; `nil`: the table has no header.
  let names: [String]?
  let label: Int
  let client: Int?
  let features: [Int]

  init(
    count: Int, names: [String]?, choice: Choice, path: String
  ) throws(DatasetError) {
    self.count = count
    self.names = names
    func place(_ text: String, _ key: String) throws(DatasetError) -> Int {
      if let names {
        let places = names.indices.filter { names[$0] == text }
        guard places.count < 2 else {
          throw .malformed(
            path: path, reason: "\(places.count) columns are called '\(text)', which '\(key)' names"
          )
        }
        if let place = places.first { return place }
      }
      if text == "first" { return 0 }
      if text == "last" { return count - 1 }
      if let number = Int(text), number >= 1, number <= count { return number - 1 }
      throw .malformed(path: path, reason: Self.missing(text, key, count, names))
    }
    let label = try place(choice.label, "label")
    let client = try choice.client.map { (text) throws(DatasetError) in try place(text, "client") }
    let omitted = try choice.omitted.map { (text) throws(DatasetError) in try place(text, "omit") }
    guard client != label, !omitted.contains(label), !omitted.contains(client ?? -1) else {
      throw .malformed(path: path, reason: "'label', 'client' and 'omit' name one column twice")
    }
    self.label = label
    self.client = client
    let others = Set([label] + (client.map { [$0] } ?? []) + omitted)
    features = (0..<count).filter { !others.contains($0) }
    guard !features.isEmpty else {
      throw .malformed(path: path, reason: "has no column left for features")
    }
  }

  /// What to call a column in messages.
  func name(_ column: Int) -> String {
    names.map { "column '\($0[column])'" } ?? "column \(column + 1)"
  }

  private static func missing(
    _ text: String, _ key: String, _ count: Int, _ names: [String]?
  ) -> String {
    let columns = count == 1 ? "1 column" : "\(count) columns"
    guard let names else {
      return
        "has \(columns) and no header; '\(key)' is '\(text)', and a number from 1, first or last "
        + "is needed"
    }
    let more = names.count > 8 ? " and \(names.count - 8) more" : ""
    return "has no column '\(text)', which '\(key)' names; it has "
      + names.prefix(8).map { "'\($0)'" }.joined(separator: ", ") + more
  }
}
