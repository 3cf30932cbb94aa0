import Gating

extension GateText {
  /// The findings with a verdict; empty if there are none.
  func section(_ verdict: CheckVerdict) -> String {
    switch verdict {
    case .missing, .incomparable: collapsed(verdict)
    case .improved: list(Self.title(verdict), rows(verdict, GateRanking.bestFirst))
    case .regression, .inconclusive, .pass:
      list(Self.title(verdict), rows(verdict, GateRanking.worstFirst))
    case .identical: list(Self.title(verdict), rows(verdict) { $0 })
    }
  }

  private func rows(
    _ verdict: CheckVerdict, _ order: ([Finding]) -> [Finding]
  ) -> [AlignedRows.Row] {
    order(report.findings(verdict)).map {
      .init(
        fields: [$0.cell, $0.arrowedMetric], message: $0.message, paint: Self.paint(verdict))
    }
  }

  private func collapsed(_ verdict: CheckVerdict) -> String {
    list(
      Self.title(verdict),
      CellGroups(report, verdict).groups.map {
        .init(
          fields: [$0.metrics], message: "\($0.cells): \($0.message)", paint: Self.paint(verdict))
      })
  }

  private static func title(_ verdict: CheckVerdict) -> String {
    switch verdict {
    case .regression: "regressions, worst first"
    case .missing: "missing"
    case .incomparable: "incomparable"
    case .inconclusive: "inconclusive, worst first"
    case .improved: "improved, best first"
    case .pass: "passed"
    case .identical: "identical"
    }
  }

  private static func paint(_ verdict: CheckVerdict) -> Paint {
    switch verdict {
    case .regression, .missing, .incomparable: .red
    case .inconclusive: .yellow
    case .improved: .green
    case .pass, .identical: .dim
    }
  }
}
