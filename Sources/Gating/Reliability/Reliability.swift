public import Results

/// The reliability flags of cells, each decided from all seeds of its cell together.
///
/// A flag on a rate looks at the mean over the seeds, and tells its interval; one that a trial
/// raises by itself is a flag of the cell where most seeds have it. So no single seed decides, and
/// further seeds bring each flag closer to what is true, in either direction.
public struct Reliability: Sendable {
  private let trials: CellTrials
  private let references: ReferenceIDs
  /// Columns in which some attack rehearsed the defense.
  private let rehearsed: Set<Column>

  private struct Column: Hashable {
    var defense: String
    var axes: [String: String]

    init(_ cell: CellID) {
      defense = cell.defense
      // Those of an attack's parameters are no part of what is attacked.
      axes = cell.axes.filter { !$0.key.hasPrefix("attacks.") }
    }
  }

  public init(_ results: ResultSet) {
    self.init(results.records, references: ReferenceIDs(results))
  }

  /// - Parameters:
  ///   - records: All trials that are there, of other cells too; of several trials of a cell with
  ///     one seed the last one counts.
  ///   - references: What cells are compared to.
  /// - Complexity: O(trials).
  public init(_ records: [TrialRecordV1], references: ReferenceIDs = ReferenceIDs()) {
    let trials = CellTrials(records)
    self.trials = trials
    self.references = references
    rehearsed = Set(
      trials.cells.filter { trials[$0].contains(where: \.hasRehearsed) }.map(Column.init))
  }

  /// Why a metric of a cell is void; `nil` if it is not.
  public func voidReason(_ metric: String, of cell: CellID) -> String? {
    VoidFigures.reason(metric, trials[cell])
  }

  /// The flags of a cell by id, those that only some of its seeds have as well; none where no trial
  /// of it finished.
  public func flags(of cell: CellID) -> [CellFlag] {
    let own = trials[cell]
    guard !own.isEmpty else { return [] }
    let isAttacked = !references.clean.contains(cell.attack)
    var flags = Self.stored(own)
    if own.count < Self.leastSeeds {
      flags.append(CellFlag("few-seeds", detail: Self.seeds(own.count)))
    }
    if !rehearsed.contains(Column(cell)) { flags.append(CellFlag("not-adaptive")) }
    flags += [utilityCollapse(cell, own)].compactMap(\.self)
    if isAttacked {
      flags += [
        ineffective(cell), Self.collapse(own), Self.exceeded(own), Self.majority(own),
      ].compactMap(\.self)
    }
    return flags.sorted { $0.id < $1.id }
  }

  /// The trials with the flags that they have themselves and those of their cells, sorted.
  ///
  /// Only trials that ran have any. What versions before 0.3 stored of other trials is left out.
  public static func flagged(_ results: ResultSet) -> [TrialRecordV1] {
    let reliability = Reliability(results)
    var known: [CellID: [String]] = [:]
    return results.records.map { record in
      guard record.status == .ok else { return record }
      let cell = record.cellID
      let raised =
        known[cell]
        ?? reliability.flags(of: cell).filter { $0.isRaised && CellFlag.isDerived($0.id) }
        .map(\.id)
      known[cell] = raised
      var record = record.withOwnFlags
      record.flags = (record.flags + raised).sorted()
      return record
    }
  }

  private static let leastSeeds = 5

  /// What the trials say about themselves.
  private static func stored(_ trials: [TrialRecordV1]) -> [CellFlag] {
    let ids = Set(trials.flatMap(\.flags)).filter { !CellFlag.isDerived($0) }
    return ids.map { id in
      let count = trials.count { $0.flags.contains(id) }
      var flag = counted(id, count, of: trials.count)
      if id == "oracle-f" { flag.detail = toldText(trials) ?? "" }
      return flag
    }
  }

  private static func counted(_ id: String, _ count: Int, of total: Int) -> CellFlag {
    CellFlag(id, share: share(count, of: total), isRaised: 2 * count > total)
  }

