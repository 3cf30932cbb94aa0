import ArgumentParser
import BareRounds
import Components
import Datasets
import Determinism
import Federation
import Foundation
import Kernels
import Metrics
import Results
import Simulation
import Suite
import Tensors

struct AggregateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aggregate",
    abstract: "Applies a defense to a matrix of updates from NumPy.",
    usage: "gauntlet aggregate [--stage <id:…>]… [--defense <id:…>] <matrix> [options]",
    discussion: """
      The matrix is a .npy file of float32 with one row per client; float64 is converted, and refused \
      where a value does not fit single precision. Sums and norms are in double precision, \
      distances in single over short blocks (right to 4e-6). With a rule the result is a float32 vector, with stages alone a matrix. Rows with a value that is not \
      finite are left out and named.

      gauntlet aggregate --defense krum:f=2,neighbours=n-f-1 updates.npy -o krum.npy
      """)

  @Option(
    help: ArgumentHelp(
      "A stage before the rule, such as nnm:f=2; may be repeated.", valueName: "id:key=value,…"))
  var stage: [String] = []

  @Option(
    help: ArgumentHelp(
      "The rule, such as krum:f=2, or exec: and a command for one of your own.",
      valueName: "id:key=value,…"))
  var defense: String?

  @Option(
    help: ArgumentHelp(
      "What the server's own data gives, for rules that need it (.npy, d values).",
      valueName: "file"))
  var root: String?

  @Argument(help: "The updates, n x d; - is standard input.")
  var matrix: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the result goes (.npy; - is standard output); without it, numbers are printed.",
      valueName: "file"))
  var output: String?

  @Flag(help: "Print verdicts, weights, suspicion and what the rule reports about itself.")
  var json = false

  @Option(help: ArgumentHelp("The seed of randomized defenses.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp("Threads; the result does not depend on it.", valueName: "number"))
  var jobs: Int?

  func validate() throws {
    if stage.isEmpty && defense == nil {
      throw ValidationError("give a --defense, a --stage or both")
    }
    if output == "" { throw ValidationError("--output is empty") }
    if json, output == "-" {
      throw ValidationError("--json and --output - would both write to standard output")
    }
    if json, defense == nil, output == nil {
      throw ValidationError("--json without a --defense needs --output for the matrix")
    }
    if let jobs, jobs < 1 || jobs > 4096 {
      throw ValidationError("--jobs has to be a number from 1 to 4096, not \(jobs)")
    }
  }

  func run() throws {
    try reportingErrors {
      let components = try DefenseExpression(
        stages: stage.map { try .ofCommandLine($0) },
        rule: defense.map { try .ofCommandLine($0) }, catalog: .withWorkers)
      let memory = try MatrixMemory()
      let values = try NPYFile.readFloats(matrix) { rows, columns in
        memory.objection(
          rows: rows, columns: columns, and: workingBytes(components, rows, columns),
          for: (stage + [defense].compactMap { $0 }).joined(separator: ", "))
      }
      try aggregate(values, components)
    }
  }

  /// What is made of a matrix.
  private func workingBytes(
    _ components: DefenseExpression, _ rows: Int, _ columns: Int
  ) -> Double {
    let results = Double(columns) * (defense == nil ? Double(rows) : 1)
    return components.workingBytes(rowCount: rows, columnCount: columns)
      + (output == nil && !json ? MatrixMemory.text(of: results) : 4 * results)
  }

  private func aggregate(
    _ values: consuming Matrix<Float>, _ components: DefenseExpression
  ) throws {
    let pool = WorkPool(width: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    let (n, columnCount) = (values.rowCount, values.columnCount)
    let bad = NonFiniteRows.removed(from: &values, pool: pool)
    if !bad.isEmpty {
      Console.note(
        "gauntlet: \(matrix): left out \(bad.count) of \(n) rows with values that are not finite: "
          + bad.prefix(10).map(String.init).joined(separator: ", ") + (bad.count > 10 ? ", …" : ""))
    }
    guard values.rowCount > 0 else { throw Failure("\(matrix): no row has finite values") }
    let leftOut = Set(bad)
    let kept = (0..<n).filter { !leftOut.contains($0) }
    var bare = try BareDefense(components, setup: DefenseSetup(participantCount: n))
    let rootUpdate = try components.rootUpdate(in: root, columnCount: columnCount)
    let flags = bare.isOutsideProof ? [OutsideProof.id] : []
    if !json, let flag = flags.first {
      Console.note("gauntlet: \(matrix): \(flag): \(OutsideProof.definition)")
    }
    let outcome = try bare.apply(
      to: BareRound(
        consume values, clients: kept.map { ClientID($0) }, rootUpdate: rootUpdate, seed: seed,
        pool: pool))
    try write(outcome.values, isVector: bare.hasRule)
    guard bare.hasRule else {
      try report([:], leftOut: bad)
      return
    }
    // Rows of the matrix, which has none but the kept ones, by their number in the file.
    let verdicts = outcome.verdicts.map { client in
      [
        "row": .integer(kept[client.row]),
        "disposition": .string(client.verdict.disposition.rawValue),
        "weight": .number(client.verdict.weight),
        "suspicion": client.verdict.suspicion.map { $0.isFinite ? .number($0) : .null } ?? .null,
      ] as JSONValue
    }
    let details = outcome.report.mapValues { $0.json(rows: stage.isEmpty ? kept : nil) }
    try report(
      [
        "flags": .array(flags.map { .string($0) }), "report": .object(details),
        "verdicts": .array(verdicts),
      ], leftOut: bad)
  }

  /// Prints what `--json` asks for.
  private func report(_ members: [String: JSONValue], leftOut: [Int]) throws {
    guard json else { return }
    var object = members
    object["left-out"] = .rows(leftOut)
    try Console.print(CanonicalJSON.string(.object(object)))
  }

  private func write(_ result: Matrix<Float>, isVector: Bool = false) throws {
    if let output {
      if isVector {
        try NPYFile.write(result.values, to: output)
      } else {
        try NPYFile.write(result, to: output)
      }
    } else if !json {
      try Console.print(NumberLines.text(result, onePerLine: isVector))
    }
  }
}

/// Numbers as text that `numpy.loadtxt` reads.
enum NumberLines {
  static func text(_ matrix: Matrix<Float>, onePerLine: Bool) -> String {
    (0..<matrix.rowCount).map { row in
      matrix.row(row).map { "\($0)" }.joined(separator: onePerLine ? "\n" : " ")
    }.joined(separator: "\n")
  }
}

extension JSONValue {
  fileprivate static func rows(_ rows: [Int]) -> JSONValue { .array(rows.map { .integer($0) }) }
}

extension ReportValue {
  /// `rows` names the rows that the rule was given.
  fileprivate func json(rows names: [Int]?) -> JSONValue {
    switch self {
    case .number(let value): value.isFinite ? .number(value) : .null
    case .text(let text): .string(text)
    case .rows(let rows): .rows(names.map { names in rows.map { names[$0] } } ?? rows)
    }
  }
}
