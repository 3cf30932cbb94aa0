import Diagnostics
import Foundation
import Results

/// Reads a baseline file and collects every problem that is not one of syntax.
struct BaselineReader {
  typealias Problem = JSONScanner.Problem

  private(set) var problems: [DocumentError.Problem] = []
  private var scanner: JSONScanner
  private let path: String
  let ranges: MetricRanges

  private var schema: String?
  private let startsAsObject: Bool
  private var origin = BaselineV1.Origin(
    tool: "", at: "", engine: 0, scenario: "", data: [], settings: [])
  var policy = Policy(metrics: [:])
  private var history: [BaselineV1.Entry] = []
  private(set) var cells: [BaselineV1.Cell] = []

  init(_ bytes: [UInt8], path: String, ranges: MetricRanges) {
    scanner = JSONScanner(bytes)
    // Another file given by mistake: its contents are no business of an error message.
    startsAsObject = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: "{")
    self.path = path
    self.ranges = ranges
  }

  /// Reads the whole file.
  ///
  /// - Throws: ``DocumentError`` with all problems.
  mutating func read() throws(DocumentError) -> BaselineV1 {
    guard startsAsObject else {
      throw DocumentError(
        file: path,
        problems: [
          .init("is not a baseline, which is a JSON file of '\(BaselineV1.currentSchema)'")
        ])
    }
    do throws(Problem) {
      try readTop()
      try scanner.finish()
    } catch {
      problems.append(.init(error.reason, at: SourcePosition(line: error.line)))
    }
    guard problems.isEmpty else { throw DocumentError(file: path, problems: problems) }
    checkWhole()
    checkRanges()
    guard problems.isEmpty else { throw DocumentError(file: path, problems: problems) }
    return BaselineV1(origin: origin, policy: policy, history: history, cells: cells)
  }

  // MARK: - Parts

  private mutating func readTop() throws(Problem) {
    var seen: Set<String> = []
    let known = ["schema", "made", "policy", "history", "cells"]
    var scanner = scanner
    defer { self.scanner = scanner }
    try scanner.object { (scanner, key) throws(Problem) in
      seen.insert(key)
      switch key {
      case "schema":
        let text = try scanner.string()
        schema = text
        // Another version may mean anything by the rest.
        guard text == BaselineV1.currentSchema else {
          throw scanner.problem(
            "has the format '\(text)'; this version reads '\(BaselineV1.currentSchema)'")
        }
      case "made": try readOrigin(&scanner)
      case "policy": try readPolicy(&scanner)
      case "history": try readHistory(&scanner)
      case "cells": try readCells(&scanner)
      default: try unknown(key, known, "", &scanner)
      }
    }
    for key in known where !seen.contains(key) && key != "history" {
      problems.append(.init("'\(key)' is missing"))
    }
  }

  private mutating func readOrigin(_ scanner: inout JSONScanner) throws(Problem) {
    let known = ["tool", "at", "engine", "scenario", "data", "settings"]
    var seen: Set<String> = []
    let line = scanner.line
    try scanner.object { (scanner, key) throws(Problem) in
      seen.insert(key)
      switch key {
      case "tool": origin.tool = try scanner.string()
      case "at": origin.at = try scanner.string()
      case "engine": origin.engine = try scanner.integer()
      case "scenario": origin.scenario = try scanner.string()
      case "data":
        try scanner.array { scanner throws(Problem) in origin.data.append(try readData(&scanner)) }
      case "settings":
        try scanner.array { scanner throws(Problem) in
          origin.settings.append(try readSetting(&scanner))
        }
      default: try unknown(key, known, "made", &scanner)
      }
    }
    for key in known where !seen.contains(key) { note("'made.\(key)' is missing", line) }
  }

  private mutating func readData(
    _ scanner: inout JSONScanner
  ) throws(Problem) -> RunManifestV1.Data {
    var data = RunManifestV1.Data(name: "", sha256: "", rows: 0)
    let line = scanner.line
    try scanner.object { (scanner, key) throws(Problem) in
      switch key {
      case "name": data.name = try scanner.string()
      case "sha256": data.sha256 = try scanner.string()
      case "rows": data.rows = try scanner.integer()
      default: try unknown(key, ["name", "sha256", "rows"], "made.data", &scanner)
      }
    }
    if data.sha256.isEmpty { note("'made.data.sha256' is missing", line) }
    return data
  }

  private mutating func readSetting(_ scanner: inout JSONScanner) throws(Problem) -> Setting {
    var setting = Setting(axes: [:], scenario: .null, attacks: [:], defenses: [:])
    try scanner.object { (scanner, key) throws(Problem) in
      switch key {
      case "axes": setting.axes = try readTexts(&scanner)
      case "scenario": setting.scenario = try scanner.value()
      case "attacks": setting.attacks = try readMembers(&scanner)
      case "defenses": setting.defenses = try readMembers(&scanner)
      default:
        try unknown(key, ["axes", "scenario", "attacks", "defenses"], "made.settings", &scanner)
      }
    }
    return setting
  }

  private mutating func readHistory(_ scanner: inout JSONScanner) throws(Problem) {
    try scanner.array { scanner throws(Problem) in
      var entry = BaselineV1.Entry(at: "", why: "", cells: 0)
      try scanner.object { (scanner, key) throws(Problem) in
        switch key {
        case "at": entry.at = try scanner.string()
        case "by": entry.by = scanner.null() ? nil : try scanner.string()
        case "why": entry.why = try scanner.string()
        case "cells": entry.cells = try scanner.integer()
        default: try unknown(key, ["at", "by", "why", "cells"], "history", &scanner)
        }
      }
      history.append(entry)
    }
  }

  private mutating func readCells(_ scanner: inout JSONScanner) throws(Problem) {
    try scanner.object { (scanner, name) throws(Problem) in
      let line = scanner.line
      let parts = name.prefix { $0 != " " }.split(
        separator: "/", omittingEmptySubsequences: false)
      var cell = BaselineV1.Cell(
        attack: parts.first.map(String.init) ?? "", defense: parts.last.map(String.init) ?? "",
        seeds: [], metrics: [:], parameters: [], line: line)
      try scanner.object { (scanner, key) throws(Problem) in
        switch key {
        case "seeds":
          try scanner.array { scanner throws(Problem) in
            cell.seeds.append(try scanner.integer())
          }
        case "axes": cell.axes = try readTexts(&scanner)
        case "parameters":
          try scanner.array { scanner throws(Problem) in
            cell.parameters.append(try scanner.string())
          }
        case "censored":
          try scanner.object { (scanner, metric) throws(Problem) in
            var seeds: [Int] = []
            try scanner.array { scanner throws(Problem) in seeds.append(try scanner.integer()) }
            cell.censored[metric] = seeds
          }
        default:
          var values: [Double?] = []
          try scanner.array { scanner throws(Problem) in
            values.append(scanner.null() ? nil : try scanner.number())
          }
          cell.metrics[key] = values
        }
      }
      check(cell, named: name, parts: parts.count, line)
      cells.append(cell)
    }
  }

  private mutating func check(
    _ cell: BaselineV1.Cell, named name: String, parts: Int, _ line: Int
  ) {
    if parts != 2 || cell.attack.isEmpty || cell.defense.isEmpty || cell.name != name {
      note("the cell '\(name)' has to be named attack/defense, with its axes behind it", line)
    }
    if cell.seeds.isEmpty { note("the cell '\(name)' has no seeds", line) }
    if Set(cell.seeds).count != cell.seeds.count || cell.seeds != cell.seeds.sorted() {
      note("the cell '\(name)': the seeds have to ascend, each once", line)
    }
    for (metric, values) in cell.metrics.sorted(by: { $0.key < $1.key })
    where values.count != cell.seeds.count {
      note(
        "the cell '\(name)': \(metric) has \(values.count) \(values.count == 1 ? "value" : "values") for "
          + "\(cell.seeds.count) \(cell.seeds.count == 1 ? "seed" : "seeds")",
        line)
    }
    if !cell.parameters.isEmpty, cell.parameters.count != cell.seeds.count {
      note("the cell '\(name)': parameters has another number of entries than seeds", line)
    }
  }

  // MARK: - Support

  /// What only the whole file shows: metrics that the policy or the cells do not know.
  private mutating func checkWhole() {
    if policy.metrics.isEmpty { note("policy.metrics names no metric", nil) }
    let known = policy.metrics.keys.sorted()
    var unknown: Set<String> = []
    for cell in cells {
      for metric in cell.metrics.keys.sorted()
      where policy.metrics[metric] == nil && unknown.insert(metric).inserted {
        note(
          "'\(metric)' is not among policy.metrics" + suggestion(for: metric, among: known),
          cell.line)
      }
    }
    for override in policy.overrides {
      for metric in override.metrics.keys.sorted() where policy.metrics[metric] == nil {
        note(
          "an override names '\(metric)', which is not among policy.metrics"
            + suggestion(for: metric, among: known), nil)
      }
    }
  }

  private mutating func readTexts(
    _ scanner: inout JSONScanner
  ) throws(Problem) -> [String: String] {
    var texts: [String: String] = [:]
    try scanner.object { (scanner, key) throws(Problem) in texts[key] = try scanner.string() }
    return texts
  }

  private mutating func readMembers(
    _ scanner: inout JSONScanner
  ) throws(Problem) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    try scanner.object { (scanner, key) throws(Problem) in members[key] = try scanner.value() }
    return members
  }

  mutating func unknown(
    _ key: String, _ known: [String], _ path: String, _ scanner: inout JSONScanner
  ) throws(Problem) {
    let full = path.isEmpty ? key : "\(path).\(key)"
    note("unknown key '\(full)'" + suggestion(for: key, among: known), scanner.line)
    try scanner.skip()
  }

  mutating func note(_ message: String, _ line: Int?) {
    problems.append(.init(message, at: line.map { SourcePosition(line: $0) }))
  }
}
