import Testing

@testable import Charts

@Suite struct RankChartTests {
  private func chart(_ count: Int, cliques: [ClosedRange<Int>] = []) -> RankChart {
    RankChart(
      title: "Mean ranks", items: (0..<count).map { .init("defense \($0)", rank: 1 + Double($0)) },
      cliques: cliques, criticalDifference: 2.5)
  }

  @Test func rankOneIsAtTheLeftAndTheBestOnTop() {
    let layout = RankLayout(chart(5))
    #expect(layout.axis.ticks.map(\.text) == ["1", "2", "3", "4", "5"])
    #expect(RankLayout(chart(2)).axis.ticks.map(\.text) == ["1", "2"])
    #expect(layout.entries.map(\.isLeft) == [true, true, true, false, false])
    #expect(layout.entries.map(\.x) == [0, 100, 200, 300, 400].map { layout.line.x + $0 })
    // From the top: the best on the left, the worst on the right.
    let rows = layout.entries.map { ($0.y - layout.entries[0].y) / RankLayout.rowHeight }
    #expect(rows == [0, 1, 2, 1, 0])
    // 2.5 of the four ranks that 400 pixels hold.
    #expect(layout.difference == 250)
  }

  @Test(arguments: [1, 2, 3, 10, 44, 45])
  func namesDoNotOverlap(count: Int) {
    let drawing = chart(count, cliques: count > 2 ? [0...count / 2, 1...count - 1] : []).drawing()
    let parsed = ParsedDrawing(drawing)
    #expect(parsed.isWellFormed)
    #expect(parsed.crowdedTexts(in: drawing).isEmpty)
    #expect(parsed.all("text").count { $0.text.hasPrefix("defense") } == count)
    #expect(parsed.all("text").contains { $0.text == "1" && $0.classes.contains("c-ticks") })
  }

  @Test func barsTakeAsFewLevelsAsTheyCan() {
    let layout = RankLayout(chart(10, cliques: [6...9, 0...3, 2...5, 4...4, 8...12, 0...3]))
    let levels = layout.bars.map { Int(($0.y - layout.line.y - 2) / 8) }
    // Sorted: 0...3 twice, 2...5, 6...9; the one and the one beyond are none.
    #expect(levels == [1, 2, 3, 1])
    #expect(layout.bars[3].from == layout.entries[6].x - 4)
    #expect(layout.bars[3].to == layout.entries[9].x + 4)
    for bar in layout.bars { #expect(bar.y < layout.entries[0].y) }
  }

  @Test func oddInputs() {
    let odd = RankChart(
      title: "T", items: [.init("nan", rank: .nan), .init("b", rank: 2), .init("a", rank: 2)],
      cliques: [0...1], criticalDifference: .infinity)
    let layout = RankLayout(odd)
    #expect(layout.entries.map(\.item.name) == ["b", "a"])
    #expect(layout.bars.count == 1 && layout.difference == nil)
    #expect(odd.drawing().summary.contains("1 without a rank is left out"))
    let empty = RankChart(title: "T", items: [], cliques: [], criticalDifference: nil).drawing()
    #expect(ParsedDrawing(empty).all("text").contains { $0.text == "no values" })
    let wide = RankChart(
      title: "", items: [.init("a", rank: 1), .init("b", rank: 2)], cliques: [],
      criticalDifference: 9
    ).drawing()
    let parsed = ParsedDrawing(wide)
    #expect(parsed.all("text").contains { $0.text == "CD = 9.00" })
    #expect(parsed.crowdedTexts(in: wide).isEmpty)
    for rank in [-1e300, 0, 1e300, 1e-300] {
      let far = RankChart(
        title: "T", items: [.init("a", rank: rank), .init("b", rank: 1)], cliques: [0...1],
        criticalDifference: 1)
      #expect(ParsedDrawing(far.drawing()).isWellFormed)
    }
  }

  @Test func hostileNamesStayTexts() {
    for name in hostileNames {
      let chart = RankChart(
        title: name, items: [.init(name, rank: 1), .init(name, rank: 2)], cliques: [0...1],
        criticalDifference: 1)
      let text = chart.drawing().document()
      #expect(ParsedDrawing(text).isWellFormed && !text.contains("<script"))
    }
  }
}
