import Testing

@testable import Reporting

@Suite struct SparklineTests {
  private func curve(_ values: [Double?], window: Range<Int>? = nil, width: Int = 100) -> String {
    Sparkline.text(
      values.enumerated().compactMap { round, value in value.map { (round, $0) } },
      rounds: values.count, window: window, width: width)
  }

  @Test func levelsAreEighthsFromZeroToOne() {
    #expect(curve([0, 0.124, 0.125, 0.3, 0.5, 0.74, 0.76, 0.874, 0.875, 1]) == "▁▁▂▃▅▆▇▇██")
    #expect(curve([-3, 5, .nan, nil, 0.5]) == "▁█  ▅")
  }

  @Test func theWindowIsInBrackets() {
    #expect(curve([0, 0, 1, 1, 0], window: 2..<4) == "▁▁[██]▁")
    #expect(curve([0, 1], window: 0..<9) == "[▁█]")
    #expect(curve([0, 1], window: 1..<1) == "▁█")
    #expect(curve([0, 1], window: 5..<9) == "▁█")
  }

  @Test func fewerCharactersThanRoundsAreMeans() {
    #expect(curve([0, 1, 1, 1, 0, 0.5], width: 3) == "▅█▃")
    #expect(curve([0, 1, 1, 1, 0, 0.5], window: 3..<4, width: 3) == "▅[█]▃")
    // Seven rounds in three characters: two, two, three.
    #expect(curve([0, 0, 1, 1, 0, 0, 0], width: 3) == "▁█▁")
    #expect(curve([1], width: 0) == "█")
    #expect(curve([]) == "")
  }

  @Test func noWidthIsExceededAndNoRoundLost() {
    for rounds in 1...40 {
      for width in 1...45 {
        let text = curve(.init(repeating: 1, count: rounds), window: 0..<rounds, width: width)
        #expect(text == "[" + String(repeating: "█", count: min(rounds, width)) + "]")
      }
    }
  }
}
