import ArgumentParser
import Foundation
import Reporting
import Results
import Workers

struct PluginCheckCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Tries a worker out, and says what is wrong with it.",
    usage: "gauntlet plugin check [options] -- <command> …",
    discussion: """
      Starts the command as a run does, each time anew, and tries the handshake, shapes, both ways of \
      passing matrices, rows that are not finite, one row, identical rows, determinism, a second trial \
      in one process, another order of rows, and how long a call takes; of attacks and trainers what \
      makes sense there. Exit codes: 0 nothing failed; 1 something did; 64 wrong usage.

      gauntlet plugin check -- python3 my_median.py
      """)

  @Option(
    help: ArgumentHelp(
      "What it has to be: defense, attack or trainer; otherwise whatever it is.", valueName: "kind")
  )
  var kind: PluginTemplate.Kind?

  @Option(
    help: ArgumentHelp("The params that it is given, as a JSON object.", valueName: "object"))
  var params: String = "{}"

  @Option(
    help: ArgumentHelp("The time limit of a call, such as 90s or 5m.", valueName: "time"))
  var timeout: TimeSpan?

  @Option(help: ArgumentHelp("How to print it.", valueName: "format"))
  var format: Format = .text

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The command that starts the worker.", valueName: "command"))
  var command: [String]

  func validate() throws {
    if command.isEmpty || command.contains("") {
      throw ValidationError("give the command that starts the worker: -- python3 my_median.py")
    }
    _ = try paramsObject()
  }

  func run() throws {
    try reportingErrors {
      var command = WorkerCommand(self.command)
      if let timeout { command.timeout = Double(timeout.duration.components.seconds) }
      let check = PluginCheck(
        command, kind: kind.flatMap { WorkerReady.Kind(rawValue: $0.rawValue) },
        params: try paramsObject())
      switch format {
      case .text: try Console.print(check.text)
      case .json: try Console.print(CanonicalJSON.string(check.json))
      }
      if !check.passes { throw ExitCode.failed }
    }
  }

  private func paramsObject() throws -> [String: JSONValue] {
    do throws(JSONScanner.Problem) {
      var scanner = JSONScanner(Array(params.utf8))
      let value = try scanner.value()
      try scanner.finish()
      if case .object(let members) = value { return members }
    } catch {
      throw ValidationError("--params is not JSON: \(error.reason)")
    }
    throw ValidationError("--params takes a JSON object, such as '{\"k\": 3}'")
  }
}

extension PluginCheck {
  /// A table, the remedies of what failed, and a count.
  var text: String {
    let table = ListTable(
      header: ["check", "status", "what was found"],
      rows: findings.map { [$0.id, $0.outcome.status.rawValue, $0.outcome.detail] })
    var text = table.text()
    let failed = findings.filter(\.hasFailed)
    if !failed.isEmpty {
      text +=
        "\n"
        + ListTable(header: ["failed", "what to do"], rows: failed.map { [$0.id, $0.remedy] })
        .text()
    }
    let counts = [PluginFinding.Status.pass, .fail, .notApplicable].map { status in
      findings.count { $0.outcome.status == status }
    }
    return text + "\n\(counts[0]) passed, \(counts[1]) failed, \(counts[2]) not applicable\n"
  }

  var json: JSONValue {
    [
      "worker": ready.map {
        ["kind": .string(kind.rawValue), "name": .string($0.name), "version": .string($0.version)]
      } ?? .null,
      "checks": .array(findings.map(\.json)), "passed": .bool(passes),
    ]
  }
}
