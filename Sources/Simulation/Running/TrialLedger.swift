import Federation
import Tensors

/// What the rounds of a trial have left behind so far: the series of its meters, and what those
/// remember.
struct TrialLedger: Sendable {
  private(set) var trace: TrialTrace
  private var meters: [any RoundMeter]
  private var views: [String: MeterView]
  /// The names of the numbers that the rule reports.
  private let reports: [String]
  /// Whether clients that take part may be missing.
  private let losesUpdates: Bool
  private let parameterCount: Int
  /// Who else sees the rounds; `nil`: nobody.
  private let observation: TrialObservation?

  /// - Parameters:
  ///   - run: The trial.
  ///   - parts: What it is built from.
  ///   - isOutsideProof: Whether its defense runs although a precondition of its proof does not hold.
  ///   - controlled: The clients that an attack controls, or would.
  ///   - control: What its clean twin is measured with, where its trigger changes over the rounds.
  init(
    of run: TrialRun, _ parts: TrialParts, isOutsideProof: Bool, controlled: [ClientID],
    control: TriggerControl?
  ) {
    let (trial, task, scenario) = (run.trial, run.variant.task, run.variant.scenario)
    let setup = MeterSetup(
      rounds: trial.rounds, classCount: task.classCount, parameterCount: task.layout.count,
      backdoor: parts.backdoor, declaredByzantine: trial.defenseChoice.leastByzantineCount,
      followsClients: trial.defenseChoice.needs.contains(.stableClients),
      labelSkew: run.data.labelSkew)
    meters = run.metrics.meters.map { $0.init(setup) }
    views = run.views(setup, controlled: controlled)
    let entry = trial.defenseChoice.rule.entry
    reports = entry.reports
    parameterCount = task.layout.count
    losesUpdates = scenario.clients.losesUpdates
    observation = run.observation
    trace = TrialTrace(
      rounds: [], window: scenario.threat.window, classCount: task.classCount, goal: parts.goal,
      backdoor: parts.backdoor, declaresMalicious: entry.traits.contains(.declaresMalicious))
    trace.isOutsideProof = isOutsideProof
    trace.isTrainedElsewhere = task.trainer != nil
    trace.control = control
  }

  /// Whether somebody wants the rows of a round.
  func wantsRows(of round: Int) -> Bool { observation?.wantsRows(of: round) ?? false }

  /// Takes the next round; `rows` is what reached the server, where somebody wants that.
  mutating func take(_ round: RoundObservation, _ rows: ReceivedRows?) {
    observation?.observe(round, rows)
    var figures = round.reported(reports)
    if losesUpdates { figures.merge(AttendanceSeries.figures(of: round)) { _, new in new } }
    for index in meters.indices {
      figures.merge(meters[index].observe(round)) { _, new in new }
    }
    for key in views.keys { views[key]?.observe(round) }
    trace.rounds.append(
      TrialTrace.Round(
        evaluation: round.evaluation, figures: figures, droppedCount: round.dropped.count))
  }

  /// Keeps the trigger of a round for the clean twin.
  mutating func keep(_ trigger: Trigger?, of round: Int) {
    trace.control?.triggers[round] = trigger
  }

  /// Keeps the model after a round for attacks whose triggers are known later only.
  mutating func keep(_ model: FinishedRound, of round: Int) { trace.models[round] = model }

  /// Passes over what the rounds have left behind; one that reads is of the same trial, without rounds.
  ///
  /// - Parameters:
  ///   - pass: The pass.
  ///   - backdoors: All that models of the trial are scored on.
  mutating func checkpoint(_ pass: inout CheckpointPass, backdoors: [Backdoor]) {
    pass.mark("ledger of \(backdoors.count) backdoors")
    pass.visit(&trace.rounds, from: .empty) { $1.checkpoint(&$0, backdoors: backdoors) }
    for index in meters.indices {
      pass.mark("meter \(type(of: meters[index]))")
      meters[index].checkpoint(&pass)
    }
    for key in views.keys.sorted() {
      pass.mark("view \(key)")
      views[key]?.checkpoint(&pass)
    }
    trace.control?.checkpoint(&pass)
    let parameterCount = parameterCount
    pass.visit(
      &trace.models, key: 0, from: FinishedRound(global: [], smoothing: nil), { $0.visit(&$1) },
      { $1.checkpoint(&$0, parameterCount: parameterCount) })
    observation?.checkpoint(&pass)
  }

  /// Returns the trace with what the meters pooled.
  mutating func finish() -> TrialTrace {
    for index in meters.indices {
      trace.summary.merge(meters[index].finish()) { _, new in new }
      trace.operatingCurves.merge(meters[index].operatingCurves()) { _, new in new }
    }
    trace.views = views.mapValues { view in
      var view = view
      view.finish()
      return view
    }
    return trace
  }
}

extension RoundObservation {
  /// The numbers that the rule reported, as series of per-round results.
  fileprivate func reported(_ names: [String]) -> [String: Double] {
    var figures: [String: Double] = [:]
    for name in names {
      if case .number(let value)? = report[name], value.isFinite {
        figures[RuleSeries.id(name)] = value
      }
    }
    return figures
  }
}

/// The series of per-round results that come from what rules report about themselves.
enum RuleSeries {
  private static let prefix = "defense."

  static func id(_ report: String) -> String { prefix + report }

  static func isReported(_ id: String) -> Bool { id.hasPrefix(prefix) }
}
