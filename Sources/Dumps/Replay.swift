import Components
public import Determinism
import Diagnostics
import Federation
import Foundation
import Simulation
import Tensors

/// Plays recorded rounds to defenses and measures them with the meters of the engine.
///
/// The defense gets what it got in the run: the rows in their order, the ids, the weights, the global
/// model, and the random stream that the seed of the trial gives it. So a rule gives the aggregate that
/// it gave in the run, bit for bit, if it keeps no memory, or if all rounds up to there were recorded.
/// Nothing is trained: no model, no accuracy, no success of a backdoor.
public struct Replay {
  /// What a replay may be told.
  public struct Options: Sendable {
    /// The seed of randomized defenses, where the dump says none.
    public var seed: UInt64
    /// Whether each defense is also played the honest rows alone.
    public var attackFree: Bool
    /// The memory that rows and defenses may take, in bytes.
    public var byteLimit: Double
    public var pool: WorkPool

    public init(seed: UInt64 = 1, attackFree: Bool = false, byteLimit: Double, pool: WorkPool) {
      self.seed = seed
      self.attackFree = attackFree
      self.byteLimit = byteLimit
      self.pool = pool
    }
  }

  /// Why rounds cannot be replayed.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  private let candidates: [ReplayCandidate]
  private let options: Options

  public init(_ candidates: [ReplayCandidate], options: Options) {
    self.candidates = candidates
    self.options = options
  }

  /// Replays the rounds of one run.
  ///
  /// - Throws: ``Problem`` for rounds that do not belong together, `DatasetError` and `DocumentError` for
  ///   files, and what a candidate throws, unless it says that it does not apply.
  public func run(_ sequence: DumpSequence) throws -> ReplayedDump {
    // Twice: the rows, and what stages make of them.
    let valueLimit = Int(min(options.byteLimit / 8, 0x1p50))
    let first = try sequence.load(0, limit: valueLimit)
    var series = ReplaySeries(first, path: sequence.path)
    let participants = try participantCount(first, sequence, limit: valueLimit)
    var slots: [Slot] = []
    for candidate in candidates {
      slots.append(try slot(candidate, first, participants, sequence))
    }
    let d = first.updates.columnCount
    let setup = MeterSetup(rounds: sequence.count, classCount: 0, parameterCount: d)
    var rowMeasures = ReplayMeasures.ofRows(setup)
    for index in 0..<sequence.count {
      let round = index == 0 ? first : try sequence.load(index, limit: valueLimit)
      let (number, clients) = try series.take(round)
      let context = RoundContext(
        round: number, global: round.global, rootUpdate: round.rootUpdate,
        seed: SeedPath(root: round.meta.seed ?? options.seed).child("defense").child(number),
        pool: options.pool)
      let rows = ReplayRows(round, clients: clients, honestOnly: false)
      let honest =
        options.attackFree ? ReplayRows(round, clients: clients, honestOnly: true) : nil
      rowMeasures.observe(
        rows.observation(
          round: number, isInWindow: round.meta.isInWindow && round.hasMask, outcome: nil,
          pool: options.pool))
      for place in slots.indices {
        slots[place].refuse(round, series)
        slots[place].full?.play(rows, of: round, number: number, in: context)
        if let honest { slots[place].clean?.play(honest, of: round, number: number, in: context) }
      }
    }
    return dump(sequence, first, series, rowMeasures, slots)
  }

  /// A candidate in its place, and why it does not apply.
  private struct Slot {
    let name: String
    var full: ReplayedDefense?
    var clean: ReplayedDefense?
    var reason: String?
    /// What to know about its numbers.
    var notes: [String] = []

    /// Takes it out if the round lacks what it needs.
    mutating func refuse(_ round: DumpRound, _ series: ReplaySeries) {
      guard let needs = full?.made.needs, let lack = series.lack(of: needs, in: round) else {
        return
      }
      reason = lack
      (full, clean) = (nil, nil)
    }
  }

  /// The number of clients that a defense of the run was made for: those chosen for a round, or else the
  /// largest number of rows that a round has.
  private func participantCount(
    _ first: DumpRound, _ sequence: DumpSequence, limit: Int
  ) throws -> Int {
    if let count = first.meta.participantCount { return count }
    return try (1..<sequence.count).reduce(first.updates.rowCount) { count, index in
      max(count, try sequence.load(index, limit: limit).updates.rowCount)
    }
  }

  private func slot(
    _ candidate: ReplayCandidate, _ first: DumpRound, _ n: Int, _ sequence: DumpSequence
  ) throws -> Slot {
    let d = first.updates.columnCount
    var slot = Slot(name: candidate.name)
    func made(_ count: Int) throws -> ReplayCandidate.Made {
      let setup = DefenseSetup(
        participantCount: count, clientCount: max(count, first.meta.clientCount ?? count),
        roundCount: first.meta.rounds ?? ((first.number ?? 0) + sequence.count),
        layout: first.layout ?? ParameterLayout([]))
      return try candidate.make(setup, d, first.meta.declaredByzantine)
    }
    let full: ReplayCandidate.Made
    do {
      full = try made(n)
    } catch let error as ConfigurationError where error.isInfeasibility {
      slot.reason = error.description
      return slot
    }
    let bytes = 8 * Double(n) * Double(d) + full.workingBytes
    guard bytes <= options.byteLimit else {
      throw Problem(
        description: "\(sequence.path): \(n) x \(d) values and \(candidate.name) need about "
          + "\(MemoryAmount.text(bytes)) of memory, and \(MemoryAmount.text(options.byteLimit)) are there"
      )
    }
    slot.full = ReplayedDefense(
      candidate.name, full, roundCount: sequence.count, columnCount: d)
    guard options.attackFree, first.hasMask else { return slot }
    let honestCount = first.updates.rowCount - (first.meta.malicious?.count ?? 0)
    do {
      guard honestCount > 0 else { return slot }
      slot.clean = ReplayedDefense(
        candidate.name, try made(honestCount), roundCount: sequence.count, columnCount: d)
    } catch let error as ConfigurationError where error.isInfeasibility {
      slot.notes.append("attack-free: \(error.description)")
    }
    return slot
  }

  private func dump(
    _ sequence: DumpSequence, _ first: DumpRound, _ series: ReplaySeries,
    _ rowMeasures: ReplayMeasures, _ slots: [Slot]
  ) -> ReplayedDump {
    // A rule with a memory may have decided otherwise in the run.
    let gaps =
      series.numbers == Array(0..<series.numbers.count)
      ? []
      : slots.filter {
        $0.full?.made.isStateful == true
      }.map { "\($0.name) remembers earlier rounds, and saw only those of the dump" }
    let stealth = ReplayMetrics.ofRows(rowMeasures.trace(declaresMalicious: false))
    return ReplayedDump(
      path: sequence.path, cell: first.meta.cell, trial: first.meta.trial, seed: first.meta.seed,
      rounds: series.numbers, rowCount: series.rowCount, columnCount: first.updates.columnCount,
      maliciousCount: series.maliciousCount,
      stealth: series.hasMask ? stealth : ReplayMetrics.withoutMask(stealth),
      scores: slots.map { slot in
        slot.full.map { $0.score(hasMask: series.hasMask, clean: slot.clean) }
          ?? ReplayScore(
            defense: slot.name, ending: .notApplicable(slot.reason ?? ""), metrics: [:], rounds: [])
      }, notes: series.notes + gaps + slots.filter { $0.full != nil }.flatMap(\.notes))
  }
}
