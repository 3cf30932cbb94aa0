import Charts
import Markup
import Studies

/// Mean ranks of defenses over attacks, with those that a test does not tell apart.
struct RankFigure: Sendable {
  private let ranks: RankAnalysis

  init(_ ranks: RankAnalysis) { self.ranks = ranks }

  func chart() -> RankChart {
    RankChart(
      title: "Mean rank over attacks by \(ranks.metric), 1 is the best",
      items: ranks.places.map { .init(Self.name($0), rank: $0.meanRank) },
      cliques: ranks.cliques, criticalDifference: ranks.criticalDifference)
  }

  static func name(_ place: RankAnalysis.Place) -> String {
    ([place.defense] + place.axes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
      .joined(separator: " ")
  }

  func figure(id: String) -> StudyFigure {
    StudyFigure(
      id: id, drawing: chart().drawing(),
      table: DataTable(
        id: id, title: "Mean ranks by \(ranks.metric)", caption: caption,
        columns: [
          .init("defense", "defense"), .init("rank", "mean rank", better: .lower, ranksRows: true),
        ],
        rows: ranks.places.map {
          .init([.text(Self.name($0)), .number($0.meanRank, decimals: 2)])
        }))
  }

  /// The test in words.
  var caption: String {
    let unit = ranks.hasCombinations ? "block" : "attack"
    let blocks =
      counted(ranks.blockCount, unit)
      + (ranks.hasCombinations ? " (attack by combination of axes)" : "")
    var parts = [
      "Mean ranks of \(ranks.places.count) defenses over \(blocks) by \(ranks.metric), means over the "
        + "seeds, 1 is the best."
    ]
    if ranks.metric == "accuracy.final" { parts.append(StudyCaption.emptyWindow) }
    if ranks.metric.hasPrefix("asr.") {
      parts.append(
        "Only attacks that plant a backdoor take part, those with a mean asr.excess of 0.05 or more"
          + " under some defense: \(ranks.attackCount) of \(ranks.attackCount + ranks.harmlessCount)."
      )
    }
    if ranks.incompleteCount > 0 {
      parts.append(
        "Left out: \(counted(ranks.incompleteCount, unit)) without a number of some defense.")
    }
    if !ranks.withoutValues.isEmpty {
      var seen: Set<String> = []
      let names = ranks.withoutValues.filter { seen.insert($0).inserted }
      parts.append(
        "Without any number, and not ranked: "
          + names.map { Printable.excerpt($0) }.joined(separator: ", ") + ".")
    }
    let p = ranks.pValue < 0.001 ? "p < 0.001" : "p = \(FixedPoint.text(ranks.pValue, 3))"
    parts.append(
      "Friedman's test as F(\(ranks.degrees.0), \(ranks.degrees.1)) = "
        + (ranks.f.isFinite ? FixedPoint.text(ranks.f, 2) : "∞") + ", \(p).")
    if let difference = ranks.criticalDifference {
      parts.append(
        "Ranks less than \(FixedPoint.text(difference, 2)) apart are not told apart (Nemenyi, 0.05)."
      )
    } else {
      parts.append("The test does not tell the defenses apart.")
    }
    parts.append(
      "Attacks of one study are no independent samples, so that p is smaller than it should be, and "
        + "a mean rank says nothing of the worst case.")
    return parts.joined(separator: " ")
  }
}
