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
  /// The path of what the attack draws besides the order of the examples.
  public let seed: SeedPath
  /// What modifiers of the attack add to every training of this job.
  var hooks: [any LocalTrainingHook] = []

  public init(
    client: ClientID, round: Int, global: [Float], shard: Shard, schedule: LocalSchedule,
    seed: SeedPath
  ) {
    self.client = client
    self.round = round
    self.global = global
    self.shard = shard
    self.schedule = schedule
    self.seed = seed
  }

  /// Trains as an honest client would, or with another schedule, start or hook; the result is in
  /// `trainer.parameters`.
  ///
  /// Hooks of modifiers act after `hook`; each training starts with fresh ones.
  ///
  /// - Parameters:
  ///   - trainer: What trains.
  ///   - start: Where training starts; `nil`: at the global parameters, which hooks measure from in
  ///     any case.
  ///   - shard: The examples; `nil`: the job's.
  ///   - schedule: How long and how fast; `nil`: as honest clients do.
  ///   - hook: What to change in each step; keeps what it learned.
  ///   - random: Orders the examples.
  public func train(
    with trainer: inout LocalTrainer, from start: [Float]? = nil, on shard: Shard? = nil,
    schedule: LocalSchedule? = nil, hook: inout some LocalTrainingHook,
    random: inout RandomStream
  ) {
    let shard = shard ?? self.shard
    let schedule = schedule ?? self.schedule
    var hookRandom = seed.child("hook").stream()
    guard !hooks.isEmpty else {
      trainer.train(
        from: start ?? global, anchor: global, inputs: shard.inputs, labels: shard.labels,
        schedule: schedule, hook: &hook, random: &random, hookRandom: &hookRandom)
      return
    }
    var pair = HookPair(hook, HookList(hooks))
    trainer.train(
      from: start ?? global, anchor: global, inputs: shard.inputs, labels: shard.labels,
      schedule: schedule, hook: &pair, random: &random, hookRandom: &hookRandom)
    hook = pair.first
  }

  /// Trains as an honest client would, or with another schedule; the result is in
  /// `trainer.parameters`.
  public func train(
    with trainer: inout LocalTrainer, schedule: LocalSchedule? = nil, random: inout RandomStream
  ) {
    var hook = NoHook()
    train(with: &trainer, schedule: schedule, hook: &hook, random: &random)
  }
}
