import Foundation

/// Changes of results that leave every line valid.
extension ResultFiles {
  /// Adds to one metric of one cell, seed by seed, from seed 1.
  func add(_ changes: [Double], to metric: String, of cell: String) throws {
    var seed = 0
    try editLines { line in
      guard line.contains("\"cell\":\"\(cell)\"") else { return line }
      seed = Self.seed(of: line)
      guard let change = changes.count == 1 ? changes.first : changes[seed - 1],
        let metrics = line.range(of: "\"metrics\":{"),
        let key = line.range(
          of: "\"\(metric)\":", range: metrics.upperBound..<line.endIndex),
        let end = line[key.upperBound...].firstIndex(where: { $0 == "," || $0 == "}" }),
        let value = Double(line[key.upperBound..<end])
      else { throw NoNumber(metric: metric, line: line) }
      return line[..<key.upperBound] + "\(value + change)" + line[end...]
    }
  }

  /// Gives the cells of one defense the numbers of another.
  func swap(_ defense: String, _ other: String) throws {
    let names = [defense: other, other: defense]
    try editLines { line in
      guard let match = line.firstMatch(of: /"cell":"([^\/"]+)\/([^"]+)"/),
        let name = names[String(match.2)]
      else { return line }
      return line.replacing(match.0, with: "\"cell\":\"\(match.1)/\(name)\"")
        .replacing("\"defense\":\"\(match.2)\"", with: "\"defense\":\"\(name)\"")
    }
  }

  /// Makes the trial of a cell and seed one that failed.
  func fail(_ cell: String, seed: Int, message: String) throws {
    try editLines { line in
      guard line.contains("\"cell\":\"\(cell)\""), Self.seed(of: line) == seed else { return line }
      return line.replacing(
        "\"status\":\"ok\"", with: "\"status\":\"error\",\"message\":\"\(message)\"")
    }
  }

  /// Replaces text in a file; it has to be there.
  func replace(_ old: String, _ new: String, in name: String) throws {
    let text = String(decoding: try contents(name), as: UTF8.self)
    precondition(text.contains(old), "\(name) has no '\(old)'")
    try write(text.replacing(old, with: new), to: name)
  }

  /// Writes a file; trials are what the run recorded afterwards, as if it had measured them.
  func write(_ text: String, to name: String) throws {
    if name == "trials.jsonl" {
      let manifest = String(decoding: try contents("run.json"), as: UTF8.self)
      // Without its digest a file is not checked.
      try write(
        manifest.replacing(#/"trials\.jsonl" *: *"/#, with: "\"another.jsonl\": \""), to: "run.json"
      )
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  struct NoNumber: Error {
    let metric: String
    let line: String
  }

  private func editLines(_ edit: (String) throws -> String) throws {
    let lines = try lines("trials.jsonl").map(edit)
    try write(lines.map { $0 + "\n" }.joined(), to: "trials.jsonl")
  }

  private static func seed(of line: String) -> Int {
    line.firstMatch(of: /"seed":(\d+)/).flatMap { Int($0.1) } ?? 0
  }
}
