import Foundation
import Kernels
import Results
import Tensors
import Workers

/// Tries a worker out: one small thing after the other, each in a process of its own.
struct PluginCheck {
  /// One thing to try.
  struct Trial: Sendable {
    let id: String
    let remedy: String
    let body: @Sendable (PluginCheck) throws -> PluginFinding.Outcome

    init(
      _ id: String, _ remedy: String,
      _ body: @escaping @Sendable (PluginCheck) throws -> PluginFinding.Outcome
    ) {
      self.id = id
      self.remedy = remedy
      self.body = body
    }
  }

  /// What drawn rows look like where speed is no matter.
  static let rowCount = 20
  static let columnCount = 60

  let command: WorkerCommand
  let params: [String: JSONValue]
  /// What it said about itself; `nil` where it did not get that far.
  private(set) var ready: WorkerReady?
  private(set) var kind: WorkerReady.Kind
  private(set) var findings: [PluginFinding] = []

  var passes: Bool { !findings.contains(where: \.hasFailed) }

  /// Greets the worker, and tries what there is for its kind; if `kind` is `nil`, for what it is.
  init(_ command: WorkerCommand, kind: WorkerReady.Kind?, params: [String: JSONValue]) {
    self.command = command
    self.params = params
    self.kind = kind ?? .defense
    greet(kind)
    guard ready != nil else { return }
    let trials =
      switch self.kind {
      case .defense: Self.defenseTrials
      case .attack: Self.attackTrials
      case .trainer: Self.trainerTrials
      }
    for trial in trials {
      let outcome: PluginFinding.Outcome
      do { outcome = try trial.body(self) } catch { outcome = .fail("\(error)") }
      findings.append(PluginFinding(id: trial.id, outcome: outcome, remedy: trial.remedy))
    }
  }

  /// Why results of two calls cannot be compared; `nil` if they can.
  var incomparable: String? {
    if ready?.isDeterministic != true { return "it says that it is not deterministic" }
    let hasFailed = findings.contains { $0.id == "determinism" && $0.hasFailed }
    return hasFailed ? "it is not deterministic" : nil
  }

  /// Finds out what the worker is.
  private mutating func greet(_ wanted: WorkerReady.Kind?) {
    if let missing = command.missing.first {
      findings.append(
        PluginFinding(
          id: "handshake", outcome: .fail(missing.reason),
          remedy: "name what is there: paths start in the current folder, programs are looked for "
            + "on the PATH"))
      return
    }
    var problems: [String] = []
    for kind in wanted.map({ [$0] }) ?? [.defense, .attack, .trainer] {
      let start = ContinuousClock.now
      do {
        let channel = try WorkerChannel(command, arrays: [:])
        let ready = try channel.greet(
          kind,
          [
            "describe": true, "seed": 7, "params": .object(params), "threads": 1, "rounds": 10,
            "clients": .integer(PluginTrial.trainedCount),
            "participants": .integer(PluginTrial.trainedCount / 2),
          ])
        let seconds = start.duration(to: .now)
        let leave = Self.timed { channel.close() }.1
        self.kind = kind
        self.ready = ready
        findings.append(
          PluginFinding(
            id: "handshake",
            outcome: .pass("\(Self.words(ready, kind)); answers after \(Self.text(seconds))"),
            remedy: ""))
        findings.append(
          PluginFinding(
            id: "leave",
            outcome: leave < .seconds(1.9)
              ? .pass("ends by itself when it is told bye")
              : .fail("had to be ended, two seconds after bye"),
            remedy: "end when the message bye comes, and at the end of the input"))
        return
      } catch {
        problems.append("\(error)")
      }
    }
    // A trainer that fails says as a defense that it is none, which helps nobody.
    let told = problems.first { !$0.contains("it has: ") && !$0.contains("of kind '") }
    findings.append(
      PluginFinding(
        id: "handshake", outcome: .fail(told ?? problems[0]),
        remedy: "answer hello with ready; in Python: decorate a function or class with @defense(), "
          + "@attack() or @trainer(), and call run() last"))
  }

  // MARK: - What trials share

  /// Starts a process and greets it for a trial.
  func begin(
    rows: Int = rowCount, columns: Int = columnCount, transport: WorkerCommand.Transport? = nil
  ) throws -> PluginTrial {
    var command = command
    if let transport { command.transport = transport }
    return try PluginTrial(command, kind, dimension: columns, rowCount: rows, params: params)
  }

  /// The median time of a call in a few, after one that does not count.
  static func median(of call: () throws -> Void) rethrows -> Duration {
    try call()
    var times: [Duration] = []
    let start = ContinuousClock.now
    while times.count < 9, times.count < 3 || start.duration(to: .now) < .seconds(5) {
      let begin = ContinuousClock.now
      try call()
      times.append(begin.duration(to: .now))
    }
    return times.sorted()[times.count / 2]
  }

  static func timed<R>(_ body: () throws -> R) rethrows -> (R, Duration) {
    let start = ContinuousClock.now
    let result = try body()
    return (result, start.duration(to: .now))
  }

  static func text(_ duration: Duration) -> String {
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    return seconds < 1
      ? String(format: "%.*f ms", seconds < 0.01 ? 2 : 0, 1000 * seconds)
      : String(format: "%.1f s", seconds)
  }

  private static func words(_ ready: WorkerReady, _ kind: WorkerReady.Kind) -> String {
    var facts: [String] = []
    if ready.isStateful { facts.append("stateful") }
    if !ready.isDeterministic { facts.append("not deterministic") }
    if !ready.needs.isEmpty { facts.append("needs " + ready.needs.joined(separator: ", ")) }
    if case .string(let knowledge)? = ready.members["knowledge"] {
      facts.append("knows " + knowledge)
    }
    let article = kind == .attack ? "an" : "a"
    return "\(ready.name) \(ready.version), \(article) \(kind.rawValue)"
      + (facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))")
  }
}
