/// A list of compare-and-exchange steps that sorts any sequence of a given length.
///
/// The steps do not depend on the values, so many sequences can be sorted side by side in lanes.
/// Batcher's odd-even merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2, Algorithm M):
/// O(`count` log² `count`) steps.
struct SortingNetwork: Sendable {
  /// One step: afterwards, the value at `low` is not above the one at `high`.
  struct Step: Sendable {
    let low: Int32
    let high: Int32
  }

  /// The steps in order.
  let steps: [Step]

  /// Builds the network for sequences of `count` values.
  init(count: Int) {
    var steps: [Step] = []
    var top = 1
    while top * 2 < count { top *= 2 }
    var p = count > 1 ? top : 0
    while p > 0 {
      var q = top
      var r = 0
      var distance = p
      while true {
        for i in 0..<max(0, count - distance) where i & p == r {
          steps.append(Step(low: Int32(i), high: Int32(i + distance)))
        }
        if q == p { break }
        distance = q - p
        q /= 2
        r = p
      }
      p /= 2
    }
    self.steps = steps
  }
}

// Generic vector comparisons go lane by lane, so sorting is written for each type.
extension SortingNetwork {
  /// Sorts all lanes, `lanes[i]` holding the i-th value of sixteen sequences.
  static func sort(
    _ lanes: UnsafeMutablePointer<SIMD16<Float>>, by steps: UnsafeBufferPointer<Step>
  ) {
    for index in 0..<steps.count {
      let step = unsafe steps[index]
      let a = unsafe lanes[Int(step.low)]
      let b = unsafe lanes[Int(step.high)]
      let isSwapped = b .< a
      unsafe lanes[Int(step.low)] = a.replacing(with: b, where: isSwapped)
      unsafe lanes[Int(step.high)] = b.replacing(with: a, where: isSwapped)
    }
  }

  /// Sorts all lanes, `lanes[i]` holding the i-th value of sixteen sequences.
  static func sort(
    _ lanes: UnsafeMutablePointer<SIMD16<Double>>, by steps: UnsafeBufferPointer<Step>
  ) {
    for index in 0..<steps.count {
      let step = unsafe steps[index]
      let a = unsafe lanes[Int(step.low)]
      let b = unsafe lanes[Int(step.high)]
      let isSwapped = b .< a
      unsafe lanes[Int(step.low)] = a.replacing(with: b, where: isSwapped)
      unsafe lanes[Int(step.high)] = b.replacing(with: a, where: isSwapped)
    }
  }
}
