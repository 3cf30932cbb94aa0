extension Plan {
  /// How many trials fit in memory at once; at least one.
  ///
  /// - Parameters:
  ///   - wanted: The most that would run.
  ///   - threads: What they share.
  ///   - limit: The memory.
  /// - Returns: A number from 1 to `wanted`.
  func trialsAtOnce(_ wanted: Int, threads: Int, in limit: MemoryLimit) -> Int {
    let largest = variants.map { $0.memory.least }.max() ?? 0
    let buffers = variants.map { $0.memory.thread }.max() ?? 0
    let left = limit.byteCount - buffers * Double(threads)
    guard largest > 0, Double(wanted) * largest > left else { return wanted }
    return max(1, min(wanted, Int(max(0, left / largest))))
  }
}
