import Markup

/// How far a run is, as text; clocks and terminals are the caller's.
public struct ProgressLine: Hashable, Sendable {
  /// Trials that have ended.
  public var doneCount: Int
  public var totalCount: Int
  /// Seconds since the first trial began.
  public var elapsed: Double
  /// The cell in hand, or the one that has just ended.
  public var cell: String

  /// - Precondition: `0 <= doneCount <= totalCount`
  public init(doneCount: Int, totalCount: Int, elapsed: Double, cell: String) {
    precondition(
      doneCount >= 0 && doneCount <= totalCount, "progress: \(doneCount) of \(totalCount)")
    self.doneCount = doneCount
    self.totalCount = totalCount
    self.elapsed = elapsed
    self.cell = cell
  }

  /// Seconds to go if trials keep taking as long as they did; `nil` before the first one ends.
  public var timeLeft: Double? {
    guard doneCount > 0, elapsed.isFinite, elapsed >= 0 else { return nil }
    return elapsed / Double(doneCount) * Double(totalCount - doneCount)
  }

  /// One line for a terminal: bar, count, share, time left, cell.
  ///
  /// The line has at most `width` columns and no line feed; the cell gives way first, then the
  /// bar, then the time. Nothing to do counts as done.
  public func bar(width: Int) -> String {
    let share = totalCount == 0 ? 100 : doneCount * 100 / totalCount
    let total = String(totalCount)
    let count = Printable.rightAligned(String(doneCount), to: total.count) + "/" + total
    let percent = Printable.rightAligned("\(share) %", to: 5)
    var line = "\(count)  \(percent)"
    guard Printable.width(line) <= width else { return Printable.cut(count, to: width) }
    let time = "  " + remainder
    if Printable.width(line + time) <= width { line += time }
    let room = width - Printable.width(line) - 2
    if room >= Self.leastBar { line = drawn(min(Self.mostBar, room)) + "  " + line }
    let rest = width - Printable.width(line) - 2
    let name = Printable.escaped(cell)
    if rest >= Self.leastCell, !name.isEmpty { line += "  " + Printable.cut(name, to: rest) }
    return line
  }

  /// One line for a log that is written now and then: count, share, time left, cell; no bar and no
  /// line feed.
  public func plain(unit: String) -> String {
    let total = String(totalCount)
    let share = totalCount == 0 ? 100 : doneCount * 100 / totalCount
    let count = Printable.rightAligned(String(doneCount), to: total.count) + "/" + total
    let line = "\(count) \(unit)  \(Printable.rightAligned("\(share) %", to: 5))  \(remainder)"
    return cell.isEmpty ? line : line + "  " + Printable.escaped(cell)
  }

  /// One line for a log: what ended and how, and how long the rest takes; no line feed.
  ///
  /// `outcome` is a word such as `ok`, `seconds` the time that the trial took.
  public func logLine(outcome: String, seed: Int, seconds: Double) -> String {
    let total = String(totalCount)
    let count = Printable.rightAligned(String(doneCount), to: total.count)
    return "[\(count)/\(total)] \(Printable.escaped(outcome)) \(Printable.escaped(cell))"
      + " seed=\(seed) in \(Durations.text(seconds)), \(remainder)"
  }

  private var remainder: String {
    if doneCount == totalCount { return "done in " + Durations.text(elapsed) }
    return timeLeft.map { Durations.text($0) + " left" } ?? "time left unknown"
  }

  private func drawn(_ length: Int) -> String {
    let filled = totalCount == 0 ? length : length * doneCount / totalCount
    return String(repeating: "█", count: filled) + String(repeating: "░", count: length - filled)
  }

  private static let leastBar = 8
  private static let mostBar = 30
  private static let leastCell = 8
}
