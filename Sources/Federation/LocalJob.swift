public import Datasets
public import Determinism
public import Training

/// One controlled client's training of one round.
public struct LocalJob: Sendable {
  public let client: ClientID
  public let round: Int
  /// The global parameters, d values.
  public let global: [Float]
  /// The client's data, after ``Attack/poison(_:of:random:)``.
  public let shard: Shard
  /// How an honest client trains in this round, its learning rate already scheduled.
  public let schedule: LocalSchedule

  public init(
    client: ClientID, round: Int, global: [Float], shard: Shard, schedule: LocalSchedule
  ) {
    self.client = client
    self.round = round
    self.global = global
    self.shard = shard
    self.schedule = schedule
  }

  /// Trains as an honest client would, or with another schedule or hook; the result is in
  /// `trainer.parameters`.
  public func train(
    with trainer: inout LocalTrainer, schedule: LocalSchedule? = nil,
    hook: some LocalTrainingHook = NoHook(), random: inout RandomStream
  ) {
    trainer.train(
      from: global, inputs: shard.inputs, labels: shard.labels,
      schedule: schedule ?? self.schedule, hook: hook, random: &random)
  }
}
