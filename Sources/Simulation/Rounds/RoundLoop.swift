import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// The synchronous federated loop: train, craft, aggregate, apply, evaluate.
///
/// The n × d matrix of updates is made once; clients write their rows in place, attacks and
/// defenses see the same storage. This file has the order of the steps; each step has its own.
struct RoundLoop {
  private(set) var global: [Float]
  private(set) var hygiene = DefenseHygiene()

  let context: TrialContext
  private var scorer: any ModelScorer
  let training: any ClientTrainer
  private let root: RootTraining?
  /// Whether the defense is given what the server trains.
  private let needsRoot: Bool
  private let accuracyRounds: Set<Int>
  private(set) var attacks: AttackGroups
  private(set) var defense: DefensePipeline
  private var crafting: Crafting
  private var server: ServerStep
  private var updates: Matrix<Float>
  private(set) var round = 0
  /// The rounds in which controlled clients acted, if predictions are made by vote.
  private(set) var actingRounds: [ActingRound] = []
  /// The votes of the last evaluation on the clean test examples, if predictions are made by vote.
  private(set) var lastVote: MajorityVote?
  /// What reached the server in the last round, if that was asked for and nobody has taken it.
  private var received: ReceivedRows?

  /// - Parameters:
  ///   - context: What stays the same over the rounds.
  ///   - task: Data and model.
  ///   - attacks: The attacks, fresh.
  ///   - defense: The defense, fresh.
  ///   - needsRoot: Whether a component of the defense needs what the server trains.
  ///   - trainsRoot: Whether the server trains all the same, for those who keep what it received.
  ///   - backdoors: Those whose success is measured.
  init(
    _ context: TrialContext, task: LocalTask, attacks: AttackGroups, defense: DefensePipeline,
    needsRoot: Bool, trainsRoot: Bool = false, backdoors: [Backdoor]
  ) {
    self.init(
      context, attacks: attacks, defense: defense, from: context.initialParameters(of: task),
      training: LocalTraining(context, attack: attacks),
      scorer: LocalScoring(context, task: task, backdoors: backdoors),
      root: needsRoot || trainsRoot ? RootTraining(context) : nil, needsRoot: needsRoot)
  }

  /// Creates a loop that goes on where another one was.
  ///
  /// - Parameters:
  ///   - snapshot: Where that one was; its defense and model come with it.
  ///   - context: What stays the same over the rounds.
  ///   - task: Data and model.
  ///   - fresh: The attacks as they were made, which changed data once for the run.
  ///   - attacks: The same attacks after the rounds of the snapshot.
  ///   - needsRoot: Whether a component of the defense needs what the server trains.
  ///   - trainsRoot: Whether the server trains all the same.
  ///   - backdoors: Those whose success is measured.
  init(
    from snapshot: LoopSnapshot, _ context: TrialContext, task: LocalTask, fresh: AttackGroups,
    attacks: AttackGroups, needsRoot: Bool, trainsRoot: Bool, backdoors: [Backdoor]
  ) {
    self.init(
      context, attacks: attacks, defense: snapshot.defense, from: snapshot.global,
      training: LocalTraining(context, attack: fresh, momentum: snapshot.momentum?.copy),
      scorer: LocalScoring(context, task: task, backdoors: backdoors),
      root: needsRoot || trainsRoot
        ? RootTraining(context, momentum: snapshot.rootMomentum?.copy) : nil,
      needsRoot: needsRoot)
    server = snapshot.server
    hygiene = snapshot.hygiene
    round = snapshot.round
  }

  /// Where the loop is, between two rounds in neither of which an attacker acted.
  var snapshot: LoopSnapshot {
    LoopSnapshot(
      round: round, global: global, server: server, defense: defense, hygiene: hygiene,
      momentum: training.momentum?.copy, rootMomentum: root?.momentum?.copy)
  }

  /// Whether all that it remembers can be passed over: what runs in another process cannot.
  var hasCheckpoints: Bool { defense.isCopyable && attacks.isCopyable }

