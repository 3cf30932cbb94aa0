import BareRounds
import Components
import Diagnostics
import Gating
import JSON
import Leaderboards
import Results
import Simulation
import Suite

@testable import Dumps

/// Readers of YAML, JSON and words.
enum DocumentParsers {
  private static let scratch = ScratchFolder()

  /// What is read is written as a text that reads as the same value.
  static func json(_ bytes: [UInt8]) throws {
    let value = try value(bytes)
    let text = CanonicalJSON.string(value)
    let again = CanonicalJSON.string(try self.value(Array(text.utf8)))
    require(text == again, "JSON that is not read as it was written: \(text) \(again)")
  }

  private static func value(_ bytes: [UInt8]) throws -> JSONValue {
    var scanner = JSONScanner(bytes)
    let value = try scanner.value()
    try scanner.finish()
    return value
  }

  static func scenario(_ bytes: [UInt8]) throws {
    _ = try ScenarioFile(text: text(bytes), path: "scenario.yaml", catalog: .builtIn)
  }

  static func claims(_ bytes: [UInt8]) throws {
    _ = try ClaimsFile(text: text(bytes), path: "claims.yaml")
  }

  /// What is read is written as a text that reads as the same baseline.
  static func baseline(_ bytes: [UInt8]) throws {
    let text = try text(bytes)
    let baseline = try BaselineV1(text: text, path: "baseline.json", ranges: .builtIn)
    let written = try BaselineV1(text: baseline.text, path: "again.json", ranges: .builtIn)
    require(written.text == baseline.text, "a baseline that is not read as it was written")
  }

  static func entry(_ bytes: [UInt8]) throws {
    _ = try Entry(text: text(bytes), path: "entry.yaml")
  }

  static func verified(_ bytes: [UInt8]) throws {
    _ = try VerifiedFile(text: text(bytes), path: "verified.yaml")
  }

  static func meta(_ bytes: [UInt8]) throws {
    let path = scratch.write(bytes, to: "meta.json")
    _ = try DumpMeta(path: path, rowCount: 7, columnCount: 45)
  }

  /// A defense with its stages, as options of the command line name them, one a line.
  static func expression(_ bytes: [UInt8]) throws {
    let lines = try text(bytes).split(separator: "\n", maxSplits: 3).map(String.init)
    _ = try ComponentExpression.ofCommandLine(lines.last ?? "")
    _ = try DefenseExpression(
      stages: Array(lines.dropLast()), rule: lines.last, catalog: .builtIn,
      facts: [.declaredByzantine: .integer(2)])
  }

  /// Settings as `--set` gives them, one a line, on top of a scenario.
  static func override(_ bytes: [UInt8]) throws {
    let lines = try text(bytes).split(separator: "\n", maxSplits: 3)
    _ = try ScenarioFile(
      text: base, path: "scenario.yaml", catalog: .builtIn,
      overrides: lines.map { line in
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (key: String(parts[0]), value: String(parts.count > 1 ? parts[1] : ""))
      })
  }

  private static let base = """
    schema: gauntlet/scenario/1
    name: base
    seeds: [1]
    rounds: 4
    task: {dataset: digits, model: {kind: logistic}, local: {batch: 8, lr: 0.1}}
    clients: {count: 6, partition: {kind: dirichlet, alpha: 0.5}}
    threat: {malicious: {count: 2}}
    attacks: [none, {id: push, use: sign-flip}]
    defenses: [mean, {id: robust, use: krum, stages: [nnm]}]
    """

  /// As readers of files do, which take UTF-8 alone.
  private static func text(_ bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw NotText() }
    return text
  }

  private struct NotText: Error {}
}
