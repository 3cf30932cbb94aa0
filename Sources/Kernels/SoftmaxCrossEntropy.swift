internal import Determinism

/// Softmax with the cross-entropy loss, one row of scores per sample.
///
/// *Operation order*, per row: the largest score is subtracted from each and the exponential taken as
/// `ElementaryFunctions.exp` on `Float` does. The exponential of class c is added in lane c mod 16,
/// ascending from +0; the lanes are added as 8 + 8, 4 + 4, 2 + 2, 1 + 1 (lane i and lane i + half).
/// A probability is one division by that sum.
///
/// *Edge cases*: a row with NaN, with +inf or with nothing but −inf gives NaN. Which NaN is not
/// specified. A label out of range traps.
public enum SoftmaxCrossEntropy {
  /// Replaces scores by the gradient of the mean loss, `(p − onehot(label)) × (1 / batchCount)`.
  ///
  /// - Parameters:
  ///   - logits: `batchCount × classCount` scores; the gradient by them afterwards.
  ///   - labels: One class index per sample.
  ///   - batchCount: The number of samples; 0 does nothing.
  ///   - classCount: The number of classes.
  /// - Precondition: The spans hold at least as many values; labels are in `0 ..< classCount`.
  /// - Complexity: O(`batchCount` × `classCount`).
  public static func gradient(
    replacing logits: inout MutableSpan<Float>, labels: Span<Int>, batchCount: Int, classCount: Int
  ) {
    check(logits.count, labels.count, batchCount, classCount)
    let share = 1 / Float(batchCount)
    unsafe logits.withUnsafeMutableBufferPointer { logits in
      for row in 0..<batchCount {
        let label = checked(labels[row], classCount)
        let scores = unsafe UnsafeMutableBufferPointer(
          rebasing: logits[(row * classCount)...])
        _ = unsafe softmax(scores, classCount, subtractingAt: label, scale: share)
      }
    }
  }

  /// Does what `gradient` does and returns the summed loss.
  ///
  /// The loss of a sample is `log(sum) − (score[label] − largest)` in `Double`, over the `Float` sum
  /// of exponentials and the `Float` difference; samples are added in ascending order.
  ///
  /// - Parameters:
  ///   - logits: `batchCount × classCount` scores; the gradient of the *mean* loss afterwards.
  ///   - labels: One class index per sample.
  ///   - batchCount: The number of samples; 0 gives a loss of 0.
  ///   - classCount: The number of classes.
  /// - Returns: The sum of the losses, in nats.
  /// - Precondition: The spans hold at least as many values; labels are in `0 ..< classCount`.
  /// - Complexity: O(`batchCount` × `classCount`).
  public static func lossAndGradient(
    replacing logits: inout MutableSpan<Float>, labels: Span<Int>, batchCount: Int, classCount: Int
  ) -> Double {
    check(logits.count, labels.count, batchCount, classCount)
    let share = 1 / Float(batchCount)
    var loss = 0.0
    unsafe logits.withUnsafeMutableBufferPointer { logits in
      for row in 0..<batchCount {
        let label = checked(labels[row], classCount)
        let scores = unsafe UnsafeMutableBufferPointer(
          rebasing: logits[(row * classCount)...])
        let score = unsafe scores[label]
        let (largest, sum) = unsafe softmax(
          scores, classCount, subtractingAt: label, scale: share)
        loss += ElementaryFunctions.log(Double(sum)) - Double(score - largest)
      }
    }
    return loss
  }

  /// Replaces scores by class probabilities.
  ///
  /// - Parameters:
  ///   - logits: `batchCount × classCount` scores; probabilities afterwards.
  ///   - batchCount: The number of samples; 0 does nothing.
  ///   - classCount: The number of classes.
  /// - Precondition: The span holds at least as many values.
  /// - Complexity: O(`batchCount` × `classCount`).
  public static func probabilities(
    replacing logits: inout MutableSpan<Float>, batchCount: Int, classCount: Int
  ) {
    check(logits.count, batchCount, batchCount, classCount)
    unsafe logits.withUnsafeMutableBufferPointer { logits in
      for row in 0..<batchCount {
        let scores = unsafe UnsafeMutableBufferPointer(
          rebasing: logits[(row * classCount)...])
        _ = unsafe softmax(scores, classCount, subtractingAt: nil, scale: 1)
      }
    }
  }

  /// Writes the index of the largest score of each row.
  ///
  /// Ties go to the lowest class. A row with any score that is not finite gives −1, which equals no
  /// label and so counts as wrong.
  ///
  /// - Parameters:
  ///   - scores: `batchCount × classCount` values.
  ///   - classes: At least `batchCount` values, of which the first `batchCount` are overwritten.
  ///   - batchCount: The number of samples.
  ///   - classCount: The number of classes.
  /// - Precondition: The spans hold at least as many values.
  /// - Complexity: O(`batchCount` × `classCount`).
  public static func argmax(
    _ scores: Span<Float>, into classes: inout MutableSpan<Int>, batchCount: Int, classCount: Int
  ) {
    check(scores.count, classes.count, batchCount, classCount)
    unsafe scores.withUnsafeBufferPointer { scores in
      for row in 0..<batchCount {
        // Without branches, since nothing predicts which class wins.
        var (best, largest) = (0, -Float.infinity)
        var check: Float = 0
        for index in 0..<classCount {
          let score = unsafe scores[row &* classCount &+ index]
          let isLarger = score > largest
          best = isLarger ? index : best
          largest = isLarger ? score : largest
          // 0 as long as all are finite, NaN from the first on that is not.
          check += score * 0
        }
        classes[row] = check == 0 ? best : -1
      }
    }
  }

