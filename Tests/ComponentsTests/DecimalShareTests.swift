import Components
import Testing

@Suite struct DecimalShareTests {
  /// The exact products, by Python's `fractions`.
  @Test(arguments: [
    (0.29, 100, 29, 29, 29),
    (0.57, 100, 57, 57, 57),
    (0.58, 50, 29, 29, 29),
    (0.1, 30, 3, 3, 3),
    (0.7, 10, 7, 7, 7),
    (0.35, 20, 7, 7, 7),
    (0.145, 100, 14, 15, 15),
    (0.005, 100, 0, 1, 1),
    (0.3, 10, 3, 3, 3),
    (0.333, 3, 0, 1, 1),
    (1.0, 7, 7, 7, 7),
    (0.0, 9, 0, 0, 0),
    (1e-05, 100000, 1, 1, 1),
    (1e-300, 10000000, 0, 0, 1),
    (2.5e-307, 9223372036854775807, 0, 0, 1),
    (0.9999999999999999, 10, 9, 10, 10),
    (0.99, 9223372036854775807, 9131138316486228048, 9131138316486228049, 9131138316486228049),
    (0.5, 1, 0, 1, 1),
    (0.25, 2, 0, 1, 1),
    (0.123456789, 1000000000, 123456789, 123456789, 123456789),
  ])
  func `a share is the decimal number that is written`(
    share: Double, total: Int, down: Int, nearest: Int, up: Int
  ) {
    let share = DecimalShare(share)
    #expect(share.count(of: total) == down)
    #expect(share.count(of: total, rounded: .toNearestOrAwayFromZero) == nearest)
    #expect(share.count(of: total, rounded: .up) == up)
  }

  @Test func `every whole percentage of a hundred is whole`() {
    for percent in 0...100 {
      let share = DecimalShare(Double(percent) / 100)
      for times in [1, 3, 1_000] {
        for rule in [FloatingPointRoundingRule.down, .up, .toNearestOrEven] {
          #expect(share.count(of: 100 * times, rounded: rule) == percent * times)
        }
      }
    }
  }

  @Test func `halves go to the even number where the rule says so`() {
    let half = DecimalShare(0.5)
    #expect((0..<6).map { half.count(of: $0, rounded: .toNearestOrEven) } == [0, 0, 1, 2, 2, 2])
  }
}
