import Foundation
import Markup
import Testing

@Suite struct FixedPointTests {
  /// What the C library prints, without the sign of zero.
  private func printed(_ value: Double, _ digits: Int) -> String {
    let text = String(format: "%.\(digits)f", value)
    return text.contains { "123456789".contains($0) } ? text : text.replacing("-", with: "")
  }

  @Test func numbersAreThoseOfTheCLibrary() {
    var state: UInt64 = 1
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 16
    }
    for _ in 0..<20_000 {
      // Of every size below ten million, and half of them with few digits, so that there are ties.
      let digits = Int(next() % 8)
      let scale = [1e-9, 1e-5, 1e-3, 0.01, 0.125, 1, 33, 1e4, 9.9e6][Int(next() % 9)]
      var value = Double(next() % 2_000_001) / 1_000_000 - 1
      if next() % 2 == 0 { value = Double(Int(next() % 4001) - 2000) / 2000 }
      value *= scale
      #expect(FixedPoint.text(value, digits) == printed(value, digits), "\(value) \(digits)")
    }
  }

  private static let cases: [(Double, Int, String)] = [
    (0.5, 0, "0"), (1.5, 0, "2"), (2.5, 0, "2"), (0.125, 2, "0.12"), (0.375, 2, "0.38"),
    (1.005, 2, "1.00"), (0.0005, 3, "0.001"), (0.9995, 3, "1.000"), (-0.0004, 3, "0.000"),
    (-0.0006, 3, "-0.001"), (-0.0, 1, "0.0"), (0.05, 1, "0.1"), (99.9999, 3, "100.000"),
    (0.012, 5, "0.01200"), (9_999_999.4, 0, "9999999"), (1e7, 3, "1.00e+07"),
    (.infinity, 3, "inf"), (-.infinity, 3, "-inf"), (.nan, 3, "nan"), (1e-300, 3, "0.000"),
  ]

  @Test(arguments: cases) func knownNumbers(_ value: Double, _ digits: Int, _ text: String) {
    #expect(FixedPoint.text(value, digits) == text)
  }

  @Test func spreadsBelowOneHaveNoDigitBeforeThePoint() {
    #expect(FixedPoint.spread(0.0136, 3) == ".014" && FixedPoint.spread(1.25, 1) == "1.2")
  }
}
