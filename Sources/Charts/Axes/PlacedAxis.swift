import Foundation

/// An axis with its ends and ticks, laid out for a length.
struct PlacedAxis {
  struct Tick: Hashable {
    /// From 0 at the low end to 1 at the high one.
    var place: Double
    var text: String
  }

  enum Direction {
    case horizontal
    case vertical
  }

  var ticks: [Tick] = []
  /// In the units of the scale: values, their logarithms, or places of categories.
  private(set) var low = 0.0
  private(set) var high = 1.0
  private(set) var isLogarithmic = false

  /// Lays out an axis for a length in pixels.
  ///
  /// Values that an axis cannot show, which are those that are not finite, and on a logarithmic
  /// axis those that are not positive, are left out. Beyond ±1e300 values are at its end.
  init(_ axis: Axis, values: [Double], length: Double, direction: Direction) {
    let room = Room(length: length, direction: direction)
    switch axis.scale {
    case .categories(let names):
      (low, high) = (-0.5, max(0.5, Double(names.count) - 0.5))
      ticks = names.enumerated().map {
        Tick(place: place(Double($0.offset)) ?? 0, text: $0.element)
      }
    case .linear:
      layOutLinear(axis, Self.extent(axis, values), room)
    case .logarithmic:
      isLogarithmic = true
      layOutLogarithmic(axis, Self.extent(axis, values), room)
    }
  }

  /// Where a value lies, from 0 to 1 within the axis; `nil` for one that has no place.
  func place(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let held = Self.held(value)
    let scaled = isLogarithmic ? log10(held) : held
    return ((scaled - low) / (high - low)).clamped(to: -1e4...1e4)
  }

  private static func held(_ value: Double) -> Double { value.clamped(to: -1e300...1e300) }

  /// What has to be on the axis.
  private struct Extent {
    var low: Double
    var high: Double
    var areWhole: Bool
  }

  private static func extent(_ axis: Axis, _ values: [Double]) -> Extent {
    let isLogarithmic = axis.scale == .logarithmic
    func isShown(_ value: Double) -> Bool { value.isFinite && (!isLogarithmic || value > 0) }
    var shown = values.filter(isShown)
    let ends = (axis.least.map { [$0.lowerBound, $0.upperBound] } ?? []).filter(isShown)
    if axis.isFixed, ends.count == 2 { shown = [] }
    shown += ends
    if shown.isEmpty { shown = isLogarithmic ? [1, 10] : [0, 1] }
    var low = held(shown.min() ?? 0)
    let high = held(shown.max() ?? 1)
    if isLogarithmic { low = max(low, 1e-300) }
    let areWhole =
      shown.allSatisfy { $0 == $0.rounded() && $0.magnitude < 1e15 }
      && !(axis.isFixed && high - low <= 1)
    return Extent(low: low, high: max(low, high), areWhole: areWhole)
  }

  private mutating func layOutLinear(_ axis: Axis, _ extent: Extent, _ room: Room) {
    (low, high) = (extent.low, extent.high)
    let magnitude = max(low.magnitude, high.magnitude)
    if high - low <= magnitude * 1e-12 || high - low < 1e-290 {
      let margin = extent.areWhole ? 1 : magnitude > 1e-290 ? magnitude * 0.1 : 1
      (low, high) = (low - margin, high + margin)
    }
    let ends = (low, high)
    var step = LinearTicks(atLeast: (high - low) / Double(room.mostTicks))
    if extent.areWhole, step.exponent < 0 { (step.digits, step.exponent) = (1, 0) }
    // Rounds and counts end where the values do; other axes at a tick.
    let isTight = axis.isFixed || extent.areWhole && room.direction == .horizontal
    while true {
      if !isTight { (low, high) = step.hull(of: ends.0, ends.1) }
      let numbers = step.numbers(from: low, to: high)
      ticks = zip(numbers, LinearTicks.texts(numbers)).map {
        Tick(place: place($0.value) ?? 0, text: $1)
      }
      if room.fits(ticks) { return }
      if ticks.count <= 3 { return keepEnds(room) }
      step.grow()
    }
  }

  /// Ticks that the axis is too short for, down to the last one.
  private mutating func keepEnds(_ room: Room) {
    ticks = [ticks[0], ticks[ticks.count - 1]]
    if !room.fits(ticks) { ticks.removeLast() }
  }

  private mutating func layOutLogarithmic(_ axis: Axis, _ extent: Extent, _ room: Room) {
    var (least, most) = (extent.low, extent.high)
    if most <= least * (1 + 1e-9) { (least, most) = (least / 2, most * 2) }
    if !axis.isFixed { (least, most) = LogarithmicTicks.hull(of: least, most) }
    (low, high) = (log10(least), log10(most))
    if high - low < 0.5 {
      // Not even 1, 2 and 5 of a decade would be two ticks for sure.
      var step = LinearTicks(atLeast: (most - least) / Double(room.mostTicks))
      while true {
        let numbers = step.numbers(from: least, to: most)
        place(numbers, LinearTicks.texts(numbers))
        if ticks.count <= 1 || room.fits(ticks) { return }
        step.grow()
      }
    }
    // Not all decades of a wide range need to be tried.
    for coarseness in max(0, Int((high - low) / Double(room.mostTicks)))... {
      let numbers = LogarithmicTicks.numbers(from: least, to: most, coarseness: coarseness)
      place(numbers, LogarithmicTicks.texts(numbers))
      if ticks.count <= 1 || ticks.count <= room.mostTicks && room.fits(ticks) { return }
    }
  }

  private mutating func place(_ numbers: [TickNumber], _ texts: [String]) {
    ticks = zip(numbers, texts).map { Tick(place: place($0.value) ?? 0, text: $1) }
  }
}

extension PlacedAxis {
  /// The length of an axis, and whether texts fit along it.
  struct Room {
    var length: Double
    var direction: Direction

    /// One per some 28 pixels upwards, and per 40 in the direction of writing.
    var mostTicks: Int {
      max(2, Int(length / (direction == .vertical ? 28 : 40)) + 1)
    }

    /// Whether no two texts come near each other.
    func fits(_ ticks: [Tick]) -> Bool {
      zip(ticks, ticks.dropFirst()).allSatisfy { one, next in
        let distance = (next.place - one.place).magnitude * length
        return distance >= (direction == .vertical ? 14 : (span(one) + span(next)) / 2 + 8)
      }
    }

    private func span(_ tick: Tick) -> Double {
      TextWidth.estimate(tick.text, size: Canvas.Font.text)
    }
  }
}
