import Federation

/// The state of a round loop before the first round in which an attacker acts: a value, so that any
/// number of loops can go on from it.
///
/// Every draw of a round is made from a stream of that round, so no position of a stream belongs to
/// it. Attacks, meters and scorers are each trial's own, see ``TrialFollower``.
struct LoopSnapshot: Sendable {
  /// The round that comes next.
  let round: Int
  let global: [Float]
  let server: ServerStep
  /// With all that it remembers; its components are such that a copy is a snapshot.
  let defense: DefensePipeline
  /// What was found about the defense in the round that tested it.
  let hygiene: DefenseHygiene
  /// FedSGD: what the clients, and the server's own training, remember.
  let momentum: WorkerMomentum?
  let rootMomentum: WorkerMomentum?
}
