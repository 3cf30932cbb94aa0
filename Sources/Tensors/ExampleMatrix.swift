public import Kernels

/// Examples, one per row: single-precision numbers, or bytes that stand for such numbers.
///
/// Images are bytes in their files, and stay bytes here: a quarter of the memory. Every value that is
/// read is the number that the byte stands for, the same bits as if all had been numbers from the start.
/// A change turns the rows into numbers first. A copy shares storage until one of the two is changed.
public struct ExampleMatrix: Sendable {
  private enum Storage: Sendable {
    case numbers(Matrix<Float>)
    /// Row-major bytes, and 256 numbers per channel that they stand for.
    case bytes([UInt8], table: [Float])
  }

  private var storage: Storage
  public let rowCount: Int
  public let columnCount: Int

  /// Rows of numbers.
  public init(_ matrix: Matrix<Float>) {
    rowCount = matrix.rowCount
    columnCount = matrix.columnCount
    storage = .numbers(matrix)
  }

  /// Rows of numbers.
  ///
  /// - Precondition: `values.count == rowCount * columnCount`
  public init(rowCount: Int, columnCount: Int, values: [Float]) {
    self.init(Matrix(rowCount: rowCount, columnCount: columnCount, values: values))
  }

  /// Rows of bytes, each of which stands for a 255th of it.
  ///
  /// - Precondition: `bytes.count == rowCount * columnCount`
  public init(rowCount: Int, columnCount: Int, bytes: [UInt8]) {
    self.init(rowCount, columnCount, bytes, table: (0..<256).map { Float($0) / 255 })
  }

