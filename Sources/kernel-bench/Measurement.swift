/// Returns the seconds that `body` takes per call, after one call that warms the caches.
///
/// On a machine with other work, short measurements repeated often are seldom interrupted: let the
/// calls fill less than a millisecond and take the median of many.
func secondsPerCall(calls: Int, _ body: () -> Void) -> Double {
  body()
  let start = ContinuousClock.now
  for _ in 0..<calls { body() }
  let elapsed = (ContinuousClock.now - start).components
  return (Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18) / Double(calls)
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
