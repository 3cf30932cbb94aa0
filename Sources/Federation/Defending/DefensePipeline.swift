import Components

/// Pre-aggregators in order, then a rule, then what finishes the new model.
///
/// Verdicts come back per client even where stages mixed rows together. Each component draws from
/// the stream path of its position: stages first, then the rule, then the finishers.
public struct DefensePipeline: Checkpointed, Sendable {
  private var stages: [any PreAggregator]
  private var rule: any Aggregator
  private var finishers: [any ModelFinisher]

  public init(
    stages: [any PreAggregator] = [], rule: any Aggregator, finishers: [any ModelFinisher] = []
  ) {
    self.stages = stages
    self.rule = rule
    self.finishers = finishers
  }

  /// Whether a copy is a snapshot of all components.
  public var isCopyable: Bool {
    rule.isCopyable && stages.allSatisfy(\.isCopyable) && finishers.allSatisfy(\.isCopyable)
  }

  /// Whether a component runs although a precondition that its proof needs does not hold.
  public var isOutsideProof: Bool {
    rule.isOutsideProof || stages.contains(where: \.isOutsideProof)
  }

  /// Whether stages may change the rows that ``aggregate(_:in:)`` is given.
  public var hasStages: Bool { !stages.isEmpty }

  /// How predictions of the global model are made; the last finisher that says so decides.
  public var smoothing: ParameterSmoothing? { finishers.compactMap(\.smoothing).last }

  /// What a pipeline decided: the update, and a verdict per client that took part.
  public struct Outcome: Sendable {
    public let update: [Float]
    public let verdicts: [ClientID: Verdict]
    public let report: [String: ReportValue]
  }

  /// Runs the stages, which change the rows in place, and the rule.
  ///
  /// A client's weight is the sum over rows of the row's weight times the client's share of the
  /// row; its suspicion is the mean of the rows' suspicion, weighted by its shares. A client whose
  /// rows got different dispositions is `downweighted`.
  public mutating func aggregate(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Outcome {
    guard updates.rowCount > 0 else { throw .noRows }
    for index in stages.indices {
      try stages[index].transform(&updates, in: round.component(index))
    }
    let result = try rule.aggregate(updates, in: round.component(stages.count))
    precondition(
      result.verdicts.count == updates.rowCount,
      "\(type(of: rule)) returned \(result.verdicts.count) verdicts for \(updates.rowCount) rows")
    return Outcome(
      update: result.update, verdicts: ClientVerdicts(result.verdicts, updates.provenance).merged,
      report: result.report)
  }

  /// Passes over what the components remember.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    for index in stages.indices {
      pass.mark("stage \(type(of: stages[index]).manifest.id)")
      stages[index].checkpoint(&pass)
    }
    pass.mark("rule \(type(of: rule).manifest.id)")
    rule.checkpoint(&pass)
    for index in finishers.indices {
      pass.mark("finisher \(type(of: finishers[index]).manifest.id)")
      finishers[index].checkpoint(&pass)
    }
  }

  /// Runs the finishers on a new global model.
  public mutating func finish(
    _ global: inout [Float], in round: RoundContext
  ) throws(DefenseError) {
    for index in finishers.indices {
      try finishers[index].finish(&global, in: round.component(stages.count + 1 + index))
    }
  }
}
