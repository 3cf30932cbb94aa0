import Gating
import Results
import Simulation
import Synchronization

/// Writes trials as they come and knows all that are in the folder, for the tables.
final class Collector: Sendable {
  private struct State {
    let writer: ResultWriter
    var records: [TrialRecordV1]
    var places: [TrialIdentity: Int]

    mutating func note(_ record: TrialRecordV1) {
      if let place = places[record.identity] {
        records[place] = record
      } else {
        places[record.identity] = records.count
        records.append(record)
      }
    }
  }

  private let state: Mutex<State>
  /// Whether each trial of the plan is one that nobody asked for.
  private let implied: [(identity: TrialIdentity, isImplied: Bool)]
  /// The places in the plan of the trials that this run is to record.
  private let places: Range<Int>

  /// - Parameters:
  ///   - writer: Where trials go.
  ///   - plan: What is run, or a part of it.
  ///   - places: The places in the plan of the trials of that part.
  ///   - recorded: One record per trial that is in the folder already. One that was implied and is
  ///     asked for now is written again.
  /// - Throws: What ``ResultWriter`` throws.
  init(
    _ writer: sending ResultWriter, plan: Plan, places: Range<Int>, recorded: [TrialRecordV1]
  ) throws(ResultError) {
    self.places = places
    implied = plan.trials.map { ($0.identity, $0.isImplied) }
    let found = Dictionary(
      zip(recorded.map(\.identity), recorded.indices), uniquingKeysWith: { $1 })
    var state = State(writer: writer, records: recorded, places: found)
    let requested = Set(plan.trials.filter { !$0.isImplied }.map(\.identity))
    var changed: [TrialRecordV1] = []
    for var record in recorded
    where record.isSettled && record.isImplied && requested.contains(record.identity) {
      record.isImplied = false
      changed.append(record)
      state.note(record)
    }
    try writer.append(changed)
    self.state = Mutex(state)
  }

  /// All trials of the folder.
  var records: [TrialRecordV1] { state.withLock { $0.records } }

  /// The trials that this run is to record and that are in the folder, in plan order, implied ones
  /// marked as in the plan.
  var plannedRecords: [TrialRecordV1] {
    let records = self.records
    let places = state.withLock { $0.places }
    return implied[self.places].compactMap { identity, isImplied in
      guard let place = places[identity], place < records.count else { return nil }
      var record = records[place]
      record.isImplied = isImplied
      return record
    }
  }

  /// The rounds first: they are complete for every trial in the log.
  func take(_ trial: FinishedTrial) throws(ResultError) {
    try state.withLock { (state) throws(ResultError) in
      try state.writer.append(rounds: trial.rounds, of: trial.record)
      try state.writer.append(trial.record)
      state.note(trial.record)
    }
  }

  func finish(_ manifest: RunManifestV1, metricOrder: [String]) throws(ResultError) {
    try state.withLock { (state) throws(ResultError) in
      try state.writer.finish(
        manifest, order: implied.map(\.identity), metricOrder: metricOrder,
        digest: RunInfo.fileDigest, flagged: Reliability.flagged)
    }
  }
}
