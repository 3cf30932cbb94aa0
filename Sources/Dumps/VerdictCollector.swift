public import Federation
public import Results
public import Simulation
import Synchronization

/// Keeps what defenses decide about clients until their trial is recorded.
public final class VerdictCollector: TrialObserver {
  private let verdicts = Mutex<[TrialIdentity: [ClientVerdict]]>([:])

  public init() {}

  public func wantsRows(of round: Int, in trial: ObservedTrial) -> Bool { false }
  public func wantsModel(of trial: ObservedTrial) -> Bool { false }
  public func finish(with model: TrainedModel, in trial: ObservedTrial) throws {}

  public func observe(
    _ round: RoundObservation, _ rows: ReceivedRows?, in trial: ObservedTrial
  ) throws {
    let identity = trial.trial.identity
    let found = Self.verdicts(of: round)
    verdicts.withLock { verdicts in
      // A trial that lost a program of somebody else's is played again from its start.
      if round.round == 0 { verdicts[identity] = nil }
      verdicts[identity, default: []] += found
    }
  }

  public func checkpoint(_ pass: inout CheckpointPass, of trial: ObservedTrial) {
    let identity = trial.trial.identity
    var found = verdicts.withLock { $0[identity] ?? [] }
    pass.visit(&found, from: .empty) { $1.checkpoint(&$0) }
    if pass.isReading, pass.problem == nil { verdicts.withLock { $0[identity] = found } }
  }

  /// Returns the verdicts of a trial by round and client, and lets go of them.
  public func take(_ identity: TrialIdentity) -> [ClientVerdict] {
    verdicts.withLock { $0.removeValue(forKey: identity) ?? [] }
  }

  private static func verdicts(of round: RoundObservation) -> [ClientVerdict] {
    let controlled = Set(round.droppedControlled)
    let acting = Set(round.droppedActing)
    let dropped = round.dropped.map { client in
      ClientVerdict(
        round: round.round, client: client.index, isMalicious: controlled.contains(client),
        isActing: acting.contains(client), verdict: "dropped", weight: 0, suspicion: nil)
    }
    let judged = round.clients.enumerated().compactMap { row, client in
      round.verdicts[client].map { verdict in
        ClientVerdict(
          round: round.round, client: client.index, isMalicious: round.isControlled[row],
          isActing: round.isActing[row], verdict: verdict.disposition.rawValue,
          weight: verdict.weight, suspicion: verdict.suspicion)
      }
    }
    return (dropped + judged).sorted { $0.client < $1.client }
  }
}