  /// Passes over all that rounds change; one that reads is a loop of the same trial before its first
  /// round.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.mark("loop")
    pass.visit(&round)
    if round < 0 { pass.fail("there is no round \(round)") }
    pass.visit(&global, count: global.count)
    server.checkpoint(&pass, count: global.count)
    defense.checkpoint(&pass)
    hygiene.checkpoint(&pass)
    pass.mark(root == nil ? "clients train" : "clients and server train")
    training.momentum?.checkpoint(&pass)
    root?.momentum?.checkpoint(&pass)
    attacks.checkpoint(&pass)
    crafting.checkpoint(&pass)
    let clientCount = context.scenario.clients.count
    pass.visit(&actingRounds, from: ActingRound(round: 0, global: [], verdicts: [])) {
      $1.checkpoint(&$0, clientCount: clientCount)
    }
    let vote = MajorityVote(
      exampleCount: context.data.test.count, classCount: context.task.classCount)
    pass.visit(&lastVote, from: vote) { $1.checkpoint(&$0) }
    // What an evaluation showed the scorer, which the end of a trial asks for.
    for (backdoor, trigger) in attacks.roundTriggers { scorer.mark(backdoor, with: trigger) }
  }

  /// Creates a loop whose clients train, and whose models are scored, as is given.
  init(
    _ context: TrialContext, attacks: AttackGroups, defense: DefensePipeline,
    from initial: [Float], training: any ClientTrainer, scorer: any ModelScorer,
    root: RootTraining? = nil, needsRoot: Bool = false
  ) {
    self.context = context
    self.attacks = attacks
    self.defense = defense
    self.training = training
    self.scorer = scorer
    self.root = root
    global = initial
    updates = Matrix(
      rowCount: context.scenario.clients.participantCount, columnCount: global.count)
    self.needsRoot = needsRoot
    crafting = Crafting(context)
    server = ServerStep(context.scenario.server)
    accuracyRounds = Self.spread(5, over: context.scenario.threat.window)
  }

  /// What the attack recorded last.
  var resolved: [String: Double] { crafting.figures }

  /// Returns what reached the server in the last round, and lets go of it.
  mutating func takeReceived() -> ReceivedRows? {
    defer { received = nil }
    return received
  }

  /// The first test examples that count for a backdoor, with its trigger and without it.
  func triggeredExamples(of backdoor: Backdoor, limit: Int) -> (triggered: Shard, clean: Shard?)? {
    scorer.triggeredExamples(of: backdoor, limit: limit)
  }

  /// How large the trigger of a backdoor is on the test examples that count for it, as last evaluated.
  func triggerSize(of backdoor: Backdoor) -> TriggerSize? { scorer.triggerSize(of: backdoor) }

  /// Accuracy of the current model on the training data of each honest client that has some, by client
  /// number, and over all of them together; `nil` where that is not measured.
  func trainingAccuracy() -> (pooled: Double, each: [Double])? { scorer.trainingAccuracy(global) }

  /// Runs one round.
  ///
  /// The stop signal ends it between batches, clients or blocks of the evaluation; the loop is then
  /// good for nothing. What reaches the server is kept for ``takeReceived()`` if `keepsRows`.
  mutating func advance(keepsRows: Bool = false) throws(RoundFailure) -> RoundObservation {
    let clock = ContinuousClock()
    let start = clock.now
    var seconds = RoundSeconds()
    var attendance = context.attendance(round: round)
    updates.resize(rowCount: attendance.clients.count)

    let taken = attacks.gradientCounts
    attacks.observe(
      round: round, global: global, acting: attendance.acting.map { attendance.clients[$0] })
    let counts = try training.run(
      into: &updates, clients: attendance.clients, isActing: attendance.isActing, round: round,
      global: global, attacks: attacks)
    try checkStop()
    let shared = zip(attacks.gradientCounts, taken).map { $0 - $1 }
    var work = work(of: attendance.clients, counts, besides: shared.reduce(0, +))
    attendance.note(
      counts, besides: shared, of: attacks, deadline: context.scenario.clients.deadline)
    updates.removeRows(attendance.removeLate())
    let rootUpdate = root?.update(round: round, global: global)
    let roundContext = RoundContext(
      round: round, global: global, rootUpdate: needsRoot ? rootUpdate : nil,
      seed: context.seed.child("defense").child(round), pool: context.pool)
    let trained = clock.now
    seconds.training = (trained - start).inSeconds
    if !attendance.acting.isEmpty {
      work.rehearsedRowCount = craft(for: &attendance, in: roundContext)
      if let failure = attacks.failure { throw .attack(failure) }
    }
    let clients = attendance.clients
    let acting = attendance.acting
    try checkStop()
    let attacked = clock.now
    seconds.attack = (attacked - trained).inSeconds

    if keepsRows {
      received = context.received(
        updates, of: clients, round: round, global: global, rootUpdate: rootUpdate)
    }
    let dropped = dropNonFiniteRows(of: clients)
    let isDropped = Set(dropped)
    let kept = clients.filter { !isDropped.contains($0) }
    var decision: Decision?
    if !kept.isEmpty {
      decision = try RoundFailure.of { () throws(DefenseError) in
        try decide(on: kept, in: roundContext)
      }
    }
    try checkStop()
    let defended = clock.now
    seconds.defense = (defended - attacked).inSeconds

    if !acting.isEmpty && defense.smoothing != nil {
      let verdicts = decision.map { context.names.real($0.outcome.verdicts) } ?? [:]
      actingRounds.append(
        ActingRound(
          round: round, global: global,
          verdicts: acting.map { (clients[$0], verdicts[clients[$0]]) }))
    }
    // What only measures is left out of the times.
    if let decision { testHygiene(of: decision, in: roundContext, on: kept) }
    // Rows of attackers are compared with those of others.
    let localAccuracy =
      accuracyRounds.contains(round) && kept.contains(where: context.isControlled)
      ? scorer.accuracies(ofRows: updates, global: global) : nil
    let resumed = clock.now
    try checkStop()
    if let decision {
      try RoundFailure.of { () throws(DefenseError) in
        try apply(decision.outcome.update, in: roundContext)
      }
    }
    let evaluation = try evaluate()
    try checkStop()
    seconds.total = (clock.now - resumed + (defended - start)).inSeconds
    defer { round += 1 }
    return RoundObservation(
      round: round, isInWindow: isInWindow, updates: updates, clients: kept,
      weights: context.weights(of: kept), isControlled: kept.map { context.isControlled($0) },
      isActing: kept.map { context.isDeclaredActing($0, round: round) }, dropped: dropped,
      droppedControlled: dropped.filter { context.isControlled($0) },
      droppedActing: dropped.filter { context.isDeclaredActing($0, round: round) },
      silentCount: attendance.silentCount, late: attendance.late.sorted(),
      lateActing: attendance.late.sorted().filter { context.isDeclaredActing($0, round: round) },
      verdicts: decision.map { context.names.real($0.outcome.verdicts) } ?? [:],
      aggregate: decision?.outcome.update, report: decision?.outcome.report ?? [:],
      evaluation: evaluation, localAccuracy: localAccuracy, seconds: seconds, work: work,
      pool: context.pool)
  }
}

