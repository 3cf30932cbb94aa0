/// Rows of bytes that stand for single-precision numbers, by a table.
///
/// The table has 256 numbers per channel; position `j` of a row is of channel `j % channelCount`. What
/// comes out is what the table says, so nothing is rounded here.
public enum ByteRows {
  /// Decodes bytes, the first of which is of channel 0.
  ///
  /// - Parameters:
  ///   - bytes: A whole number of times the channels.
  ///   - table: What bytes stand for.
  ///   - target: As many numbers as there are bytes.
  /// - Precondition: The table has 256 numbers per channel, at least one, and the sizes fit.
  /// - Complexity: O(`bytes.count`).
  public static func decode(
    _ bytes: Span<UInt8>, table: Span<Float>, into target: inout MutableSpan<Float>
  ) {
    let channelCount = channelCount(of: table)
    precondition(
      bytes.count == target.count && bytes.count % channelCount == 0,
      "ByteRows: \(bytes.count) bytes of \(channelCount) channels into \(target.count)")
    let count = bytes.count
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe table.withUnsafeBufferPointer { table in
        unsafe target.withUnsafeMutableBufferPointer { target in
          guard let bytes = bytes.baseAddress, let table = table.baseAddress,
            let target = target.baseAddress
          else { return }
          unsafe decode(bytes, count, table, channelCount, target)
        }
      }
    }
  }

  /// Decodes the rows with the given indices, in that order: samples of a shard into a batch.
  ///
  /// - Parameters:
  ///   - bytes: A whole number of rows of `columnCount` bytes.
  ///   - columnCount: The length of a row, a whole number of times the channels.
  ///   - table: What bytes stand for.
  ///   - indices: The rows; a row may occur more than once.
  ///   - rows: At least `indices.count × columnCount` values; the ones behind stay as they are.
  /// - Precondition: The table has 256 numbers per channel, the sizes fit, and every index is that of a
  ///   row.
  /// - Complexity: O(`indices.count` × `columnCount`).
  public static func gather(
    of bytes: Span<UInt8>, columnCount: Int, table: Span<Float>, indices: Span<Int>,
    into rows: inout MutableSpan<Float>
  ) {
    gather(of: bytes, columnCount, table, indices.count, into: &rows) { indices[$0] }
  }

  /// Decodes rows as ``gather(of:columnCount:table:indices:into:)`` does, by the places of rows.
  ///
  /// `places` has the row of `bytes` for each index that may occur.
  ///
  /// - Precondition: As there, every index is that of a place, and every place that of a row.
  public static func gather(
    of bytes: Span<UInt8>, columnCount: Int, table: Span<Float>, places: Span<Int>,
    indices: Span<Int>, into rows: inout MutableSpan<Float>
  ) {
    gather(of: bytes, columnCount, table, indices.count, into: &rows) { places[indices[$0]] }
  }

  @inline(__always)
  private static func gather(
    of bytes: Span<UInt8>, _ columnCount: Int, _ table: Span<Float>, _ count: Int,
    into rows: inout MutableSpan<Float>, row: (Int) -> Int
  ) {
    let channelCount = channelCount(of: table)
    precondition(
      columnCount >= 1 && columnCount % channelCount == 0 && bytes.count % columnCount == 0
        && rows.count >= count * columnCount,
      """
      ByteRows: \(count) rows of \(columnCount) bytes from \(bytes.count) bytes \
      into \(rows.count)
      """)
    let rowCount = bytes.count / columnCount
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe table.withUnsafeBufferPointer { table in
        unsafe rows.withUnsafeMutableBufferPointer { rows in
          for position in 0..<count {
            let index = row(position)
            precondition(index >= 0 && index < rowCount, "ByteRows: row \(index) of \(rowCount)")
            guard let bytes = bytes.baseAddress, let table = table.baseAddress,
              let target = rows.baseAddress
            else { return }
            unsafe decode(
              bytes + index &* columnCount, columnCount, table, channelCount,
              target + position &* columnCount)
          }
        }
      }
    }
  }

  private static func channelCount(of table: Span<Float>) -> Int {
    precondition(table.count >= 256 && table.count % 256 == 0, "a table of \(table.count) numbers")
    return table.count / 256
  }

  /// - Precondition: `count` is a whole number of times the channels.
  private static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ table: UnsafePointer<Float>,
    _ channelCount: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    guard channelCount > 1 else {
      for place in 0..<count { unsafe target[place] = table[Int(bytes[place])] }
      return
    }
    var place = 0
    while place < count {
      for channel in 0..<channelCount {
        unsafe target[place &+ channel] = table[channel &* 256 &+ Int(bytes[place &+ channel])]
      }
      place &+= channelCount
    }
  }
}
