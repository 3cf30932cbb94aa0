/// A moment by which something has to be done.
struct Deadline {
  /// How far off it was at first.
  let seconds: Double
  private let end: ContinuousClock.Instant

  init(seconds: Double) {
    self.seconds = seconds
    end = ContinuousClock.now + .seconds(min(seconds, 1e9))
  }

  /// The seconds until then; `nil` if it has passed.
  var rest: Double? {
    let left = end - ContinuousClock.now
    guard left > .zero else { return nil }
    return Double(left.components.seconds) + Double(left.components.attoseconds) * 1e-18
  }
}
