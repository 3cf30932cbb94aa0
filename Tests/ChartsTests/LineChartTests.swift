import Foundation
import Testing

@testable import Charts

@Suite struct LineChartTests {
  static let sizes = [Size.small, .medium, .large, Size(120, 100), Size(0, -5), Size(1200, 400)]

  static func wave(_ count: Int, _ shift: Double = 0) -> [LineChart.Point] {
    (0..<count).map { LineChart.Point(Double($0), 0.5 + 0.3 * sin(Double($0) * 0.21 + shift)) }
  }

  private func banded(_ count: Int) -> LineChart.Series {
    let points = Self.wave(count)
    return LineChart.Series(
      "krum", points,
      band: LineChart.Band(
        low: points.map { .init($0.x, $0.y - 0.07 - 0.001 * $0.x) },
        high: points.map { .init($0.x, $0.y + 0.05 + 0.002 * $0.x) }))
  }

  @Test func aCurveOfSixtyRoundsIsSmall() {
    let chart = LineChart(
      title: "Attack success", x: Axis("round"), y: .rate("asr"), series: [banded(60)],
      shades: [.init(10...40, "attack window")])
    let size = chart.drawing().inline(id: "curve-1").utf8.count
    #expect(size < 2500, "\(size) bytes")
  }

  @Test func aSmallChartIsThis() {
    var chart = LineChart(
      title: "T", x: Axis("round"), y: .rate("a"),
      series: [.init("", [.init(0, 0), .init(1, 0.5), .init(2, .nan), .init(3, 1), .init(4, 1)])],
      size: Size(200, 150))
    chart.isTitled = false
    #expect(
      chart.drawing().inline(id: "g") == """
        <svg class="chart" width="200" height="150" viewBox="0 0 200 150" role="img" aria-labelledby="g-t g-d">
        <title id="g-t">T</title>
        <desc id="g-d">a over round: the line ends at 1.</desc>
        <path class="c-grid" d="M46 113h143m0-52.5h-143M46 8h143M46 113v-105M81.8 8v105m35.7 0v-105m35.8 0v105m35.7 0v-105"/>
        <path class="c-axis" d="M46 8v105h143"/>
        <g class="c-ticks c-end">
        <text x="40" y="117">0</text>
        <text x="40" y="65">0.5</text>
        <text x="40" y="12">1</text>
        </g>
        <g class="c-ticks c-mid">
        <text x="46" y="127">0</text>
        <text x="82" y="127">1</text>
        <text x="118" y="127">2</text>
        <text x="153" y="127">3</text>
        <text x="189" y="127">4</text>
        </g>
        <text class="c-mid" x="118" y="143">round</text>
        <text class="c-mid" x="14" y="61" transform="rotate(-90 14 61)">a</text>
        <path class="c-line c-s0" d="M46 113 81.8 60.5M153.3 8h35.7"/>
        </svg>
        """)
  }

  @Test func sameInputSameBytes() {
    let chart = LineChart(
      title: "T", x: Axis("round"), y: .rate("a"), series: [banded(60), banded(900)])
    #expect(chart.drawing() == chart.drawing())
  }

  @Test(arguments: sizes)
  func textsHaveRoom(size: Size) {
    for (x, y) in [
      (Axis("round"), Axis.rate("accuracy")), (Axis("round"), Axis("norm of the update")),
      (Axis("n", scale: .logarithmic), Axis("t", scale: .logarithmic)), (Axis(""), Axis("")),
    ] {
      for scale in [1e-12, 1, 123_456, 1e12] {
        for count in [1, 3, 12] {
          let chart = LineChart(
            title: "Accuracy under backdoor, a title of some length", x: x, y: y,
            series: (0..<count).map { index in
              LineChart.Series(
                "trimmed-mean after clipping \(index)",
                Self.wave(61, Double(index)).map { .init($0.x, $0.y * scale) }, color: index)
            }, shades: [.init(10...20, "attack window"), .init(25...60, "after it")], size: size)
          let drawing = chart.drawing()
          let parsed = ParsedDrawing(drawing)
          #expect(parsed.isWellFormed)
          #expect(parsed.crowdedTexts(in: drawing).isEmpty, "\(size) \(scale) \(count)")
        }
      }
    }
  }

  @Test(arguments: [1, 2, 8, 12, 20], [Size.small, .medium, .large])
  func legendsAreBesideTheData(count: Int, size: Size) {
    let names = (0..<count).map { "defense \($0) " + String(repeating: "long ", count: $0) }
    let legend = Legend(
      names.map { .init(sample: .area("c-shade"), text: $0) }, in: size)
    let frame = Frame(
      .init(
        title: "T", x: Axis("round"), y: .rate("a"), xValues: [0, 60], yValues: [],
        legend: legend, size: size))
    #expect(frame.legendBoxes.count == count)
    for (index, box) in frame.legendBoxes.enumerated() {
      #expect(!box.overlaps(frame.plot))
      #expect(box.x >= 0 && box.right <= frame.width && box.bottom <= frame.height)
      for other in frame.legendBoxes[..<index] { #expect(!box.overlaps(other)) }
    }
    #expect(frame.plot.height >= 60 && frame.plot.width >= 150)
  }

  @Test func colorsComeAgainWithAnotherDash() {
    let chart = LineChart(
      title: "T", x: Axis("x"), y: Axis("y"),
      series: (0..<12).map { .init("s\($0)", Self.wave(5, Double($0)), color: $0) } + [
        .init("odd", Self.wave(5), color: -1), .init("odder", Self.wave(5), color: .min),
      ])
    let lines = ParsedDrawing(chart.drawing()).all("path").filter { $0.classes.contains("c-line") }
    // Each once in the plot and once in the legend.
    #expect(lines.count == 28)
    #expect(Set(lines.prefix(12).map(\.classes)).count == 12)
    #expect(lines[8].classes == ["chart", "c-line", "c-s0", "c-dash"])
  }

  @Test func gapsClipsAndLonePoints() {
    let y = Axis("y", least: 0...2, isFixed: true)
    func lines(_ points: [LineChart.Point]) -> [String] {
      ParsedDrawing(
        LineChart(title: "", x: Axis("x"), y: y, series: [.init("", points)], size: .small)
          .drawing()
      ).all("path").filter { $0.classes.contains("c-line") }.compactMap { $0.attributes["d"] }
    }
    func moves(_ data: String) -> Int { data.count { "Mm".contains($0) } }
    #expect(lines([.init(0, 1), .init(1, 1), .init(2, 1)]).map(moves) == [1])
    #expect(lines([.init(0, 1), .init(1, .nan), .init(2, 1), .init(3, 1)]).map(moves) == [2])
    // Out at the top and in again.
    #expect(lines([.init(0, 1), .init(1, 9), .init(2, 1)]).map(moves) == [2])
    #expect(lines([.init(0, 5), .init(1, 9)]) == [])
    #expect(lines([.init(0, .infinity), .init(1, .nan)]) == [])
    #expect(lines([.init(4, 1)]).first?.hasSuffix("h0") == true)
  }

  @Test func aDiagonalGoesFromCornerToCorner() {
    let chart = LineChart(
      title: "", x: .rate("fpr"), y: .rate("tpr"),
      series: [.init("", [.init(0, 0), .init(0.5, 0.5), .init(1, 1)])],
      hasDiagonal: true, size: Size(300, 300))
    let paths = ParsedDrawing(chart.drawing()).all("path")
    let line = paths.first { $0.classes.contains("c-line") }?.attributes["d"] ?? ""
    let diagonal = paths.first { $0.classes.contains("c-diagonal") }?.attributes["d"] ?? ""
    // The curve of guessing lies on it.
    #expect(!diagonal.isEmpty && line.hasPrefix(diagonal.prefix { $0 != " " }))
  }

  @Test func emptyChartsSaySo() {
    for series in [[], [LineChart.Series("krum", [])], [.init("krum", [.init(.nan, 1)])]] {
      let chart = LineChart(title: "T", x: Axis("x"), y: Axis("y"), series: series)
      let parsed = ParsedDrawing(chart.drawing())
      #expect(parsed.all("text").contains { $0.text == "no values" })
      #expect(parsed.all("path").contains { $0.classes.contains("c-axis") })
    }
  }

  @Test func longSeriesKeepTheirExtremes() {
    var random = SplitMix(state: 3)
    for count in [400, 401, 1000, 12_345] {
      var values = (0..<count).map { _ in Double.random(in: 0...1, using: &random) }
      values[count / 3] = 9
      values[count / 2] = -9
      values[count / 5] = .nan
      let kept = Thinning.kept(low: values, high: values)
      #expect(kept.count <= Thinning.limit && kept.count >= min(count, 250))
      #expect(kept.first == 0 && kept.last == count - 1)
      #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 })
      #expect(kept.contains(count / 3) && kept.contains(count / 2) && kept.contains(count / 5))
      // Each hundredth of the curve keeps its highest place.
      for part in 0..<100 where count > 400 {
        let range = count * part / 100..<count * (part + 1) / 100
        let top = range.filter { values[$0].isFinite }.map { values[$0] }.max() ?? 0
        let near =
          max(0, range.lowerBound - count / 100)..<min(count, range.upperBound + count / 100)
        #expect(kept.contains { near.contains($0) && values[$0] >= top })
      }
    }
    let gaps = Thinning.kept(
      low: Array(repeating: .nan, count: 5000), high: Array(repeating: 1, count: 5000))
    #expect(gaps.count <= Thinning.limit)
  }

  @Test func hostileNamesStayTexts() {
    for name in hostileNames {
      let chart = LineChart(
        title: name, x: Axis(name, scale: .categories([name, name])), y: Axis(name),
        series: [.init(name, [.init(0, 1), .init(1, 2)]), .init(name, Self.wave(2))],
        shades: [.init(0...1, name)])
      let drawing = chart.drawing()
      for markup in [drawing.inline(id: name), drawing.document()] {
        let parsed = ParsedDrawing(markup)
        #expect(parsed.isWellFormed, "\(name.prefix(20))")
        #expect(parsed.all("script").isEmpty)
        #expect(!markup.contains("\u{1B}") && !markup.contains("\u{202E}"))
      }
    }
  }

  @Test func longNamesOfCategoriesAreCutAndWholeInTheirTitles() {
    let names = (0..<30).map { "attack number \($0) with a name that no axis has room for" }
    let chart = LineChart(
      title: "", x: Axis("attack", scale: .categories(names)), y: .rate("a"),
      series: [.init("", Self.wave(30))])
    let labels = ParsedDrawing(chart.drawing()).all("text").filter { !$0.title.isEmpty }
    #expect(labels.count > 10)
    #expect(labels.allSatisfy { $0.text.hasSuffix("…") && names.contains($0.title) })
    let places = labels.map { $0.number("x") }
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 12 })
  }
}
