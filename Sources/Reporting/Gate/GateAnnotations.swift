public import Gating

/// The annotations of a gate for GitHub: at most ten errors and ten warnings, all that GitHub shows
/// of a step.
public struct GateAnnotations: Sendable {
  public var report: GateReport
  /// How the gate ends.
  public var outcome: GateOutcome
  /// The file of the claims as the user wrote it.
  public var claimsPath: String?

  /// Prepares the annotations of a report.
  ///
  /// Without an outcome the gate ends as the report says by itself, without options of a command.
  public init(_ report: GateReport, outcome: GateOutcome? = nil, claimsPath: String? = nil) {
    self.report = report
    self.outcome = outcome ?? report.outcome()
    self.claimsPath = claimsPath
  }

  /// One workflow command per line, the worst first; empty if there is nothing to say.
  ///
  /// There is one error per defense with a regression, at its worst cell's line in the baseline,
  /// and one per broken claim; missing, incomparable and inconclusive ones are errors where the
  /// gate fails for them, else warnings, unless the policy ignores them. The tenth annotation of
  /// a level counts the others where there are more.
  public var text: String {
    let errors = Self.capped(commands.filter { $0.level == .error })
    let warnings = Self.capped(commands.filter { $0.level == .warning })
    return (errors + warnings).map { $0.text + "\n" }.joined()
  }

  private var commands: [WorkflowCommand] {
    regressions + brokenClaims
      + gaps("missing", .missing, level(report.policy.missing))
      + gaps("incomparable", .incomparable, .error)
      + extras + nothing + inconclusive + unclearClaims + improvements
      + report.warnings.map { command(.warning, "gauntlet gate", $0) }
  }

  private static func capped(_ commands: [WorkflowCommand]) -> [WorkflowCommand] {
    guard commands.count > most else { return commands }
    let hidden = commands.dropFirst(most - 1)
    var last = commands[most - 1]
    last.title = "gauntlet gate: and \(hidden.count) more"
    last.message = hidden.prefix(20).map(\.title).joined(separator: "; ")
    if hidden.count > 20 { last.message += "; …" }
    return commands.prefix(most - 1) + [last]
  }

  private static let most = 10
}

extension GateAnnotations {
  private var regressions: [WorkflowCommand] {
    worstByDefense(.regression).map { command(.error, "regression", $0.worst, $0.others) }
  }

  private var inconclusive: [WorkflowCommand] {
    let level = outcome == .uncertain ? .error : level(report.policy.inconclusive)
    guard let level else { return [] }
    return worstByDefense(.inconclusive).map {
      command(level, "inconclusive", $0.worst, $0.others)
    }
  }

  private var improvements: [WorkflowCommand] {
    guard outcome == .improved, let best = GateRanking.bestFirst(report.findings(.improved)).first
    else { return [] }
    return [command(.error, "improved", best, report.count(.improved) - 1)]
  }

  private var extras: [WorkflowCommand] {
    guard !report.extraCells.isEmpty, let level = level(report.policy.extra) else { return [] }
    return [command(level, "extra cells", report.extraCellsText)]
  }

  /// An empty gate is red and has no finding that could say so.
  private var nothing: [WorkflowCommand] {
    report.comparedCount == 0 && report.findings.isEmpty && report.claims.isEmpty
      ? [command(.error, "gauntlet gate", "nothing was compared")] : []
  }

  private func gaps(
    _ word: String, _ verdict: CheckVerdict, _ level: WorkflowCommand.Level?
  ) -> [WorkflowCommand] {
    // If nothing else was compared, this is why the gate is red, whatever the policy says.
    guard let level = report.comparedCount == 0 ? .error : level else { return [] }
    return CellGroups(report, verdict).groups.map {
      var command = command(level, "\(word): \($0.metrics)", "\($0.cells): \($0.message)")
      command.line = $0.line
      return command
    }
  }

  private var brokenClaims: [WorkflowCommand] {
    claims(.broken, .error, "broken claim") + claims(.void, .error, "void claim")
      + claims(.missing, .error, "claim without numbers")
  }

  private var unclearClaims: [WorkflowCommand] {
    let level = outcome == .uncertain ? .error : level(report.policy.inconclusive)
    return level.map { claims(.inconclusive, $0, "inconclusive claim") } ?? []
  }

  private func claims(
    _ standing: ClaimStanding, _ level: WorkflowCommand.Level, _ word: String
  ) -> [WorkflowCommand] {
    report.claims.filter { ClaimStanding($0) == standing }.map {
      .init(
        level: level, file: claimsPath, line: $0.line, title: "\(word): \($0.claim)",
        message: "\($0.subject) \($0.metric): \($0.message)")
    }
  }

  /// The worst finding of each defense, and how many others it has.
  private func worstByDefense(_ verdict: CheckVerdict) -> [(worst: Finding, others: Int)] {
    var places: [String: Int] = [:]
    var found: [(worst: Finding, others: Int)] = []
    for finding in GateRanking.worstFirst(report.findings(verdict)) {
      if let place = places[finding.defense] {
        found[place].others += 1
      } else {
        places[finding.defense] = found.count
        found.append((finding, 0))
      }
    }
    return found
  }

  private func command(
    _ level: WorkflowCommand.Level, _ word: String, _ finding: Finding, _ others: Int
  ) -> WorkflowCommand {
    var command = command(
      level, "\(word): \(finding.cell) \(finding.metric)",
      others > 0
        ? "\(finding.message); and \(others) more of \(finding.defense)" : finding.message)
    command.line = finding.line
    return command
  }

  private func command(
    _ level: WorkflowCommand.Level, _ title: String, _ message: String
  ) -> WorkflowCommand {
    .init(level: level, file: report.baselinePath, title: title, message: message)
  }

  private func level(_ reaction: Policy.Reactions.Reaction) -> WorkflowCommand.Level? {
    switch reaction {
    case .fail: .error
    case .warn: .warning
    case .ignore: nil
    }
  }
}