/// Why a round came to no end.
enum RoundFailure: Error {
  case attack(AttackFailure)
  case defense(DefenseError)
  /// What trains the clients and scores models could not go on.
  case trainer(TrainerError)
  /// The stop signal came.
  case stopped

  static func of<R>(_ body: () throws(DefenseError) -> R) throws(RoundFailure) -> R {
    do throws(DefenseError) { return try body() } catch { throw .defense(error) }
  }
}

extension RoundLoop {
  private func checkStop() throws(RoundFailure) {
    if context.stop.isStopped { throw .stopped }
  }

  private var isInWindow: Bool { context.scenario.threat.window.contains(round) }

  /// The work of the clients that act, as the scenario declares it; `taken` is what the attack did for
  /// all of them.
  private func work(of clients: [ClientID], _ counts: [Int], besides taken: Int) -> RoundWork {
    var work = RoundWork(gradientCount: taken)
    for (client, count) in zip(clients, counts)
    where context.isDeclaredActing(client, round: round) {
      work.gradientCount += count
      work.honestGradientCount += training.honestGradientCount(of: client, round: round)
    }
    return work
  }

  /// Lets the attacks replace rows, and takes out those that are late for it.
  ///
  /// - Returns: The rows of all rehearsals together.
  private mutating func craft(for attendance: inout Attendance, in round: RoundContext) -> Int {
    let taken = attacks.gradientCounts
    let rehearsed = crafting.run(
      on: &updates, clients: attendance.clients, acting: attendance.acting, round: round,
      attacks: &attacks, defense: defense)
    let crafted = zip(zip(attacks.gradientCounts, taken), rehearsed).map { $0.0 - $0.1 + $1 }
    attendance.add(crafted, of: attacks)
    updates.removeRows(attendance.removeLate())
    return rehearsed.reduce(0, +)
  }