  private static func check(
    _ valueCount: Int, _ labelCount: Int, _ batchCount: Int, _ classCount: Int
  ) {
    precondition(
      batchCount >= 0 && classCount >= 1 && valueCount >= batchCount * classCount
        && labelCount >= batchCount,
      """
      SoftmaxCrossEntropy: \(batchCount) × \(classCount) with \(valueCount) scores, \
      \(labelCount) labels
      """)
  }

  private static func checked(_ label: Int, _ classCount: Int) -> Int {
    precondition(
      label >= 0 && label < classCount, "SoftmaxCrossEntropy: label \(label) of \(classCount)")
    return label
  }
}

private typealias Eight = SIMD8<Float>

/// Sixteen lanes as two vectors; halves of one vector would make the compiler split all of it.
private struct Lanes {
  var low: Eight
  var high: Eight

  /// Reads up to sixteen scores; missing ones are −inf, whose exponential is +0.
  ///
  /// `available` values may be read, of which `count` belong to the row.
  @inline(__always)
  init(_ pointer: UnsafeMutablePointer<Float>, _ count: Int, _ available: Int) {
    guard available >= 16 else {
      self = unsafe Lanes.last(pointer, count)
      return
    }
    unsafe low = UnsafeRawPointer(pointer).loadUnaligned(as: Eight.self)
    unsafe high = UnsafeRawPointer(pointer + 8).loadUnaligned(as: Eight.self)
    let bound = Eight(repeating: Float(count))
    let missing = Eight(repeating: -.infinity)
    low.replace(with: missing, where: Lanes.indices .>= bound)
    high.replace(with: missing, where: Lanes.indices + Eight(repeating: 8) .>= bound)
  }

  @inline(__always)
  init(low: Eight, high: Eight) {
    self.low = low
    self.high = high
  }

  /// The last rows of a matrix, behind which nothing may be read.
  @inline(never)
  private static func last(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) -> Lanes {
    var lanes = Lanes(
      low: Eight(repeating: -.infinity), high: Eight(repeating: -.infinity))
    for index in 0..<min(count, 8) { unsafe lanes.low[index] = pointer[index] }
    for index in 8..<max(count, 8) { unsafe lanes.high[index - 8] = pointer[index] }
    return lanes
  }

  @inline(__always)
  static var indices: Eight { Eight(0, 1, 2, 3, 4, 5, 6, 7) }

  /// Writes the first `count` lanes, or all sixteen, without touching what lies behind.
  @inline(__always)
  func store(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let raw = UnsafeMutableRawPointer(pointer)
    if count >= 8 {
      unsafe raw.storeBytes(of: low, as: Eight.self)
      if count >= 16 {
        unsafe (raw + 32).storeBytes(of: high, as: Eight.self)
      } else {
        unsafe Lanes.store(high, pointer + 8, count &- 8)
      }
    } else {
      unsafe Lanes.store(low, pointer, count)
    }
  }

  @inline(__always)
  private static func store(
    _ lanes: Eight, _ pointer: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    if count > 0 { unsafe pointer[0] = lanes[0] }
    if count > 1 { unsafe pointer[1] = lanes[1] }
    if count > 2 { unsafe pointer[2] = lanes[2] }
    if count > 3 { unsafe pointer[3] = lanes[3] }
    if count > 4 { unsafe pointer[4] = lanes[4] }
    if count > 5 { unsafe pointer[5] = lanes[5] }
    if count > 6 { unsafe pointer[6] = lanes[6] }
  }

  /// The sum in the order that `SoftmaxCrossEntropy` states.
  @inline(__always)
  var total: Float {
    let e = low + high
    return ((e[0] + e[4]) + (e[2] + e[6])) + ((e[1] + e[5]) + (e[3] + e[7]))
  }

  /// The largest lane that is not NaN.
  @inline(__always)
  var maximum: Float {
    let e = low.replacing(with: high, where: high .> low)
    return larger(
      larger(larger(e[0], e[4]), larger(e[2], e[6])),
      larger(larger(e[1], e[5]), larger(e[3], e[7])))
  }

