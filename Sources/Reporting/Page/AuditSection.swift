import Markup
import Studies

/// What this study cannot say: the smallest difference that it sees, and the pitfalls of its setting.
struct AuditSection {
  let page: StudyPage

  func html() -> HTML {
    var content: [HTML] = []
    content.append(.tag("h3", [:], "The smallest difference that it can see"))
    for metric in StudyFigures.comparedMetrics(page.study) {
      let text =
        switch page.study.smallestDifference(in: metric) {
        case .success(let found): Self.text(found)
        case .failure(let unseen): "\(metric): nothing to compare: \(unseen.reason)."
        }
      content.append(.tag("p", [:], .foreign(text, limit: 2000)))
    }
    content += [
      .tag("h3", [:], "Known pitfalls"),
      .tag(
        "p", [:],
        """
        Six ways in which evaluations of defenses are known to mislead, and how far this study goes. \
        Limits are this project's own; a second study may cover what this one lacks.
        """),
      .tag("dl", ["class": "audit"], all: PitfallAudit(page.study).items.map(Self.item)),
    ]
    return page.section("audit", "What this study lacks", content)
  }

  private static func item(_ item: PitfallAudit.Item) -> HTML {
    .tag(
      "div", [:],
      .tag(
        "dt", [:], .text(item.title + " "),
        .tag("span", ["class": "tag \(Self.kind(item.verdict))"], .text(item.verdict.rawValue))),
      .tag(
        "dd", [:],
        .foreign(
          item.found + (item.remedy.isEmpty ? "" : ". To mend it: \(item.remedy)") + ". ",
          limit: 2000),
        .tag("small", [:], .text(item.source))))
  }

  private static func kind(_ verdict: PitfallAudit.Verdict) -> String {
    switch verdict {
    case .lacks: "bad"
    case .partly: "warn"
    case .covered: "good"
    }
  }

  private static func text(_ found: SmallestDifference) -> String {
    func number(_ value: Double) -> String { FixedPoint.text(value, 3) }
    let seeds =
      found.seeds.lowerBound == found.seeds.upperBound
      ? "\(found.seeds.upperBound) seeds"
      : "\(found.seeds.lowerBound) to \(found.seeds.upperBound) seeds"
    var text =
      "\(found.metric): two defenses under one attack have to differ by \(number(found.visible.median)) "
      + "(median of \(counted(found.pairCount, "pair")) over \(seeds); up to "
      + "\(number(found.visible.largest))) for a paired test at 0.05 to find it four times out of five. "
      + "Half of the 95 % interval of such a difference is \(number(found.half.median)) (up to "
      + "\(number(found.half.largest)))."
    // Both metrics are rates, and no two rates differ by more than 1.
    if found.visible.median >= 1 {
      text += " As rates differ by 1 at most, no difference can be seen in half of these pairs."
    } else if found.visible.largest >= 1 {
      text += " Where it is 1 or more, no difference can be seen, as rates differ by 1 at most."
    }
    if found.metric == "accuracy.final" { text += " " + StudyCaption.emptyWindow }
    if found.metric.hasPrefix("asr.") {
      text +=
        " Only attacks that plant a backdoor take part, those with a mean asr.excess of 0.05 or more"
        + " under some defense: \(found.attackCount) of \(found.attackCount + found.harmlessCount)."
    }
    var leftOut: [String] = []
    if found.constantCount > 0 {
      leftOut.append(
        "\(counted(found.constantCount, "pair")) that always differ\(found.constantCount == 1 ? "s" : "")"
          + " by the same, most often by nothing")
    }
    if found.skippedCount > 0 {
      leftOut.append("\(counted(found.skippedCount, "pair")) with fewer than two common seeds")
    }
    if !leftOut.isEmpty { text += " Left out: \(leftOut.joined(separator: ", "))." }
    return text
  }
}
