import BareRounds
import Federation

extension JSONText {
  /// What `gauntlet aggregate --json` prints.
  init(_ outcome: BareOutcome, isOutsideProof: Bool) {
    self = .object([
      "flags": .list(isOutsideProof ? [.text("outside-proof")] : []),
      "left-out": .list(outcome.leftOut.map { .integer($0) }),
      "report": .object(outcome.report.mapValues { JSONText($0) }),
      "verdicts": .list(
        outcome.verdicts.map { client in
          .object([
            "row": .integer(client.row),
            "disposition": .text(client.verdict.disposition.rawValue),
            "weight": .number(client.verdict.weight),
            "suspicion": client.verdict.suspicion.map { .number($0) } ?? .null,
          ])
        }),
    ])
  }

  private init(_ value: ReportValue) {
    self =
      switch value {
      case .number(let number): .number(number)
      case .text(let text): .text(text)
      case .rows(let rows): .list(rows.map { .integer($0) })
      }
  }
}
