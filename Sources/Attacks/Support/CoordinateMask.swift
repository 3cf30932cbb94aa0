import Components
import Federation
import Training

/// Which coordinates an attacker trains: those that the last global step moved least.
///
/// Of d coordinates the floor(keep · d) of smallest |w_t − w_(t−1)| are kept, at least one; of equal
/// magnitudes the lower index first, NaN last. Signs do not count. In the first round there is no
/// direction yet, and all are kept.
struct CoordinateMask: Sendable {
  private let keep: Double
  private var direction = UpdateDirection()
  private var mask: GradientMask?
  /// The number of coordinates that are kept in the round; 0 before the first one.
  private(set) var keptCount = 0

  static func parameter(default keep: Double) -> ParameterSpec {
    ParameterSpec(
      "keep", .real(0...1), default: .real(keep),
      help: "share of the coordinates that are trained, those that the global step moved least")
  }

  init(keep: Double) { self.keep = keep }

  /// What masks gradients in this round; `nil` where all coordinates are trained.
  var hook: GradientMask? { mask }

  /// Takes in the global model of a round.
  ///
  /// - Complexity: O(d).
  mutating func observe(_ broadcast: Broadcast) {
    direction.observe(broadcast)
    guard broadcast.isActing else { return }
    guard let values = direction.values else {
      keptCount = broadcast.global.count
      return
    }
    keptCount = Self.count(keep, of: values.count)
    mask = Self.hook(keep: keep, by: values)
  }

  /// Passes over what the mask of the next round is made from.
  mutating func checkpoint(_ pass: inout CheckpointPass, parameterCount: Int) {
    direction.checkpoint(&pass, parameterCount: parameterCount)
  }

  /// Returns what masks all but the `keep` values of smallest magnitude; `nil` where that is none.
  ///
  /// - Complexity: O(d).
  static func hook(keep: Double, by values: [Float]) -> GradientMask? {
    let count = count(keep, of: values.count)
    return count == values.count ? nil : GradientMask(smallest(count, of: values))
  }

  /// Returns floor(keep · total), the product taken in decimal; at least 1.
  static func count(_ keep: Double, of total: Int) -> Int {
    max(1, DecimalShare(keep).count(of: total))
  }

  /// Marks the `count` values of smallest magnitude, of equal ones those of lower index.
  ///
  /// Counts the bits of the magnitudes, which order like them, instead of sorting: first the upper
  /// halves, then the lower halves within the one that holds the last value to keep.
  ///
  /// - Precondition: `0 <= count <= values.count`
  /// - Complexity: O(d), and 512 KiB.
  static func smallest(_ count: Int, of values: [Float]) -> [Bool] {
    guard count < values.count else { return [Bool](repeating: true, count: values.count) }
    let (upper, below) = Self.half(of: values, at: count) { Int($0 >> 16) }
    let (lower, equal) = Self.half(of: values, at: count - below) {
      Int($0 >> 16) == upper ? Int($0 & 0xffff) : nil
    }
    let limit = UInt32(upper) << 16 | UInt32(lower)
    var room = count - below - equal
    return values.map { value in
      let bits = value.magnitude.bitPattern
      if bits == limit && room > 0 {
        room -= 1
        return true
      }
      return bits < limit
    }
  }

  /// Returns the first half-word up to which more than `count` magnitudes lie, and how many lie below
  /// it.
  private static func half(
    of values: [Float], at count: Int, _ key: (UInt32) -> Int?
  ) -> (half: Int, below: Int) {
    var counts = [Int](repeating: 0, count: 1 << 16)
    for value in values {
      if let key = key(value.magnitude.bitPattern) { counts[key] += 1 }
    }
    var below = 0
    for half in counts.indices {
      guard below + counts[half] <= count else { return (half, below) }
      below += counts[half]
    }
    preconditionFailure("\(count) values to keep of \(below)")
  }
}
