import Federation

/// What meters find in the rounds of a trial, given who acts.
struct MeterView: Checkpointed, Sendable {
  private let roster: AttackRoster
  private let window: Range<Int>
  private var meters: [any RoundMeter]
  private var rounds: [[String: Double]] = []
  private var summary: [String: Double] = [:]

  init(_ meters: [any RoundMeter], roster: AttackRoster, window: Range<Int>) {
    self.meters = meters
    self.roster = roster
    self.window = window
  }

  mutating func observe(_ observation: RoundObservation) {
    func acts(_ client: ClientID) -> Bool {
      roster.acts(client, round: observation.round, window: window)
    }
    var seen = observation
    seen.isActing = observation.clients.map(acts)
    seen.droppedActing = observation.dropped.filter(acts)
    seen.lateActing = observation.late.filter(acts)
    var figures: [String: Double] = [:]
    for index in meters.indices { figures.merge(meters[index].observe(seen)) { _, new in new } }
    rounds.append(figures)
  }

  /// Visits what the meters found so far, and what they remember, before ``finish()``.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.mark("meters")
    pass.visit(&rounds, from: [:]) { $0.visit(&$1) }
    for index in meters.indices {
      pass.mark(String(describing: type(of: meters[index])))
      meters[index].checkpoint(&pass)
    }
  }

  mutating func finish() {
    for index in meters.indices { summary.merge(meters[index].finish()) { _, new in new } }
    meters = []
  }

  /// Returns the trace with these figures in place of its own; what rules report stays.
  func applied(to trace: TrialTrace) -> TrialTrace {
    var trace = trace
    trace.summary = summary
    trace.rounds = zip(trace.rounds, rounds).map { round, figures in
      let reported = round.figures.filter {
        RuleSeries.isReported($0.key) || AttendanceSeries.ids.contains($0.key)
      }
      return TrialTrace.Round(round, figures: reported.merging(figures) { _, new in new })
    }
    return trace
  }
}
