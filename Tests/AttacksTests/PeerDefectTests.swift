import Components
import Datasets
import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// Inputs on which other implementations of attacks go wrong, with what is right.
///
/// `Where implementations disagree` in the documentation is the list; what a comment says of others
/// was seen in their code or by running it. Defects of attacks that have a test in a suite of their own:
///
/// | defect of others | test |
/// |---|---|
/// | distance terms without a gradient (FLPoison) | `TrainingTermGradientTests`, `AlternatingMinimizationTests.theDistanceHasAGradient` |
/// | boosts by all clients, not by those that take part (backdoors101) | `ModelReplacementTests.gammaFollowsRateAndShare` |
/// | an attacker copied instead of a client (FLPoison), a signed argmax (bucketing's authors) | `MimicTests.aVictimIsAnHonestClient`, `.theSignOfTheDirectionDoesNotMatter` |
/// | an error before the first round of the attack (FLPoison) | `SimulationTests/AttackWindowTests` |
/// | a source class of 0 is none (FLPoison) | `LabelFlipTests.classZeroIsASource` |
/// | the last point of a search, which is outside (Blades); a search that ends at 20 | `PerturbedMeanTests.theBoundIsKeptAndReached`, `.largeUpdatesAreReached` |
/// | Min-Sum bounded by the smallest sum (NDSS'21 notebooks, CRYPTO-KU) | `PerturbedMeanTests.smallAnswersByHand` |
/// | the quantile of all clients (ByzPy), the distribution function (FLANDERS) | `ALIETests.theQuantileIsThatOfTheHonestClients` |
/// | a negative z (CRYPTO-KU) | `ALIETests.fewAttackersSendTheMean` |
/// | the variance (GAS's authors), the root of the deviation (FLANDERS) | `ALIETests.theRowScalesWithTheUpdates` |
/// | half of the coordinates 0 (NDSS'21 notebooks), one draw for all attackers (Blades) | `FangTrimmedMeanTests.valuesLieBeyondTheHonestOnes`, `.attackersDrawIndependently` |
/// | searches of one sign that stop at 0.49 of the best (ByzFL) | `OptimalInnerProductManipulationTests.reachesNearlyTheBest`, `OptimalALIETests.bothSignsAreFound` |
/// | confidence and success rate under one name (FLPoison) | `MetricsTests/TargetConfidenceTests` |
@Suite struct PeerDefectTests {
  // MARK: - Distributed backdoors

  /// FLPoison tags DBA as poisoning of data alone, so that its scaling is never called.
  @Test func distributedBackdoorsAreScaled() throws {
    let attack = try make(
      DistributedBackdoor.self, ["size": .integer(4), "gamma": .real(100)])
    #expect(attack.threatModel.surface.contains(.update))
    #expect(attack.crafted(matrix([[0.5, -1]]), view: makeView(1)).rows.values == [50, -100])
  }

