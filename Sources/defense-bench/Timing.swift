/// What was measured of one component.
struct Timing {
  let name: String
  /// `rule`, `stage` or `training`.
  let kind: String
  let size: BenchSize
  let threads: Int
  let calls: [CallTimer.Call]
  /// A hash of the results of all calls: the same for two builds that compute the same.
  let bits: UInt64
  /// Why it was not measured.
  let reason: String?

  private var seconds: Double { Self.median(calls.map(\.seconds)) }
  private var processorSeconds: Double { Self.median(calls.map(\.processorSeconds)) }
  private var longest: Double { calls.map(\.seconds).reduce(0, max) }

  static func heading(_ size: BenchSize, threads: Int) -> String {
    """
    n = \(size.rowCount), d = \(size.columnCount), f = \(size.byzantineCount), \
    \(threads) threads; medians in ms
    \(padded("component", 22))\(leftPadded("time", 10))\(leftPadded("processor", 11))\
    \(leftPadded("longest", 10))
    """
  }

  /// A line of the table, in milliseconds.
  var row: String {
    let name = Self.padded(name, 22)
    if let reason { return name + "    skipped: " + reason }
    return name + Self.milliseconds(seconds, 10) + Self.milliseconds(processorSeconds, 11)
      + Self.milliseconds(longest, 10)
  }

  /// The same in seconds, as an object on one line.
  var json: String {
    let head = """
      {"component":"\(name)","kind":"\(kind)","n":\(size.rowCount),"d":\(size.columnCount),\
      "f":\(size.byzantineCount),"threads":\(threads)
      """
    if let reason {
      return head + ",\"skipped\":\"" + Self.escaped(reason) + "\"}"
    }
    return head + """
      ,"calls":\(calls.count),"seconds":\(seconds),"processor":\(processorSeconds),\
      "longest":\(longest),"bits":"\(String(bits, radix: 16))"}
      """
  }

  /// The middle value; the upper one of two.
  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\"", "\\": "\\\(character)"
      case "\n": "\\n"
      default: "\(character)"
      }
    }.joined()
  }

  private static func milliseconds(_ seconds: Double, _ width: Int) -> String {
    let tenths = Int((seconds * 1e4).rounded())
    return leftPadded("\(tenths / 10).\(tenths % 10)", width)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func leftPadded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
