import Studies

/// How defenses rank over attacks.
struct RankTable {
  private let study: Study

  init(_ study: Study) { self.study = study }

  /// One group of rows per score, the best mean rank first; `nil` where no score gives ranks.
  ///
  /// Of two defenses the test tells apart those that share no letter.
  func table() -> DataTable? {
    let found = StudyFigures.comparedMetrics(study).compactMap {
      try? study.ranks(by: $0).get()
    }
    guard !found.isEmpty else { return nil }
    return DataTable(
      id: "ranks", title: "Mean ranks over attacks",
      caption: StudyCaption(study).text(
        found.map { RankFigure($0).caption }
          + ["Defenses that share a letter under 'alike' are not told apart."]),
      columns: [
        .init("score", "score"), .init("defense", "defense"),
        .init("mean_rank", "mean rank", better: .lower, ranksRows: true),
        .init("alike", "alike"), .init("blocks", "blocks"),
      ], rows: found.flatMap(Self.rows))
  }

  private static func rows(_ ranks: RankAnalysis) -> [DataTable.Row] {
    ranks.places.enumerated().map { index, place in
      let letters = ranks.cliques.enumerated().filter { $1.contains(index) }
        .map { letter($0.offset) }
      return DataTable.Row(
        [
          .text(ranks.metric), .text(RankFigure.name(place)),
          .number(place.meanRank, decimals: 2), .text(letters.joined()),
          .integer(ranks.blockCount),
        ], group: ranks.metric)
    }
  }

  /// `a` to `z`, then `(27)` and so on.
  private static func letter(_ place: Int) -> String {
    place < 26 ? String(Unicode.Scalar(UInt8(97 + place))) : "(\(place + 1))"
  }
}
