import Diagnostics
public import Federation
public import Simulation

/// Writes what the server receives in chosen rounds, each into a folder of its own:
/// `<folder>/<key of the trial>/round-0010`.
public final class UpdateDumper: TrialObserver {
  private let folder: String
  private let format: DumpFormat
  private let rounds: RoundSelection

  /// - Parameters:
  ///   - folder: Where the folders of trials go; made when the first round is written.
  ///   - format: How arrays are stored.
  ///   - rounds: Which rounds.
  public init(folder: String, format: DumpFormat, rounds: RoundSelection) {
    self.folder = folder
    self.format = format
    self.rounds = rounds
  }

  public func wantsRows(of round: Int, in trial: ObservedTrial) -> Bool {
    rounds.contains(round, of: trial.trial.rounds) && trial.isFirstOfKey
  }

  public func wantsModel(of trial: ObservedTrial) -> Bool { false }

  public func observe(
    _ round: RoundObservation, _ rows: ReceivedRows?, in trial: ObservedTrial
  ) throws {
    // Of a round that nobody answered in there is nothing to replay.
    guard let rows, !rows.clients.isEmpty, wantsRows(of: round.round, in: trial) else { return }
    let files = DumpFiles(
      folder: [trial.trial.key, DumpFiles.name(ofRound: round.round)]
        .reduce(folder, UserPath.joined),
      format: format)
    try files.write(rows, DumpMeta(of: round, rows, in: trial))
  }

  /// Rounds before were written where they belong, if they were to be written there.
  public func checkpoint(_ pass: inout CheckpointPass, of trial: ObservedTrial) {
    pass.mark("\(rounds.text) as \(format.rawValue) in \(folder)")
  }

  public func finish(with model: TrainedModel, in trial: ObservedTrial) throws {}
}

extension DumpMeta {
  init(of round: RoundObservation, _ rows: ReceivedRows, in trial: ObservedTrial) {
    self.init()
    self.round = round.round
    rounds = trial.trial.rounds
    ids = rows.names.map { String($0.index) }
    clients = rows.clients.map(\.index)
    clientCount = trial.clientCount
    participantCount = trial.participantCount
    samples = rows.sampleCounts
    weights = rows.weights.map(Double.init)
    malicious = rows.isControlled.indices.filter { rows.isControlled[$0] }
    acting = rows.isActing.indices.filter { rows.isActing[$0] }
    isInWindow = round.isInWindow
    declaredByzantine = trial.declaredByzantine
    layout = trial.layout
    self.trial = trial.trial.key
    cell = trial.firstCell
    seed = trial.trial.seed
    engine = Engine.number
    aggregateSHA256 = round.aggregate.map(ParametersDigest.hexadecimal(of:))
  }
}