  private init(_ rowCount: Int, _ columnCount: Int, _ bytes: [UInt8], table: [Float]) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && bytes.count == rowCount * columnCount,
      "\(rowCount)x\(columnCount) examples cannot hold \(bytes.count) bytes")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = .bytes(bytes, table: table)
  }

  /// The bytes, where the rows are bytes that nobody has changed.
  public var bytes: [UInt8]? {
    if case .bytes(let bytes, _) = storage { bytes } else { nil }
  }

  /// All rows as numbers; a copy where they are bytes.
  public var numbers: Matrix<Float> {
    switch storage {
    case .numbers(let matrix): return matrix
    case .bytes(let bytes, let table):
      var values = Float.zeros(bytes.count)
      Self.decode(bytes.span, table.span, into: &values)
      return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
    }
  }

  /// All numbers in row-major order; a copy where the rows are bytes.
  public var values: [Float] { numbers.values }

  private static func decode(
    _ bytes: Span<UInt8>, _ table: Span<Float>, into values: inout [Float]
  ) {
    var target = values.mutableSpan
    ByteRows.decode(bytes, table: table, into: &target)
  }

  // MARK: - Reading

  /// Calls `body` with the numbers of some rows, one after the other.
  ///
  /// - Parameters:
  ///   - rows: Which.
  ///   - scratch: Room for them where they are bytes; grows as it has to, and is kept.
  ///   - body: Gets their numbers.
  /// - Returns: What `body` returned.
  /// - Precondition: There are such rows.
  public func withRows<R>(
    _ rows: Range<Int>, scratch: inout [Float], _ body: (Span<Float>) -> R
  ) -> R {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "\(rows) of \(rowCount) rows")
    let range = rows.lowerBound * columnCount..<rows.upperBound * columnCount
    switch storage {
    case .numbers(let matrix): return body(matrix.span.extracting(range))
    case .bytes(let bytes, let table):
      if scratch.count < range.count { scratch = Float.zeros(range.count) }
      var all = scratch.mutableSpan
      var target = all._mutatingExtracting(0..<range.count)
      ByteRows.decode(bytes.span.extracting(range), table: table.span, into: &target)
      return body(scratch.span.extracting(0..<range.count))
    }
  }

  /// Calls `body` with the numbers of one row.
  public func withRow<R>(_ row: Int, _ body: (Span<Float>) -> R) -> R {
    var scratch: [Float] = []
    return withRows(row..<row + 1, scratch: &scratch, body)
  }

  /// Returns the numbers of one row.
  public func row(_ row: Int) -> [Float] { withRow(row) { Float.copied($0) } }

  /// Copies the rows with the given indices, in that order: samples of a shard into a batch.
  ///
  /// - Parameters:
  ///   - indices: The rows; a row may occur more than once.
  ///   - batch: At least `indices.count × columnCount` values; the ones behind stay as they are.
  /// - Precondition: The sizes fit, and every index is that of a row.
  public func gather(_ indices: Span<Int>, into batch: inout MutableSpan<Float>) {
    switch storage {
    case .numbers(let matrix):
      Vectors.gatherRows(
        of: matrix.span, columnCount: columnCount, indices: indices, into: &batch)
    case .bytes(let bytes, let table):
      ByteRows.gather(
        of: bytes.span, columnCount: columnCount, table: table.span, indices: indices,
        into: &batch)
    }
  }

  /// Returns some rows, in the given order; bytes stay bytes.
  public func selecting(_ rows: [Int]) -> ExampleMatrix {
    switch storage {
    case .numbers(let matrix): return ExampleMatrix(matrix.selecting(rows))
    case .bytes(let bytes, let table):
      var selected: [UInt8] = []
      selected.reserveCapacity(rows.count * columnCount)
      for row in rows {
        precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
        selected += bytes[row * columnCount..<(row + 1) * columnCount]
      }
      return ExampleMatrix(rows.count, columnCount, selected, table: table)
    }
  }

  // MARK: - Changing

  /// Calls `body` with all rows as numbers, to be changed in place.
  private mutating func withNumbers<R>(_ body: (inout Matrix<Float>) -> R) -> R {
    var matrix = numbers
    // Nobody else holds the numbers while they are changed.
    storage = .numbers(Matrix(rowCount: 0, columnCount: columnCount))
    defer { storage = .numbers(matrix) }
    return body(&matrix)
  }

  /// Calls `body` with the numbers of one row, to be changed in place.
  public mutating func withMutableRow<R>(
    _ row: Int, _ body: (inout MutableSpan<Float>) -> R
  ) -> R {
    withNumbers { $0.withMutableRow(row, body) }
  }

  /// Calls `body` with all numbers in row-major order, to be changed in place.
  public mutating func withMutableValues<R>(_ body: (inout MutableSpan<Float>) -> R) -> R {
    withNumbers { matrix in
      var values = matrix.mutableSpan
      return body(&values)
    }
  }

  /// Overwrites one row.
  ///
  /// - Precondition: `source.count == columnCount`
  public mutating func setRow(_ row: Int, to source: Span<Float>) {
    withNumbers { $0.setRow(row, to: source) }
  }

  /// Overwrites one row with a row of others.
  ///
  /// - Precondition: The rows are equally long.
  public mutating func setRow(_ row: Int, toRow source: Int, of other: ExampleMatrix) {
    other.withRow(source) { setRow(row, to: $0) }
  }

  /// Replaces every number by what `body` makes of it and of its place in a row.
  ///
  /// Bytes stay bytes, and stand for other numbers.
  ///
  /// - Parameters:
  ///   - channelCount: `body` makes the same of places that have the same remainder by it.
  ///   - body: Gets a number and its place in a row.
  /// - Precondition: `columnCount` is a whole number of times `channelCount`.
  public mutating func map(channelCount: Int, _ body: (Float, _ place: Int) -> Float) {
    precondition(
      channelCount >= 1 && columnCount % channelCount == 0,
      "\(columnCount) columns of \(channelCount) channels")
    switch storage {
    case .numbers:
      let columnCount = columnCount
      withMutableValues { values in
        for index in values.indices { values[index] = body(values[index], index % columnCount) }
      }
    case .bytes(let bytes, let table):
      let known = table.count / 256
      // Of one channel each, or of the same channels.
      let count = max(known, channelCount)
      precondition(count % known == 0 && count % channelCount == 0, "\(known) channels before")
      let mapped = (0..<count * 256).map { place in
        body(table[(place / 256 % known) * 256 + place % 256], place / 256)
      }
      storage = .bytes(bytes, table: mapped)
    }
  }
}

extension ExampleMatrix: Equatable {
  /// Whether all numbers are equal, whatever they are kept as.
  public static func == (a: Self, b: Self) -> Bool {
    guard a.rowCount == b.rowCount, a.columnCount == b.columnCount else { return false }
    if case .bytes(let mine, let table) = a.storage, case .bytes(let theirs, let other) = b.storage,
      table == other
    {
      return mine == theirs
    }
    return a.numbers == b.numbers
  }
}
