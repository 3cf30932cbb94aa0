import Foundation
import Testing

@testable import Charts

@Suite struct DrawingTests {
  private let drawing = Drawing(
    width: 10, height: 20.5, title: "a < b", summary: "\"c\" & d",
    content: "<path class=\"c-axis\" d=\"M0 0h5\"/>\n")

  @Test func inlineIsAnImageWithWords() {
    #expect(
      drawing.inline(id: "fig\"1") == """
        <svg class="chart" width="10" height="20.5" viewBox="0 0 10 20.5" role="img" \
        aria-labelledby="fig&quot;1-t fig&quot;1-d">
        <title id="fig&quot;1-t">a &lt; b</title>
        <desc id="fig&quot;1-d">"c" &amp; d</desc>
        <path class="c-axis" d="M0 0h5"/>
        </svg>
        """)
  }

  @Test func documentsStandAlone() {
    let text = drawing.document()
    let parsed = ParsedDrawing(text)
    #expect(parsed.isWellFormed)
    #expect(text.hasPrefix("<?xml") && text.contains("xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(parsed.all("style").first?.text.contains("prefers-color-scheme:dark") == true)
    let paper = parsed.all("rect").first
    #expect(paper?.number("width") == 10 && paper?.number("height") == 20.5)
    // The name space is the only address.
    #expect(text.components(separatedBy: "://").count == 2)
  }

  @Test func theStyleSheetFitsIntoAPage() {
    let css = Drawing.styleSheet
    #expect(
      !css.contains("<") && !css.contains("&") && !css.contains("url(") && !css.contains("@import"))
    #expect(css.count { $0 == "{" } == css.count { $0 == "}" })
    #expect(css.utf8.count < 6500, "\(css.utf8.count)")
    for part in [
      "[data-theme=dark]", "[data-theme=light]", "@media print", ".c-s7{", ".c-f0{", ".c-h10{",
    ] {
      #expect(css.contains(part), "\(part)")
    }
    // Each variable that is used has a value on light and on dark paper.
    for match in css.matches(of: /var\((--c-[a-z0-9]+)\)/) {
      #expect(css.components(separatedBy: "\(match.1):").count == 4, "\(match.1)")
    }
  }

  /// Every class of a drawing has a rule, and no element brings a style of its own.
  @Test func classesHaveRules() {
    for drawing in Samples.all {
      let text = drawing.inline(id: "x")
      #expect(!text.contains("style") && !text.contains("href") && !text.contains("url("))
      let parsed = ParsedDrawing(text)
      #expect(parsed.isWellFormed)
      for name in parsed.elements.flatMap(\.classes) where name != "chart" {
        #expect(name.hasPrefix("c-"))
        #expect(Drawing.styleSheet.contains("." + name), "\(name)")
      }
      // No number has more than two decimals.
      #expect(!text.contains(/[0-9]*\.[0-9]{4,}/))
    }
  }
}

/// One drawing of each kind.
enum Samples {
  static var all: [Drawing] { [line, scatter, heat, ranks] }

  static var line: Drawing {
    LineChart(
      title: "Accuracy", x: Axis("round"), y: .rate("accuracy"),
      series: (0..<9).map { index in
        LineChart.Series(
          "rule \(index)", LineChartTests.wave(40, Double(index)),
          band: LineChart.Band(
            low: LineChartTests.wave(40, Double(index)), high: LineChartTests.wave(40, 1)),
          stroke: index == 3 ? .dotted : .solid, color: index, hasMarks: index == 2)
      }, shades: [.init(3...9, "attack window")], hasDiagonal: true
    ).drawing()
  }

  static var scatter: Drawing {
    ScatterChart(
      title: "Accuracy", x: .rate("asr"), y: .rate("accuracy"),
      points: (0..<20).map {
        .init(Double($0) / 20, 0.5, label: "pair \($0)", group: "group \($0 % 9)")
      }
    ).drawing()
  }

  static var heat: Drawing {
    HeatMap(
      title: "Accuracy", rowTitle: "attack", columnTitle: "defense", rows: ["a", "b"],
      columns: (0...10).map { "a defense \($0)" },
      cells: [
        (0...10).map { .init("\($0)", note: "±1", badness: Double($0) / 10) },
        [nil, .init("void")],
      ], ends: ("best", "worst")
    ).drawing()
  }

  static var ranks: Drawing {
    RankChart(
      title: "Ranks", items: [.init("a", rank: 1), .init("b", rank: 2), .init("c", rank: 3)],
      cliques: [0...1], criticalDifference: 1
    ).drawing()
  }
}
