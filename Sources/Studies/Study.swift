public import Gating
public import Results

/// One folder of results as people look at it: the trials in a grid, judged, with what the catalog
/// knows about the methods.
public struct Study: Sendable {
  public let manifest: RunManifestV1
  /// The trials that are there; of several with one cell and seed the last one counts.
  public let results: ResultSet
  /// The cells that are shown.
  public let grid: TrialGrid
  /// Every cell, shown or not: twins and flags go by all of them.
  private let whole: TrialGrid
  public let reliability: Reliability
  public let references: ReferenceIDs
  public let facts: MethodFacts
  /// The attacks and defenses of the scenario, by their ids in it.
  public let entries: ScenarioEntries
  /// Accuracy and attack success by round; empty where `rounds.csv` was not read.
  public var curves: CurveTable
  private let twins: TwinIndex
  private let cache = StudyCache()

  /// The scenario's name.
  public var name: String { results.scenario }

  /// - Parameters:
  ///   - manifest: `run.json`.
  ///   - results: The trials with what they are measurements of.
  ///   - curves: What `rounds.csv` says, see ``CurveTable``.
  ///   - facts: What the catalog knows.
  ///   - isShown: Which cells are shown; what they are compared to may be among the others.
  public init(
    _ manifest: RunManifestV1, _ results: ResultSet, curves: CurveTable = CurveTable(),
    facts: MethodFacts = MethodFacts(), isShown: (_ cell: [String: String]) -> Bool = { _ in true }
  ) {
    self.manifest = manifest
    self.results = results
    self.curves = curves
    self.facts = facts
    entries = ScenarioEntries(results.resolved)
    references = ReferenceIDs(results)
    reliability = Reliability(results)
    let (attacks, defenses) = (entries.attacks.map(\.id), entries.defenses.map(\.id))
    whole = TrialGrid(results.records, attackOrder: attacks, defenseOrder: defenses)
    let shown = results.records.filter { isShown($0.keys) }
    grid =
      shown.count == results.records.count
      ? whole : TrialGrid(shown, attackOrder: attacks, defenseOrder: defenses)
    twins = TwinIndex(whole, clean: references.clean)
  }

  /// The attacks of the grid that attack.
  public var attacks: [String] {
    var seen: Set<String> = []
    return grid.rows.map(\.attack).filter { !references.clean.contains($0) }
      .filter { seen.insert($0).inserted }
  }

  /// What the seeds of a cell say about a metric; void where it is about attack success on a dead
  /// model.
  ///
  /// - Complexity: O(trials) for the first cell of a metric, then O(1).
  public func summary(_ cell: CellID, _ metric: String) -> CellSummary {
    let known = cache.summaries(of: metric) {
      Dictionary(
        whole.cells.map { cell in
          let isVoid = reliability.voidReason(metric, of: cell) != nil
          return (cell, CellSummary(whole[cell], metric: metric, isVoid: isVoid))
        }
      ) { first, _ in first }
    }
    return known[cell] ?? CellSummary([], metric: metric)
  }

  /// The reliability flags of a cell, those that only some of its seeds have as well.
  ///
  /// - Complexity: O(trials) for the first cell, then O(1).
  public func flags(of cell: CellID) -> [CellFlag] {
    let known = cache.flags {
      Dictionary(whole.cells.map { ($0, reliability.flags(of: $0)) }) { first, _ in first }
    }
    return known[cell] ?? []
  }

  /// The trials of the cells that are shown, one per seed, in the order of the grid.
  public var shownRecords: [TrialRecordV1] { grid.cells.flatMap { grid[$0] } }

  /// How many cells are not shown.
  public var hiddenCount: Int { Set(whole.cells).count - Set(grid.cells).count }

  /// The cell without an attack under the same defense and the same values of the axes that it has:
  /// the clean twin; `nil` where there is none.
  ///
  /// - Complexity: O(1) where only axes of the attack's own parameters differ.
  public func twin(of cell: CellID) -> CellID? { twins.twin(of: cell) }

  /// The threat tier of an attack of the scenario: the strongest of those it is made of; `nil` where
  /// the catalog knows none of them.
  public func tier(ofAttack id: String) -> String? {
    let uses = entries.attack(id)?.components.filter { $0.kind == .attack }.map(\.id) ?? [id]
    let tiers = uses.compactMap { facts[.attack, $0]?.tier }
    let places = tiers.compactMap { tier in facts.tiers.firstIndex { $0.id == tier } }
    return places.max().map { facts.tiers[$0].id } ?? tiers.first
  }
}