  /// Exponentials of the differences to `top`; +0 from lane `count` on.
  ///
  /// Those lanes are not computed as exponentials of −inf: a product that underflows takes longer.
  @inline(__always)
  func powers(from top: Float, _ count: Int) -> Lanes {
    let bound = Eight(repeating: Float(count))
    let (isLowMissing, isHighMissing) = (
      Lanes.indices .>= bound, Lanes.indices + Eight(repeating: 8) .>= bound
    )
    let zero = Eight(repeating: 0)
    let top = Eight(repeating: top)
    var result = Lanes(
      low: exponential((low - top).replacing(with: zero, where: isLowMissing)),
      high: exponential((high - top).replacing(with: zero, where: isHighMissing)))
    result.low.replace(with: zero, where: isLowMissing)
    result.high.replace(with: zero, where: isHighMissing)
    return result
  }

  /// Divides by the sum, then subtracts one at the label and scales, if there is a label.
  @inline(__always)
  func share(of sum: Float, _ offset: Int, _ label: Int?, _ scale: Float) -> Lanes {
    let divisor = Eight(repeating: sum)
    var result = Lanes(low: low / divisor, high: high / divisor)
    guard let label else { return result }
    let position = Eight(repeating: Float(label &- offset))
    let one = Eight(repeating: 1)
    let factor = Eight(repeating: scale)
    result.low.replace(with: result.low - one, where: Lanes.indices .== position)
    result.high.replace(
      with: result.high - one, where: Lanes.indices + Eight(repeating: 8) .== position)
    return Lanes(low: result.low * factor, high: result.high * factor)
  }
}

@inline(__always)
private func larger(_ x: Float, _ y: Float) -> Float { y > x ? y : x }

/// Replaces the first `count` scores by `(p − [index = label]) × scale`, or by p without a label.
///
/// `scores` reaches to the end of the matrix, so that a short row can be read as a whole vector.
private func softmax(
  _ scores: UnsafeMutableBufferPointer<Float>, _ count: Int, subtractingAt label: Int?,
  scale: Float
) -> (largest: Float, sum: Float) {
  guard let row = scores.baseAddress else { return (.nan, .nan) }
  let available = scores.count
  let first = unsafe Lanes(row, count, available)
  if count <= 16 {
    // The common case keeps the row in registers.
    let top = first.maximum
    let powers = first.powers(from: top, count)
    let sum = powers.total
    unsafe powers.share(of: sum, 0, label, scale).store(row, count)
    return (top, sum)
  }
  var top = first.maximum
  for offset in stride(from: 16, to: count, by: 16) {
    let next = unsafe Lanes(row + offset, count &- offset, available &- offset)
    top = larger(top, next.maximum)
  }
  var sums = Lanes(low: Eight(repeating: 0), high: Eight(repeating: 0))
  for offset in stride(from: 0, to: count, by: 16) {
    let powers = unsafe Lanes(row + offset, count &- offset, available &- offset)
      .powers(from: top, count &- offset)
    unsafe powers.store(row + offset, count &- offset)
    sums = Lanes(low: sums.low + powers.low, high: sums.high + powers.high)
  }
  let sum = sums.total
  for offset in stride(from: 0, to: count, by: 16) {
    let powers = unsafe Lanes(row + offset, count &- offset, available &- offset)
    unsafe powers.share(of: sum, offset, label, scale).store(row + offset, count &- offset)
  }
  return (top, sum)
}

/// The exponential of `ElementaryFunctions` on `Float`, step by step in lanes.
///
/// The constants are written out again: across modules they would be calls. A test compares the bits.
@inline(__always)
func exponential(_ x: SIMD8<Float>) -> SIMD8<Float> {
  var bounded = x
  let (upper, lower) = (Eight(repeating: 89), Eight(repeating: -104))
  bounded.replace(with: upper, where: bounded .> upper)
  bounded.replace(with: lower, where: bounded .< lower)
  let origin = Eight(repeating: 0x1.8p23)
  let shifted = bounded * Eight(repeating: 0x1.715476p+0) + origin
  let k = shifted - origin
  let high = bounded.addingProduct(k, Eight(repeating: -0x1.62e4p-1))
  let r = high.addingProduct(k, Eight(repeating: -0x1.7f7d1cp-20))
  var p = Eight(repeating: 0x1.6d1122p-10)
  p = Eight(repeating: 0x1.120b86p-7).addingProduct(p, r)
  p = Eight(repeating: 0x1.55551ap-5).addingProduct(p, r)
  p = Eight(repeating: 0x1.5554dcp-3).addingProduct(p, r)
  p = Eight(repeating: 0x1.0p-1).addingProduct(p, r)
  let value = Eight(repeating: 1) + r.addingProduct(r * r, p)
  // The low bits of `shifted` hold k as an integer.
  let exponent = bits(shifted) &- bits(origin)
  let half = exponent &>> 1
  return value * powerOfTwo(half) * powerOfTwo(exponent &- half)
}

@inline(__always)
private func bits(_ vector: Eight) -> SIMD8<Int32> {
  unsafe unsafeBitCast(vector, to: SIMD8<Int32>.self)
}

@inline(__always)
private func powerOfTwo(_ exponent: SIMD8<Int32>) -> Eight {
  unsafe unsafeBitCast((exponent &+ 127) &<< 23, to: Eight.self)
}