  /// What the defense made of a round.
  private struct Decision {
    let outcome: DefensePipeline.Outcome
    /// The defense before the round, where it is tested on it.
    let before: DefensePipeline?
  }

  /// Runs the defense on the rows of `clients`, under their opaque ids.
  ///
  /// Stages change the rows in place where nobody looks at them afterwards: outside the window.
  private mutating func decide(
    on clients: [ClientID], in context: RoundContext
  ) throws(DefenseError) -> Decision {
    let before = testsHygiene(on: clients.count) ? defense : nil
    var submissions = takeSubmissions(of: clients)
    defer { updates = submissions.values }
    let outcome: DefensePipeline.Outcome
    if defense.hasStages && (isInWindow || before != nil) {
      var copy = submissions
      outcome = try defense.aggregate(&copy, in: context)
    } else {
      outcome = try defense.aggregate(&submissions, in: context)
    }
    return Decision(outcome: outcome, before: before)
  }

  /// Whether the defense is tested on the rows of this round: the first ones that there are; where updates
  /// are lost, the first two or more, as the order of one says nothing.
  private func testsHygiene(on rowCount: Int) -> Bool {
    let clients = context.scenario.clients
    return !hygiene.isTested
      && rowCount >= (clients.losesUpdates ? min(2, clients.participantCount) : 1)
  }

  /// Moves the rows into a matrix that the defense may change; they have to be put back.
  private mutating func takeSubmissions(of clients: [ClientID]) -> UpdateMatrix {
    var values = Matrix<Float>(rowCount: 0, columnCount: updates.columnCount)
    swap(&values, &updates)
    return UpdateMatrix(
      values: values, provenance: context.provenance(of: clients),
      weights: context.weights(of: clients))
  }

  private mutating func testHygiene(
    of decision: Decision, in roundContext: RoundContext, on clients: [ClientID]
  ) {
    guard let before = decision.before else { return }
    var submissions = takeSubmissions(of: clients)
    hygiene = DefenseHygiene(
      of: before, on: &submissions, in: roundContext, outcome: decision.outcome.update)
    updates = submissions.values
  }

  /// Returns up to `count` evenly spaced rounds of the window, its last one among them.
  private static func spread(_ count: Int, over window: Range<Int>) -> Set<Int> {
    let picks = min(count, window.count)
    return Set((0..<picks).map { window.lowerBound + (($0 + 1) * window.count) / picks - 1 })
  }

  /// Removes rows with a non-finite value and returns their clients, ascending.
  private mutating func dropNonFiniteRows(of clients: [ClientID]) -> [ClientID] {
    let bad = nonFiniteRows
    guard !bad.isEmpty else { return [] }
    updates.removeRows(Set(bad))
    return bad.map { clients[$0] }.sorted()
  }

  private var nonFiniteRows: [Int] {
    let areFinite = context.pool.map(updates.rowCount) { [updates] in updates.isFinite(row: $0) }
    return areFinite.indices.filter { !areFinite[$0] }
  }

  /// The server's step, and what the defense makes of the new model.
  private mutating func apply(
    _ aggregate: [Float], in context: RoundContext
  ) throws(DefenseError) {
    server.apply(aggregate, to: &global)
    try defense.finish(&global, in: context)
  }

  /// Scores the global model, in rounds in which the scenario wants that.
  private mutating func evaluate() throws(RoundFailure) -> Evaluation? {
    let scenario = context.scenario
    guard
      scenario.evaluation.includes(
        round: round, window: scenario.threat.window, rounds: scenario.rounds)
    else { return nil }
    for (backdoor, trigger) in attacks.roundTriggers { scorer.mark(backdoor, with: trigger) }
    var evaluation = try scorer.evaluate(
      global, round: round, smoothing: defense.smoothing,
      seed: context.seed.child("smoothing").child(round))
    // Kept once, not with each round.
    lastVote = evaluation.vote
    evaluation.vote = nil
    return evaluation
  }
}

extension Duration {
  /// The length in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
