import Testing

@testable import Charts

@Suite struct HeatMapTests {
  private func map(_ rows: Int, _ columns: Int, name: String = "name", note: String = "") -> HeatMap
  {
    HeatMap(
      title: "Accuracy", rowTitle: "attack", columnTitle: "defense",
      rows: (0..<rows).map { "\(name) \($0)" }, columns: (0..<columns).map { "\(name) \($0)" },
      cells: (0..<rows).map { row in
        (0..<columns).map { .init("0.\(100 + row + $0)", note: note, badness: Double($0) / 44) }
      }, ends: (best: "1 (best)", worst: "0 (worst)"))
  }

  @Test func badnessHasElevenSteps() {
    let cases: [(Double?, Int?)] = [
      (0, 0), (0.049, 0), (0.051, 1), (0.5, 5), (1, 10), (-3, 0), (7, 10), (.nan, nil), (nil, nil),
      (.infinity, 10),
    ]
    for (badness, step) in cases { #expect(HeatMap.step(badness) == step) }
  }

  @Test func aSmallMapIsThis() {
    var map = HeatMap(
      title: "M", rowTitle: "", columnTitle: "", rows: ["a"], columns: ["x", "y", "z", "w"],
      cells: [[.init("0", badness: 0), nil, .init("void"), .init("1", badness: 1)]],
      ends: (best: "good", worst: "bad"))
    map.isTitled = false
    #expect(
      map.drawing().content == """
        <g class="c-end">
        <text x="15" y="41">a</text>
        </g>
        <g class="c-mid">
        <text x="41" y="19">x</text>
        <text x="77" y="19">y</text>
        <text x="113" y="19">z</text>
        <text x="149" y="19">w</text>
        </g>
        <path class="c-cell c-h0" d="M23 26h36v22h-36z"/>
        <g class="c-mid c-n0">
        <text x="41" y="41">0</text>
        </g>
        <path class="c-cell c-h10" d="M131 26h36v22h-36z"/>
        <g class="c-mid c-n10">
        <text x="149" y="41">1</text>
        </g>
        <path class="c-bare" d="M95 26h36v22h-36z"/>
        <g class="c-mid">
        <text x="113" y="41">void</text>
        </g>
        <text class="c-end" x="36" y="70">good</text>
        <rect class="c-h0" x="42" y="60" width="12" height="12"/>
        <rect class="c-h1" x="54" y="60" width="12" height="12"/>
        <rect class="c-h2" x="66" y="60" width="12" height="12"/>
        <rect class="c-h3" x="78" y="60" width="12" height="12"/>
        <rect class="c-h4" x="90" y="60" width="12" height="12"/>
        <rect class="c-h5" x="102" y="60" width="12" height="12"/>
        <rect class="c-h6" x="114" y="60" width="12" height="12"/>
        <rect class="c-h7" x="126" y="60" width="12" height="12"/>
        <rect class="c-h8" x="138" y="60" width="12" height="12"/>
        <rect class="c-h9" x="150" y="60" width="12" height="12"/>
        <rect class="c-h10" x="162" y="60" width="12" height="12"/>
        <text x="180" y="70">bad</text>

        """)
  }

  @Test func everyCellHasItsNumber() {
    for (rows, columns) in [(1, 1), (13, 9), (45, 45), (2, 30)] {
      let drawing = map(rows, columns).drawing()
      let parsed = ParsedDrawing(drawing)
      #expect(parsed.isWellFormed)
      #expect(parsed.all("text").count { $0.text.hasPrefix("0.") } == rows * columns)
      #expect(parsed.crowdedTexts(in: drawing).isEmpty)
    }
  }

  @Test func longNamesAndNotesHaveRoom() {
    for name in ["a-little-is-enough", "a name that is too long for any column of a map", "x"] {
      let drawing = map(12, 14, name: name, note: "±.014").drawing()
      let parsed = ParsedDrawing(drawing)
      #expect(parsed.crowdedTexts(in: drawing).isEmpty, "\(name)")
      // Slanted names are further apart than a line is high.
      let slanted = parsed.all("text").filter { $0.attributes["transform"] != nil }
      let places = slanted.map { $0.number("x") }
      #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 17 })
      #expect(slanted.allSatisfy { $0.number("x") < drawing.width })
      for cut in parsed.all("text").filter({ $0.text.hasSuffix("…") }) {
        #expect(cut.title.hasPrefix(name))
      }
    }
  }

  @Test func raggedRowsAndEmptyMaps() {
    var ragged = map(3, 3)
    ragged.cells = [
      [.init("1")], [], [.init("2"), .init("3"), .init("4"), .init("beyond")], [.init("x")],
    ]
    let texts = ParsedDrawing(ragged.drawing()).all("text").map(\.text)
    #expect(texts.contains("4") && !texts.contains("beyond") && !texts.contains("x"))
    // Without colors there is no scale.
    #expect(!texts.contains("1 (best)"))
    for (rows, columns) in [(0, 0), (0, 5), (5, 0)] {
      let drawing = map(rows, columns).drawing()
      #expect(ParsedDrawing(drawing).all("text").contains { $0.text == "no values" })
      #expect(drawing.width.isFinite && drawing.height > 0)
    }
  }

  @Test func hostileNamesStayTexts() {
    for name in hostileNames {
      let map = HeatMap(
        title: name, rowTitle: name, columnTitle: name, rows: [name, "b"], columns: [name, name],
        cells: [[.init(name, note: name, badness: 0.3), .init(name)], []], ends: (name, name))
      let text = map.drawing().document()
      #expect(ParsedDrawing(text).isWellFormed && !text.contains("<script"))
    }
  }
}
