/// Walks through batches: passes over all examples, or as many steps as a schedule says.
struct BatchCursor {
  /// The positions of one batch in the order of its pass.
  struct Batch {
    let range: Range<Int>
    /// Whether a fresh order has to be drawn first.
    let startsPass: Bool
  }

  private let exampleCount: Int
  private let batchSize: Int
  /// `nil` where the number of passes decides.
  private let stepLimit: Int?
  private let passLimit: Int
  private var passCount = 0
  private var start: Int
  /// The number of batches that were handed out.
  private(set) var stepCount = 0

  init(exampleCount: Int, schedule: LocalSchedule) {
    self.exampleCount = exampleCount
    batchSize = schedule.batchSize
    start = exampleCount
    switch schedule.length {
    case .epochs(let epochs): (stepLimit, passLimit) = (nil, epochs)
    case .steps(let steps): (stepLimit, passLimit) = (steps, .max)
    }
  }

  mutating func next() -> Batch? {
    if let stepLimit, stepCount == stepLimit { return nil }
    let startsPass = start >= exampleCount
    if startsPass {
      guard passCount < passLimit else { return nil }
      passCount += 1
      start = 0
    }
    let range = start..<min(start + batchSize, exampleCount)
    start = range.upperBound
    stepCount += 1
    return Batch(range: range, startsPass: startsPass)
  }
}
