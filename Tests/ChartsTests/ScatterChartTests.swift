import Testing

@testable import Charts

@Suite struct ScatterChartTests {
  private func chart(_ groups: Int, _ points: Int, size: Size = .medium) -> ScatterChart {
    var random = SplitMix(state: 5)
    return ScatterChart(
      title: "Accuracy against success", x: .rate("asr"), y: .rate("accuracy"),
      points: (0..<points).map { index in
        .init(
          Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random),
          label: "attack \(index)/krum", group: "group \(index % groups) of some length")
      }, size: size)
  }

  @Test func eachPointSaysWhatItIs() {
    let marks = ParsedDrawing(chart(3, 30).drawing()).all("path").filter {
      $0.classes.contains("c-see")
    }
    #expect(marks.count == 30)
    #expect(Set(marks.map(\.title)) == Set((0..<30).map { "attack \($0)/krum" }))
  }

  @Test func groupsDifferInColorOrShape() {
    let styles = (0..<64).map { MarkShape.style(ofGroup: $0) }
    #expect(Set(styles.map { [$0.color, $0.shape] }).count == 64)
    #expect(Set(styles.prefix(8).map(\.color)).count == 8)
    #expect(Set(styles.prefix(8).map(\.shape)).count == 8)
    #expect(Set((0..<8).map { MarkShape.commands($0) }).count == 8)
  }

  @Test(arguments: [Size.small, .medium, .large])
  func textsHaveRoom(size: Size) {
    for groups in [1, 5, 13] {
      let drawing = chart(groups, 60, size: size).drawing()
      #expect(ParsedDrawing(drawing).crowdedTexts(in: drawing).isEmpty)
    }
  }

  @Test func pointsWithoutAPlaceAreLeftOutAndCounted() {
    let odd = ScatterChart(
      title: "T", x: .rate("a"), y: .rate("b"),
      points: [
        .init(0.5, 0.5, label: "in", group: "g"), .init(1, 1, label: "corner", group: "g"),
        .init(.nan, 0, label: "nan", group: "g"), .init(0, .infinity, label: "inf", group: "g"),
        .init(1.5, 0.5, label: "beyond", group: "h"),
      ])
    let drawing = odd.drawing()
    let titles = ParsedDrawing(drawing).all("path").map(\.title).filter { !$0.isEmpty }
    #expect(titles == ["in", "corner"])
    #expect(
      drawing.summary
        == "b against a: 2 points in 2 groups. 3 not shown, without a value or beyond the axes.")
    let empty = ScatterChart(title: "T", x: .rate("a"), y: .rate("b"), points: []).drawing()
    #expect(ParsedDrawing(empty).all("text").contains { $0.text == "no values" })
  }

  @Test func hostileNamesStayTexts() {
    for name in hostileNames {
      let chart = ScatterChart(
        title: name, x: Axis(name), y: Axis(name),
        points: [.init(1, 2, label: name, group: name), .init(2, 3, label: "b", group: "b")])
      let text = chart.drawing().document()
      #expect(ParsedDrawing(text).isWellFormed && !text.contains("<script"))
    }
  }
}
