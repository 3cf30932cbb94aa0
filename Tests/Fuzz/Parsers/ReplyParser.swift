import Federation
import JSON

@testable import Workers

/// The answers of workers.
enum ReplyParser {
  /// One line, taken for an answer to everything that is asked.
  static func reply(_ bytes: [UInt8]) throws {
    let members = try WorkerSession.members(of: bytes, answering: "hello")
    let answer = WorkerAnswer(members)
    for kind in [WorkerReady.Kind.defense, .attack, .trainer] {
      guard let ready = try? WorkerReady(members, kind: kind) else { continue }
      _ = ready.isSame(as: ready)
      if kind == .trainer { _ = try TrainerFacts(ready) }
    }
    for verdict in (try? WorkerVerdicts.read(answer, [0.5, 0.25, 0.25])) ?? [] {
      require((0...1).contains(verdict.weight), "a weight of \(verdict.weight)")
    }
    _ = try? answer.shapes()
    _ = try? answer.report("report")
    _ = try? answer.counts("examples", count: 2)
    _ = try TrainerScores(answer, classCount: 2, backdoorCount: 1)
  }
}
