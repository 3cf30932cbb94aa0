import Gating
public import Results
public import Studies

/// A line of the board: one entry in one setting.
public struct BoardRow: Sendable {
  /// The lowest or highest of a metric over the attacks, with the attack.
  public struct Extreme: Hashable, Sendable {
    public var attack: String
    public var summary: CellSummary
  }

  /// What one attack does to the defense.
  public struct AttackFigures: Hashable, Sendable {
    public var attack: String
    /// The attack's own parameters, where the scenario varies them, such as `z=1.5`.
    public var variant: String
    public var accuracy: CellSummary
    public var success: CellSummary
    /// Flags of the cell.
    public var flags: [String]
    /// Why there is no accuracy; empty where there is one.
    public var reason: String
  }

  public var entry: Entry
  public var status: EntryStatus
  public var setting: BoardSetting
  public var contentHash: String
  /// The resolved defense.
  public var defense: JSONValue
  /// The rule with its parameters, then stages and finishers.
  public var parts: [String]
  /// By tier, weakest first, and last over all attacks.
  public var worst: [WorstCase]
  public var clean: CellSummary?
  /// The longest half-life of an attack's success after the attack.
  public var halfLife: Extreme?
  /// The lowest area under the curve of the rule's suspicion.
  public var detection: Extreme?
  /// Seconds of a round without an attack.
  public var seconds: CellSummary?
  public var seeds: [Int]
  /// Flags of cells with how many of the cells have them, sorted by id.
  public var flags: [(id: String, count: Int)]
  public var cellCount: Int
  /// Whether the defense was told the true number of attackers, by the scenario or by a parameter.
  public var knowsCount: Bool
  public var attacks: [AttackFigures]
  /// Where its results came from.
  public var tool: String
  public var engine: Int
  public var trialsSHA256: String
  /// The digest of the entry's files.
  public var entrySHA256: String
  /// What the keeper recorded of the entry as it is, and differences in its trials.
  public var records: [VerifiedRecord]

  /// Over the attacks of a tier and weaker ones, or of all.
  public func worst(_ tier: String?) -> WorstCase? { worst.first { $0.tier == tier } }

  /// The rows of an entry that was checked.
  static func all(_ check: EntryCheck) -> [BoardRow] {
    let results = check.results
    return results.settings.compactMap { setting in
      guard let use = setting.uses(of: check.entry.defense).compactMap(\.self).first,
        let hash = setting.contentHash(of: check.entry, engine: results.manifest.engine)
      else { return nil }
      return BoardRow(check, setting, use, hash)
    }
  }

  private init(_ check: EntryCheck, _ setting: BoardSetting, _ use: JSONValue, _ hash: String) {
    let (results, study, id) = (check.results, check.results.study, check.entry.defense)
    entry = check.entry
    status = check.status
    self.setting = setting
    contentHash = hash
    defense = use
    parts = (study.entries.defense(id)?.components ?? []).map { part in
      part.parameters.isEmpty
        ? part.id : "\(part.id)(\(part.parameters.joined(separator: ", ")))"
    }
    worst = results.worstCases.filter { $0.defense == id && $0.axes == setting.axes }
    clean = worst.last?.clean
    let cells = setting.cells(of: id)
    let attacked = cells.filter { !study.references.clean.contains($0.attack) }
    func extreme(
      _ metric: String, _ isWorse: (Double, Double) -> Bool
    ) -> Extreme? {
      var found: Extreme?
      for cell in attacked {
        let summary = study.summary(cell, metric)
        guard let mean = summary.mean else { continue }
        if let old = found?.summary.mean, !isWorse(mean, old) { continue }
        found = Extreme(attack: cell.attack, summary: summary)
      }
      return found
    }
    halfLife = extreme("persistence.half-life", >)
    detection = extreme("detection.auc", <)
    seconds = cells.first { study.references.clean.contains($0.attack) }
      .map { study.summary($0, "cost.seconds") }
    let trials = cells.flatMap { study.grid[$0] }
    seeds = Set(trials.map(\.seed)).sorted()
    knowsCount = trials.contains { trial in
      trial.flags.contains("oracle-f")
        || trial.resolved["f"].map { $0 == trial.resolved["attackers"] } ?? false
    }
    cellCount = cells.count
    let raised = cells.map { study.reliability.flags(of: $0).filter(\.isRaised).map(\.id) }
    let counts = raised.joined().reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    flags = counts.sorted { $0.key < $1.key }.map { (id: $0.key, count: $0.value) }
    let metric = worst.last?.accuracyMetric ?? "accuracy.stop"
    // The scenario's order, in which people know the attacks.
    let ranks = Dictionary(
      zip(study.entries.attacks.map(\.id), 0...), uniquingKeysWith: { first, _ in first })
    attacks = zip(cells, raised).map { cell, flags in
      let accuracy = study.summary(cell, metric)
      return AttackFigures(
        attack: cell.attack,
        variant: cell.axes.filter { setting.axes[$0.key] == nil }.sorted { $0.key < $1.key }
          .map { "\($0.key.dropFirst("attacks.\(cell.attack).".count))=\($0.value)" }
          .joined(separator: ", "),
        accuracy: accuracy, success: study.summary(cell, "asr.stop"), flags: flags,
        reason: accuracy.mean == nil ? Self.reason(study.grid[cell]) : "")
    }.enumerated().sorted {
      let (left, right) = (ranks[$0.element.attack] ?? .max, ranks[$1.element.attack] ?? .max)
      return left != right ? left < right : $0.offset < $1.offset
    }.map(\.element)
    tool = "\(results.manifest.tool.name) \(results.manifest.tool.version)"
    engine = results.manifest.engine
    trialsSHA256 = results.trialsSHA256
    entrySHA256 = check.sha256
    records = check.records.filter { record in
      record.contentSHA256 == check.sha256
        || record.agreed < record.sampled && record.trialsSHA256 == results.trialsSHA256
    }
  }

  private static func reason(_ trials: [TrialRecordV1]) -> String {
    trials.isEmpty ? "not run" : trials.compactMap(\.message).first { !$0.isEmpty } ?? "no value"
  }
}
