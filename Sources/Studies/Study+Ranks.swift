import Gating
import Results
import Statistics

extension Study {
  /// Returns how the defenses rank by a metric over attacks and combinations of axes.
  ///
  /// Means that differ by less than 1e-9 are ties, since rounding tells them apart. A block where
  /// some defense has no mean, such as one that could not run or is void, is left out and counted;
  /// a defense that has none anywhere takes no part. By `asr.*` only under attacks that plant a
  /// backdoor, see ``backdoorAttacks``.
  ///
  /// - Parameters:
  ///   - metric: Whose means over seeds are ranked.
  ///   - better: What is good; `nil` for what the catalog says.
  /// - Returns: The ranks, or why there are none: fewer than two defenses or complete blocks, no
  ///   attack that takes part, or a metric that does not judge.
  /// - Complexity: O(trials + cells log defenses).
  public func ranks(
    by metric: String = "accuracy.stop", better: Score.Direction? = nil
  ) -> Result<RankAnalysis, RankAnalysis.Unranked> {
    let better = better ?? facts.metric(metric)?.better ?? Score.direction(of: metric)
    guard better != .none else {
      return .failure(.init(reason: "\(metric) describes and does not judge"))
    }
    let attacks = comparedAttacks(by: metric)
    if attacks.isEmpty, !self.attacks.isEmpty {
      return .failure(.init(reason: reasonWithoutAttacks(metric)))
    }
    let blocks = RankBlocks(self, metric, attacks)
    let treatments = blocks.treatments.filter { blocks.measured.contains($0) }
    let withoutValues = blocks.treatments.filter { !blocks.measured.contains($0) }.map(\.defense)
    guard treatments.count >= 2 else {
      let count = treatments.count == 1 ? "one defense has" : "no defense has"
      return .failure(
        .init(reason: "ranks need two defenses, and \(count) a mean under an attack"))
    }
    var complete: [[Double]] = []
    for means in blocks.means {
      let values = treatments.compactMap { means[$0] }
      guard values.count == treatments.count else { continue }
      complete.append(
        Ranks.middleRanks(
          values.map {
            let whole = ($0 * 1e9).rounded()
            return better == .higher ? -whole : whole
          }))
    }
    guard complete.count >= 2 else {
      let count = complete.count == 1 ? "only one of \(blocks.means.count) has" : "none has"
      return .failure(
        .init(
          reason: "a test needs two attacks or combinations under which every defense has a mean,"
            + " and \(count)"))
    }
    return .success(
      RankAnalysis(
        metric: metric, better: better, treatments: treatments.map { ($0.defense, $0.axes) },
        ranks: complete, attackCount: blocks.attackCount,
        harmlessCount: self.attacks.count - attacks.count,
        incompleteCount: blocks.means.count - complete.count,
        withoutValues: withoutValues))
  }
}

/// The means of each block: an attack in a combination of axes, but for those of defenses.
private struct RankBlocks {
  struct Treatment: Hashable {
    var defense: String
    var axes: [String: String]
  }

  private(set) var treatments: [Treatment] = []
  /// Those with a mean in some block.
  private(set) var measured: Set<Treatment> = []
  /// By block, in the order of the grid.
  private(set) var means: [[Treatment: Double]] = []

  /// Attacks that have a block.
  private(set) var attackCount = 0

  init(_ study: Study, _ metric: String, _ attacks: [String]) {
    var known: Set<Treatment> = []
    let all = AttackBlock.all(in: study.grid, of: Set(attacks))
    attackCount = Set(all.map(\.attack)).count
    for block in all {
      var found: [Treatment: Double] = [:]
      for cell in block.cells {
        let treatment = Treatment(defense: cell.defense, axes: cell.axes.defenseParameters)
        if known.insert(treatment).inserted { treatments.append(treatment) }
        guard let mean = study.summary(cell, metric).mean else { continue }
        measured.insert(treatment)
        found[treatment] = mean
      }
      means.append(found)
    }
    let order = Dictionary(zip(study.grid.defenses, 0...)) { first, _ in first }
    treatments.sort { lhs, rhs in
      let (left, right) = (order[lhs.defense] ?? 0, order[rhs.defense] ?? 0)
      return left != right ? left < right : TrialGrid.precedes(lhs.axes, rhs.axes)
    }
  }
}