  /// FLPoison overwrites gap and shift, so that parts are not where the trigger is.
  ///
  /// For any number of attackers their parts are disjoint and together the trigger, at its places.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 9, 16], [1, 2, 3, 5, 8, 20])
  func partsAreWhereTheTriggerIs(parts: Int, attackers: Int) throws {
    let shape = InputShape.image(height: 6, width: 6, channels: 1)
    let controlled = (0..<attackers).map { ClientID(3 * $0 + 1) }
    let given: [String: ArgumentValue] = ["size": .integer(4), "ratio": .real(1)]
    let setup = makeSetup(participants: 60, controlled: controlled, shape: shape)
    let attack = try make(
      DistributedBackdoor.self, given.merging(["parts": .integer(parts)]) { $1 }, setup: setup)
    let clean = makeShard(labels: [1], shape: shape)
    func marked(_ attack: some Attack, _ client: ClientID) -> Set<Int> {
      let row = attack.poisoned(clean, of: client).inputs.row(0)
      return Set(row.indices.filter { row[$0] != clean.inputs.row(0)[$0] })
    }
    let whole = marked(try make(BackdoorAttack.self, given, setup: setup), controlled[0])
    #expect(whole.count == 16)
    let own = controlled.map { marked(attack, $0) }
    let used = Set(own)
    #expect(used.count == min(parts, attackers))
    // Two attackers have the same part, or parts without a common feature.
    #expect(used.reduce(0) { $0 + $1.count } == used.reduce(Set()) { $0.union($1) }.count)
    #expect(used.allSatisfy { $0.isSubset(of: whole) && !$0.isEmpty })
    if attackers >= parts { #expect(used.reduce(Set()) { $0.union($1) } == whole) }
    // As equal in size as can be, also where there are more attackers than parts.
    let sizes = used.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  // MARK: - Masks

  /// FLPoison keeps a tenth of the coordinates, those of the smallest signed values: the most negative
  /// changes, which honest clients move most.
  @Test func masksKeepTheSmallestMagnitudes() throws {
    let change: [Float] = [-9, 0.1, -0.2, 5, 8, -7, 0.3, 6, -8, 4]
    func kept(_ given: [String: ArgumentValue]) throws -> [Int] {
      var modifier = try make(modifier: GradientMasking.self, given)
      modifier.observe(
        Broadcast(round: 0, global: .init(repeating: 0, count: 10), isActing: true))
      modifier.observe(Broadcast(round: 1, global: change, isActing: true))
      let mask = try #require(modifier.hook(for: LocalTask().job()) as? GradientMask)
      return mask.isKept.indices.filter { mask.isKept[$0] }
    }
    #expect(try kept(["keep": .real(0.3)]) == [1, 2, 6])
    // By default nearly all are trained, and those that moved most are not.
    #expect(try kept([:]) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
  }

  // MARK: - Edge cases

  /// FLPoison's list of indices is made of the labels: one image, as often as there are sevens.
  @Test func edgeCasesAreDifferentExamples() throws {
    let outside = makeShard(labels: .init(repeating: 7, count: 12), offset: 1000)
    let setup = makeSetup(auxiliary: outside, auxiliaryTest: outside)
    let attack = try make(EdgeCase.self, ["ratio": .real(0.5)], setup: setup)
    let clean = makeShard(labels: .init(repeating: 1, count: 24))
    let dirty = attack.poisoned(clean)
    let used = (0..<24).map { dirty.inputs.row($0) }.filter { $0[0] >= 1000 }
    #expect(used.count == 12 && Set(used).count == 12)
  }

  /// FLPoison measures the success on all digits, those of the target class among them.
  @Test func successIsMeasuredWithoutTheTargetClass() throws {
    let outside = makeShard(labels: [7, 1, 7, 1, 3], offset: 1000)
    let setup = makeSetup(auxiliary: outside, auxiliaryTest: outside)
    let attack = try make(EdgeCase.self, ["target": .integer(1)], setup: setup)
    guard case .backdoor(let backdoor) = attack.goal else {
      Issue.record("not a backdoor")
      return
    }
    #expect(backdoor.examples?.shard == outside.selecting([0, 2, 4]))
  }

  // MARK: - Labels and poisoned examples

  /// In ByzFL's FedAvg mode nothing is flipped: attackers send the mean of the honest models.
  @Test func flippedLabelsChangeWhatIsTrained() throws {
    let task = LocalTask()
    let given: [String: ArgumentValue] = ["mode": .text("inverse")]
    let attack = try make(LabelFlip.self, given, setup: task.setup)
    let job = task.job(epochs: 2)
    func trained(on shard: Shard, by attack: any Attack) -> [Float] {
      var trainer = LocalTrainer(model: task.model, batchSize: 12)
      var random = SeedPath(root: 4).stream()
      let own = LocalJob(
        client: job.client, round: 0, global: task.global, shard: shard, schedule: job.schedule,
        seed: job.seed)
      attack.train(own, with: &trainer, random: &random)
      return trainer.parameters
    }
    let flipped = attack.poisoned(task.shard)
    #expect(flipped.labels == task.shard.labels.map { 2 - $0 })
    let honest = trained(on: task.shard, by: try make(NoAttack.self, setup: task.setup))
    let malicious = trained(on: flipped, by: attack)
    // As an honest client with those labels would train: same order, same schedule.
    #expect(malicious == trained(on: flipped, by: try make(NoAttack.self, setup: task.setup)))
    #expect(malicious != honest)
    // What is trained is sent.
    #expect(attack.threatModel.surface == .data)
    let rows = Matrix(rows: [malicious])
    #expect(attack.crafted(rows, view: makeView(1)).rows == rows)
  }

  /// A share of each batch, rounded down, is none of a small batch in FLPoison and backdoors101.
  @Test func smallBatchesArePoisonedToo() throws {
    let attack = try make(BackdoorAttack.self, ["ratio": .real(0.1)])
    let dirty = attack.poisoned(makeShard(labels: .init(repeating: 1, count: 40)))
    #expect(dirty.labels.count { $0 == 0 } == 4)
  }

  // MARK: - Attacks on updates

  /// ByzFL sends one draw of noise for all attackers.
  @Test func attackersDrawTheirOwnNoise() throws {
    let rows = Matrix<Float>(rowCount: 3, columnCount: 50)
    let sent = try make(GaussianNoise.self).crafted(rows, view: makeView(3)).rows
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
      #expect(zip(sent.row(a), sent.row(b)).allSatisfy { $0 != $1 })
    }
  }

  /// ByzFL calls the negative mean of honest updates sign flipping, and Blades an ascent of the loss.
  @Test func signFlippingIsOfTheOwnUpdate() throws {
    let honest = HonestUpdates(matrix([[10, 20], [30, 40]]))
    let sent = try make(SignFlip.self, ["scale": .real(1)]).crafted(
      matrix([[1, -2], [3, 4]]), view: makeView(2, honest: honest))
    #expect(sent.rows == matrix([[-1, 2], [-3, -4]]))
  }

  /// FLANDERS' mean and deviation hold the attackers' own rows too.
  @Test func ownRowsDoNotMoveTheMean() throws {
    let all = matrix([[1, 2], [1e6, -1e6], [3, 4]])
    let honest = HonestUpdates(all: all, rows: [0, 2], clients: [ClientID(0), ClientID(2)])
    let sent = try make(ALIE.self, ["z": .real(0)]).crafted(
      matrix([[1e6, -1e6]]), view: makeView(1, honest: honest))
    #expect(sent.rows == matrix([[2, 3]]))
  }

  /// ByzFL's searches rehearse with a memory of the attack's own, not with that of the rule.
  @Test func rehearsalsHaveTheMemoryOfTheDefense() throws {
    let known = try #require(try CraftedFixtures.load().searches.first)
    let entry = try builtInAggregators.entry("centered-clipping", kind: "defense")
    let fresh = DefensePipeline(
      rule: try entry.make(
        try Arguments(["tau": .real(0.5)], for: entry.manifest),
        DefenseSetup(participantCount: known.updates.rowCount)))
    var defense = fresh
    var rows = known.updates
    _ = try defense.aggregate(
      &rows,
      in: RoundContext(
        round: 0, global: [], seed: SeedPath(root: 1), pool: WorkPool(width: 1)))
    let crafted = Matrix<Float>(
      rowCount: known.attackers, columnCount: known.honest[0].count)
    var (first, later) = (known.probe(of: fresh), known.probe(of: defense))
    let (a, b) = (first.respond(to: crafted)?.update, later.respond(to: crafted)?.update)
    #expect(a != nil && b != nil && a != b)
  }

  /// ByzFL's searches draw from the stream of the rule, so that its objective is another one each time.
  @Test func searchesOfRandomisedDefensesAreRepeatable() throws {
    let known = try #require(try CraftedFixtures.load().searches.first)
    let entry = try builtInStages.entry("bucketing", kind: "stage")
    let stage = try entry.make(
      try Arguments(["size": .integer(2)], for: entry.manifest),
      DefenseSetup(participantCount: known.updates.rowCount))
    let rule = try builtInAggregators.entry("median", kind: "defense")
    let defense = DefensePipeline(
      stages: [stage],
      rule: try rule.make(
        try Arguments([:], for: rule.manifest),
        DefenseSetup(participantCount: known.updates.rowCount)))
    let attack = try make(OptimalInnerProductManipulation.self)
    let own = Matrix<Float>(rowCount: known.attackers, columnCount: known.honest[0].count)
    func record() -> [String: Double] {
      let view = makeView(
        known.attackers, honest: known.honestUpdates, probe: known.probe(of: defense))
      return attack.crafted(own, view: view).record
    }
    let first = record()
    #expect(first["tau"] != nil && record() == first)
  }
}
