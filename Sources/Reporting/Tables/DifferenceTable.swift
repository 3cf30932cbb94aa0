import Results
import Studies

/// How small a difference between two defenses the study sees.
struct DifferenceTable {
  private let study: Study

  init(_ study: Study) { self.study = study }

  /// One row per score; `nil` where there is nothing to compare.
  func table() -> DataTable? {
    let found = StudyFigures.comparedMetrics(study).compactMap {
      try? study.smallestDifference(in: $0).get()
    }
    guard !found.isEmpty else { return nil }
    return DataTable(
      id: "smallest-difference", title: "The smallest difference that the study sees",
      caption: StudyCaption(study).text(
        [
          "Over the pairs of defenses under one attack, paired by seed: the true difference that a paired"
            + " two-sided t test at 0.05 finds with a chance of 80 %, and half of the 95 % t interval of"
            + " the difference; neither is adjusted for the number of pairs. Left out are pairs with fewer"
            + " than two common seeds and those that differ by the same in every seed. Of asr.* only"
            + " attacks that plant a backdoor take part, those with a mean asr.excess of 0.05 or more under"
            + " some defense."
        ] + (found.contains { $0.metric == "accuracy.final" } ? [StudyCaption.emptyWindow] : [])),
      columns: [
        .init("score", "score"), .init("visible", "seen, median"),
        .init("visible_largest", "seen, largest"), .init("half", "half interval, median"),
        .init("half_largest", "half interval, largest"), .init("attacks", "attacks"),
        .init("attacks_left_out", "attacks left out"), .init("pairs", "pairs"),
        .init("skipped", "pairs with too few seeds"), .init("constant", "pairs without spread"),
        .init("least_seeds", "least seeds"), .init("most_seeds", "most seeds"),
        .init("blindest", "the least is seen between"),
      ],
      rows: found.map { difference in
        DataTable.Row([
          .text(difference.metric), .number(difference.visible.median, decimals: 3),
          .number(difference.visible.largest, decimals: 3),
          .number(difference.half.median, decimals: 3),
          .number(difference.half.largest, decimals: 3), .integer(difference.attackCount),
          .integer(difference.harmlessCount), .integer(difference.pairCount),
          .integer(difference.skippedCount), .integer(difference.constantCount),
          .integer(difference.seeds.lowerBound), .integer(difference.seeds.upperBound),
          .text(name(difference.blindest)),
        ])
      })
  }

  private func name(_ pair: SmallestDifference.Pair) -> String {
    let axes = study.grid.namedAxes.compactMap { axis in
      pair.first.axes[axis.key].map { " \(axis.name)=\($0)" }
    }
    return "\(pair.first.defense) and \(pair.second.defense) under \(pair.first.attack)"
      + axes.joined()
  }
}
