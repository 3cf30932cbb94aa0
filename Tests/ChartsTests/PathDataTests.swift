import Testing

@testable import Charts

@Suite struct PathDataTests {
  @Test func numbersHaveNoMoreThanTheyNeed() {
    let cases: [(Double, String)] = [
      (0, "0"), (-0.04, "0"), (0.5, ".5"), (-0.5, "-.5"), (12.34, "12.3"), (-3, "-3"),
      (1e9, "1000000"), (.nan, "0"), (-.infinity, "-1000000"),
    ]
    for (value, text) in cases { #expect(Pixels.text(value) == text) }
  }

  @Test func stepsAreRelativeWhereThatIsShorter() {
    var path = PathData()
    path.move(to: 100, 100)
    path.line(to: 110, 100)
    path.line(to: 115, 100)
    path.line(to: 115, 105)
    path.line(to: 115, 105.04)
    path.line(to: 117.3, 103)
    path.line(to: 118.3, 104)
    path.line(to: 2, 3)
    #expect(path.finished() == "M100 100h15v5l2.3-2 1 1L2 3")
  }

  @Test func directionsOfHorizontalStepsAreKept() {
    var path = PathData()
    path.move(to: 0, 0)
    path.line(to: 5, 0)
    path.line(to: 2, 0)
    path.close()
    path.move(to: 1, 1)
    path.dot()
    #expect(path.finished() == "M0 0h5-3zM1 1h0")
  }

  @Test func roundingNeverAddsUp() {
    var path = PathData()
    path.move(to: 0, 0)
    for step in 1...999 { path.line(to: Double(step) / 3, Double(step % 2)) }
    let end = Self.end(of: path.finished())
    #expect((end.x - 333).magnitude < 0.001 && (end.y - 1).magnitude < 0.001)
  }

  @Test func whateverTheCommandsThePlacesAreKept() {
    var random = SplitMix(state: 11)
    for _ in 0..<300 {
      var path = PathData()
      path.move(to: 0, 0)
      var last = (x: 0.0, y: 0.0)
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        let range = Bool.random(using: &random) ? -0.3...0.3 : -200.0...200
        if Bool.random(using: &random) { last.x += Double.random(in: range, using: &random) }
        if Bool.random(using: &random) { last.y += Double.random(in: range, using: &random) }
        if Int.random(in: 0..<4, using: &random) == 0 {
          path.move(to: last.x, last.y)
        } else {
          path.line(to: last.x, last.y)
        }
        let end = Self.end(of: path.finished())
        #expect((end.x - last.x).magnitude <= 0.051 && (end.y - last.y).magnitude <= 0.051)
      }
    }
  }

  /// Where the commands of a path lead, as SVG 1.1 defines them.
  private static func end(of data: String) -> (x: Double, y: Double) {
    var place = (x: 0.0, y: 0.0)
    var command: Character = "M"
    var numbers: [Double] = []
    for match in data.matches(of: /[MLmlhvz]|-?[0-9]*\.?[0-9]+/) {
      guard let number = Double(String(match.0)) else {
        command = match.0.first ?? "M"
        numbers = []
        continue
      }
      numbers.append(number)
      switch (command, numbers.count) {
      case ("M", 2): (place, command, numbers) = ((numbers[0], numbers[1]), "L", [])
      case ("L", 2): (place, numbers) = ((numbers[0], numbers[1]), [])
      case ("l", 2), ("m", 2):
        (place, command, numbers) = ((place.x + numbers[0], place.y + numbers[1]), "l", [])
      case ("h", 1): (place, numbers) = ((place.x + numbers[0], place.y), [])
      case ("v", 1): (place, numbers) = ((place.x, place.y + numbers[0]), [])
      default: break
      }
    }
    return place
  }

  @Test func textsAreCutToAWidth() {
    #expect(TextWidth.cut("accuracy", to: 500, size: 11) == "accuracy")
    for width in stride(from: 12.0, to: 60, by: 7) {
      let cut = TextWidth.cut("accuracy of krum", to: width, size: 11)
      #expect(cut.hasSuffix("…"))
      #expect(TextWidth.estimate(cut, size: 11) <= width)
    }
    #expect(
      TextWidth.cut(String(repeating: "\u{301}", count: 5000), to: 50, size: 11).unicodeScalars
        .count < 500)
  }

  /// Fonts' own figures, in thousandths: no reader's font may be wider than a text's estimate.
  @Test func widthsAreThoseOfTheWidestUsualFont() {
    func width(_ text: String, _ weight: TextWidth.Weight) -> Int {
      Int(TextWidth.estimate(text, size: 1000, weight: weight).rounded())
    }
    // DejaVu Sans: "a" 613, "i" 278, "m" 975, "." 318; Helvetica: "E" 667, where DejaVu has 632.
    #expect(width("aim.", .regular) == 613 + 278 + 975 + 318)
    #expect(width("E", .regular) == 667)
    // DejaVu Sans Bold: "l" 343, "W" 1104, "=" 838.
    #expect(width("lW=", .bold) == 343 + 1104 + 838)
    // Helvetica Bold, where DejaVu Sans Bold is narrower.
    #expect(width("J", .bold) == 556)
    // Of "@" the widest is that of Helvetica, which is not bold.
    for value in UInt32(0x20)..<0x7F where value != 0x40 {
      let text = Unicode.Scalar(value).map { String($0) } ?? ""
      #expect(width(text, .bold) >= width(text, .regular), "\(text)")
    }
  }

  @Test func boldTextsAreCutEarlier() {
    let name = String(repeating: "l", count: 80)
    let (plain, bold) = (
      TextWidth.cut(name, to: 200, size: 13),
      TextWidth.cut(name, to: 200, size: 13, weight: .bold)
    )
    #expect(bold.count < plain.count)
    #expect(TextWidth.estimate(bold, size: 13, weight: .bold) <= 200)
  }
}
