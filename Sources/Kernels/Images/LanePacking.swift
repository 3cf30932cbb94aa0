/// Copies of small matrices whose rows are whole vectors of eight.
enum LanePacking {
  /// Writes each row with +0 behind it up to `lanes` values.
  static func widen(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, lanes: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let to = unsafe target + row &* lanes
      unsafe to.update(from: source + row &* columns, count: columns)
      for lane in columns..<lanes { unsafe to[lane] = 0 }
    }
  }

  /// Writes the first `columns` values of each row, and nothing in between.
  static func narrow(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, lanes: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      unsafe (target + row &* columns).update(from: source + row &* lanes, count: columns)
    }
  }
}
