#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Returns the processor seconds that `body` takes per call, after one call that warms the caches.
///
/// Time in which other programs have the core does not count; what they do to the caches does, so
/// let the calls fill some tenths of a millisecond and take the median of many.
func secondsPerCall(calls: Int, _ body: () -> Void) -> Double {
  body()
  let start = clock()
  for _ in 0..<calls { body() }
  return Double(clock() - start) / Double(CLOCKS_PER_SEC) / Double(calls)
}

/// Returns the middle value; the upper one of two.
func median(_ values: [Double]) -> Double {
  values.sorted()[values.count / 2]
}

/// Returns `value` with one decimal, padded on the left.
func column(_ value: Double, _ width: Int) -> String {
  let tenths = Int((value * 10).rounded())
  return pad("\(tenths / 10).\(abs(tenths % 10))", width)
}

/// Returns `text` padded on the left.
func pad(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Returns `text` padded on the right.
func label(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// Prints the processor time of a kernel, if known for each of `elementCount` pairs and columns, and
/// how many times longer another form takes, both measured in turn.
func compare(
  _ name: String, repetitions: Int, elementCount: Int? = nil, fast: () -> Void,
  plain: () -> Void, plainName: String = "the plain form"
) {
  var times: [Double] = []
  var ratios: [Double] = []
  for _ in 0..<repetitions {
    let time = secondsPerCall(calls: 1, fast)
    times.append(time)
    ratios.append(secondsPerCall(calls: 1, plain) / time)
  }
  let time = median(times)
  let each = elementCount.map { time / Double($0) * 1e12 }
  print(
    label(name, 30) + column(time * 1e3, 8) + " ms, \(plainName) takes" + column(median(ratios), 6)
      + " times as long" + (each.map { ";" + column($0, 6) + " ps a pair and column" } ?? ""))
}