  private static func share(_ count: Int, of total: Int) -> String {
    count < total ? "in \(count) of \(seeds(total))" : ""
  }

  private static func seeds(_ count: Int) -> String { count == 1 ? "1 seed" : "\(count) seeds" }

  /// What the defense was told, such as `told f = 4, the true number`.
  private static func toldText(_ trials: [TrialRecordV1]) -> String? {
    guard let trial = trials.first, let f = trial.resolved["f"] else { return nil }
    let attackers = trial.resolved["attackers"]
    let told = "told f = \(whole(f))"
    if attackers == f { return told + ", the true number" }
    guard let attackers, let participants = trial.resolved["participants"] else { return told }
    return told + " of \(whole(participants)) who take part in a round: \(whole(attackers)) clients"
      + " in all are malicious"
  }

  private static func whole(_ value: Double) -> String {
    value.magnitude < 1e15 ? "\(Int(value.rounded()))" : "\(value)"
  }

  private func utilityCollapse(_ cell: CellID, _ own: [TrialRecordV1]) -> CellFlag? {
    let clean = trials.reference(references.clean, [cell.defense], for: cell.axes)
    let found =
      clean.isEmpty
      ? NearChance(own, \.cleanAccuracyAtStop) : NearChance(clean, \.accuracyAtStop)
    return found.flatMap { Self.chanceFlag("utility-collapse", $0, "without an attack") }
  }

  private static func collapse(_ trials: [TrialRecordV1]) -> CellFlag? {
    let stop = NearChance(trials, \.accuracyAtStop).flatMap {
      chanceFlag("collapsed", $0, "at the end of the window")
    }
    let final = NearChance(trials) { $0.metrics["accuracy.final"] ?? nil }.flatMap {
      chanceFlag("collapsed", $0, "after the last round")
    }
    if let stop, stop.isRaised { return stop }
    if let final, final.isRaised { return final }
    return stop ?? final
  }

  private static func chanceFlag(_ id: String, _ found: NearChance, _ when: String) -> CellFlag? {
    guard found.isDead || found.deadCount > 0 else { return nil }
    return CellFlag(
      id, detail: "\(when) \(found.text)", share: share(found.deadCount, of: found.count),
      isRaised: found.isDead)
  }

  private func ineffective(_ cell: CellID) -> CellFlag? {
    Ineffectiveness(trials.reference([cell.attack], references.undefended, for: cell.axes))?.flag
  }

  /// Rounds with more attackers than the defense was told of.
  private static func exceeded(_ trials: [TrialRecordV1]) -> CellFlag? {
    rounds("f-exceeded", "threat.f-exceeded", trials)
  }

  private static func majority(_ trials: [TrialRecordV1]) -> CellFlag? {
    rounds("malicious-majority", "threat.malicious-majority", trials)
  }

  private static func rounds(
    _ id: String, _ metric: String, _ trials: [TrialRecordV1]
  ) -> CellFlag? {
    let counts = trials.compactMap { $0.metrics[metric] ?? nil }
    let count = counts.count { $0 > 0 }
    guard count > 0, let mean = SeedMean(counts) else { return nil }
    var flag = counted(id, count, of: counts.count)
    flag.detail = "in \(Figure.text(mean.mean)) rounds in the mean"
    return flag
  }
}

extension TrialRecordV1 {
  /// The trial with the flags that it has by itself, whatever other trials are there.
  public var withOwnFlags: TrialRecordV1 {
    var record = self
    record.flags.removeAll(where: CellFlag.isDerived)
    return record
  }

  /// Whether the attack rehearsed the defense in some round.
  ///
  /// Before 0.3 only what `opt-ipm` recorded of itself tells.
  fileprivate var hasRehearsed: Bool {
    (resolved["rehearsed"] ?? resolved["evaluations"] ?? 0) > 0
  }
}
