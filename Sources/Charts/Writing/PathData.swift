/// The data of a `<path>`, in the shorter of relative and absolute commands.
///
/// Steps of no length are left out, and horizontal steps in one direction are joined.
struct PathData {
  private(set) var text = ""
  /// In tenths of a pixel.
  private var here = (x: 0, y: 0)
  private var start = (x: 0, y: 0)
  /// The command that a pair of numbers alone would repeat.
  private var command: Character = " "
  private var pendingRun = 0
  /// Whether `here` is not where the last command ended.
  private var isLost = false
  /// To how many tenths places are rounded.
  private let grain: Int

  /// - Parameter isCoarse: whether places are whole pixels, which do for the edges of pale areas.
  init(isCoarse: Bool = false) { grain = isCoarse ? 10 : 1 }

  var isEmpty: Bool { text.isEmpty }

  /// The data, with all steps written.
  func finished() -> String {
    var copy = self
    copy.flush()
    return copy.text
  }

  mutating func move(to x: Double, _ y: Double) {
    flush()
    let next = place(x, y)
    let relative = Self.pair(next.x - here.x, next.y - here.y)
    let absolute = Self.pair(next.x, next.y)
    let isShorter = !text.isEmpty && !isLost && relative.utf8.count < absolute.utf8.count
    text += isShorter ? "m" + relative : "M" + absolute
    // Pairs that follow would be lines.
    command = isShorter ? "l" : "L"
    (here, start) = (next, next)
    isLost = false
  }

  mutating func line(to x: Double, _ y: Double) {
    let next = place(x, y)
    let step = (x: next.x - here.x, y: next.y - here.y)
    here = next
    switch step {
    case (0, 0): return
    case (_, 0):
      if pendingRun != 0, (pendingRun > 0) != (step.x > 0) { flush() }
      pendingRun += step.x
    case (0, _):
      flush()
      write("v", Pixels.text(tenths: step.y))
    default:
      flush()
      let relative = Self.pair(step.x, step.y)
      let absolute = Self.pair(next.x, next.y)
      let cost = relative.utf8.count + (command == "l" ? 0 : 1)
      if absolute.utf8.count + (command == "L" ? 0 : 1) < cost {
        write("L", absolute)
      } else {
        write("l", relative)
      }
    }
  }

  /// A line of no length, which round caps make a dot.
  mutating func dot() {
    flush()
    write("h", "0")
  }

  mutating func close() {
    flush()
    here = start
    text += "z"
    command = " "
  }

  /// A shape given by commands that are relative to its middle.
  mutating func shape(_ shape: String, at x: Double, _ y: Double) {
    move(to: x, y)
    text += shape
    command = " "
    // Where a shape ends is its own business.
    isLost = true
  }

  private func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    let scale = Double(grain)
    return (Pixels.tenths(x / scale) * grain, Pixels.tenths(y / scale) * grain)
  }

  private mutating func flush() {
    guard pendingRun != 0 else { return }
    let run = pendingRun
    pendingRun = 0
    write("h", Pixels.text(tenths: run))
  }

  private mutating func write(_ next: Character, _ numbers: String) {
    if next != command {
      text.append(next)
    } else if !numbers.hasPrefix("-") {
      text += " "
    }
    text += numbers
    command = next
  }

  private static func pair(_ x: Int, _ y: Int) -> String {
    let second = Pixels.text(tenths: y)
    return Pixels.text(tenths: x) + (second.hasPrefix("-") ? "" : " ") + second
  }
}
