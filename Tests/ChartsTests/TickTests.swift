import Foundation
import Testing

@testable import Charts

@Suite struct TickTests {
  private func axis(
    _ values: [Double], _ axis: Axis = Axis("x"), length: Double = 300,
    _ direction: PlacedAxis.Direction = .horizontal
  ) -> PlacedAxis {
    PlacedAxis(axis, values: values, length: length, direction: direction)
  }

  @Test func numbersAreWrittenAsPeopleDo() {
    let cases: [(Int, Int, String, String)] = [
      (2, -1, "0.2", "2e-1"), (15, -1, "1.5", "1.5e0"), (-5, -2, "-0.05", "-5e-2"),
      (1, 3, "1000", "1e3"), (0, -3, "0", "0"), (100, -2, "1", "1e0"), (-120, 0, "-120", "-1.2e2"),
      (1, -6, "0.000001", "1e-6"), (25, 11, "2500000000000", "2.5e12"),
    ]
    for (digits, exponent, plain, scientific) in cases {
      let number = TickNumber(digits: digits, exponent: exponent)
      #expect(number.plain == plain)
      #expect(number.scientific == scientific)
    }
    #expect(TickNumber.power(-12) == "10⁻¹²")
  }

  @Test func knownRanges() {
    #expect(
      axis([0, 1], .rate("a"), length: 200, .vertical).ticks.map(\.text) == [
        "0", "0.2", "0.4", "0.6", "0.8", "1",
      ])
    #expect(axis([0, 59]).ticks.map(\.text) == ["0", "10", "20", "30", "40", "50"])
    #expect(axis([0, 3], length: 600).ticks.map(\.text) == ["0", "1", "2", "3"])
    #expect(
      axis([-1.5, 0.5], length: 150).ticks.map(\.text) == ["-1.5", "-1", "-0.5", "0", "0.5"])
    #expect(axis([0.1, 4e-12], length: 100, .vertical).ticks.map(\.text) == ["0", "0.05", "0.1"])
    #expect(axis([0, 4.5e-12], length: 200).ticks.first?.text == "0")
    #expect(axis([1.5e12, 3.5e12], length: 200).ticks.map(\.text).contains("2e12"))
    #expect(axis([7, 7]).ticks.map(\.text) == ["6", "7", "8"])
    #expect(axis([]).ticks.map(\.text) == ["0", "1"])
    #expect(axis([.nan, .infinity]).ticks.map(\.text) == ["0", "1"])
  }

  @Test func logarithmicRanges() {
    let log = Axis("n", scale: .logarithmic)
    #expect(axis([1e-6, 1e3], log).ticks.map(\.text).contains("10⁻⁶"))
    #expect(
      axis([10, 1000], log, length: 400).ticks.map(\.text) == [
        "10", "20", "50", "100", "200", "500", "1000",
      ])
    #expect(axis([2.1, 4.5], log).ticks.map(\.text).prefix(3) == ["2", "2.5", "3"])
    #expect(axis([5, 5], log).ticks.count >= 2)
    #expect(axis([0, -3, .nan], log).ticks.map(\.text) == ["1", "2", "5", "10"])
    let placed = axis([1, 100], log)
    #expect(placed.place(10).map { ($0 - 0.5).magnitude < 1e-12 } == true)
    #expect(placed.place(0) == nil && placed.place(-1) == nil && placed.place(.nan) == nil)
  }

  /// Random ranges of any size and place, as wide as they are long or a millionth of it.
  @Test(arguments: [PlacedAxis.Direction.horizontal, .vertical])
  func ticksAreRightForAnyRange(direction: PlacedAxis.Direction) {
    var random = SplitMix(state: 7)
    for draw in 0..<3000 {
      let middle =
        Double.random(in: -1...1, using: &random)
        * pow(10, Double.random(in: -14...14, using: &random))
      let half = middle.magnitude * pow(10, Double.random(in: -6...1, using: &random))
      let isLogarithmic = draw.isMultiple(of: 3)
      let values =
        isLogarithmic
        ? [middle.magnitude, middle.magnitude + half] : [middle - half, middle + half]
      let length = Double.random(in: 40...700, using: &random)
      let kind = Axis(
        "x", scale: isLogarithmic ? .logarithmic : .linear,
        least: draw.isMultiple(of: 5) ? values[0]...values[1] : nil,
        isFixed: draw.isMultiple(of: 5))
      let placed = axis(values, kind, length: length, direction)
      let room = PlacedAxis.Room(length: length, direction: direction)
      #expect(room.fits(placed.ticks), "\(values) \(length)")
      #expect(placed.ticks.count <= 2 * room.mostTicks + 3)
      #expect(
        Set(placed.ticks.map(\.text)).count == placed.ticks.count, "\(values) \(placed.ticks)")
      #expect(placed.ticks.allSatisfy { (-1e-6...1 + 1e-6).contains($0.place) })
      #expect(zip(placed.ticks, placed.ticks.dropFirst()).allSatisfy { $0.place < $1.place })
      for tick in placed.ticks where !tick.text.contains("⁻") && !tick.text.hasPrefix("10") {
        // The text says where it stands.
        let place = Double(tick.text).flatMap { placed.place($0) } ?? .nan
        #expect((place - tick.place).magnitude < 1e-6, "\(tick) \(values)")
        #expect(!tick.text.hasPrefix("-0") || tick.text.hasPrefix("-0."))
      }
      for value in values {
        #expect(placed.place(value).map { (-1e-6...1 + 1e-6).contains($0) } == true, "\(value)")
      }
    }
  }

  @Test func wholeNumbersHaveWholeTicks() {
    for last in 1...120 {
      let texts = axis([0, Double(last)], length: 350).ticks.map(\.text)
      #expect(texts.allSatisfy { Int($0) != nil } && texts.count >= 2)
    }
  }

  @Test func extremeValuesDoNotTrap() {
    let odd = [
      Double.greatestFiniteMagnitude, -Double.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      -.leastNonzeroMagnitude, 1e-300, 1e300, 0, .infinity, -.infinity, .nan, 1e15, 1e16,
    ]
    for one in odd {
      for other in odd {
        for scale in [Axis.Scale.linear, .logarithmic] {
          for length in [1.0, 40, 700] {
            let free = axis([one, other], Axis("x", scale: scale), length: length)
            #expect(free.ticks.allSatisfy { $0.place.isFinite })
            guard one <= other else { continue }
            let fixed = Axis("x", scale: scale, least: one...other, isFixed: true)
            _ = axis([0.5], fixed, length: length, .vertical)
          }
        }
      }
    }
  }

  @Test func categoriesAreInTheirPlaces() {
    let placed = axis([], Axis("x", scale: .categories(["a", "b", "c", "d"])))
    #expect(placed.ticks.map(\.place) == [0.125, 0.375, 0.625, 0.875])
    #expect(axis([], Axis("x", scale: .categories([]))).ticks.isEmpty)
  }
}
