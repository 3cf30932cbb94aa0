public import Kernels

/// Examples, one per row: single-precision numbers, or bytes that stand for such numbers.
///
/// Images are bytes in their files, and stay bytes here: a quarter of the memory. Every value that is
/// read is the number that the byte stands for, the same bits as if all had been numbers from the start.
///
/// A copy, and rows that are selected, share what they are of: examples that are dealt to many clients
/// are in memory once. What is changed in some rows is kept beside them. Few numbers are copied instead,
/// which is quicker.
public struct ExampleMatrix: Sendable {
  private enum Base: Sendable {
    case numbers(Matrix<Float>)
    /// Row-major bytes, and 256 numbers per channel that they stand for.
    case bytes([UInt8], table: [Float])
  }

  /// The least number of numbers that are shared by selected rows.
  static let sharedCount = 1 << 20

  private var base: Base
  /// The row of the base for each row; `nil`: the same one.
  private var places: [Int]?
  /// `nil`: the rows are those of the base.
  private var edits: RowEdits?
  public let rowCount: Int
  public let columnCount: Int

  /// Rows of numbers.
  public init(_ matrix: Matrix<Float>) {
    rowCount = matrix.rowCount
    columnCount = matrix.columnCount
    base = .numbers(matrix)
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
    precondition(
      rowCount >= 0 && columnCount >= 0 && bytes.count == rowCount * columnCount,
      "\(rowCount)x\(columnCount) examples cannot hold \(bytes.count) bytes")
    self.rowCount = rowCount
    self.columnCount = columnCount
    base = .bytes(bytes, table: (0..<256).map { Float($0) / 255 })
  }

  /// Some rows of others.
  private init(_ rows: [Int], of other: ExampleMatrix) {
    for row in rows {
      precondition(row >= 0 && row < other.rowCount, "row \(row) of \(other.rowCount)")
    }
    rowCount = rows.count
    columnCount = other.columnCount
    base = other.base
    places = other.places.map { places in rows.map { places[$0] } } ?? rows
    edits = other.edits?.selecting(rows)
  }

  /// The bytes, where the rows are bytes that nobody has changed; a copy where they were selected.
  public var bytes: [UInt8]? {
    guard case .bytes(let bytes, _) = base, edits == nil else { return nil }
    return places.map { places in
      var selected: [UInt8] = []
      selected.reserveCapacity(places.count * columnCount)
      for place in places { selected += bytes[place * columnCount..<(place + 1) * columnCount] }
      return selected
    } ?? bytes
  }

  /// All rows as numbers; a copy where they are bytes or have been selected.
  public var numbers: Matrix<Float> {
    if let dense { return dense }
    var values = Float.zeros(rowCount * columnCount)
    var target = values.mutableSpan
    read(0..<rowCount, into: &target)
    return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
  }

  /// All numbers in row-major order; a copy where ``numbers`` are.
  public var values: [Float] { numbers.values }

  /// The numbers where they are just these.
  private var dense: Matrix<Float>? {
    if case .numbers(let matrix) = base, places == nil, edits == nil { matrix } else { nil }
  }

  // MARK: - Reading

  /// Calls `body` with the numbers of some rows, one after the other.
  ///
  /// - Parameters:
  ///   - rows: Which.
  ///   - scratch: Room for them where they do not lie there as numbers; grows as it has to, and is kept.
  ///   - body: Gets their numbers.
  /// - Returns: What `body` returned.
  /// - Precondition: There are such rows.
  public func withRows<R>(
    _ rows: Range<Int>, scratch: inout [Float], _ body: (Span<Float>) -> R
  ) -> R {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "\(rows) of \(rowCount) rows")
    if let dense {
      return body(
        dense.span.extracting(rows.lowerBound * columnCount..<rows.upperBound * columnCount))
    }
    let count = rows.count * columnCount
    if scratch.count < count { scratch = Float.zeros(count) }
    var all = scratch.mutableSpan
    var target = all._mutatingExtracting(0..<count)
    read(rows, into: &target)
    return body(scratch.span.extracting(0..<count))
  }

  /// Calls `body` with the numbers of one row.
  public func withRow<R>(_ row: Int, _ body: (Span<Float>) -> R) -> R {
    var scratch: [Float] = []
    return withRows(row..<row + 1, scratch: &scratch, body)
  }

  /// Returns the numbers of one row.
  public func row(_ row: Int) -> [Float] { withRow(row) { Float.copied($0) } }

  /// Writes the numbers of some rows, as many as there is room for.
  private func read(_ rows: Range<Int>, into target: inout MutableSpan<Float>) {
    readBase(rows, into: &target)
    guard let edits else { return }
    for (turn, row) in rows.enumerated() {
      edits.apply(row, to: &target, at: turn * columnCount)
    }
  }

  /// Writes the numbers of some rows as they are without edits.
  private func readBase(_ rows: Range<Int>, into target: inout MutableSpan<Float>) {
    guard columnCount > 0, !rows.isEmpty else { return }
    switch base {
    case .numbers(let matrix):
      for (turn, row) in rows.enumerated() {
        let first = (places?[row] ?? row) * columnCount
        var part = target._mutatingExtracting(turn * columnCount..<(turn + 1) * columnCount)
        Memory.copy(matrix.span.extracting(first..<first + columnCount), into: &part)
      }
    case .bytes(let bytes, let table):
      guard let places else {
        ByteRows.decode(
          bytes.span.extracting(rows.lowerBound * columnCount..<rows.upperBound * columnCount),
          table: table.span, into: &target)
        return
      }
      for (turn, row) in rows.enumerated() {
        let first = places[row] * columnCount
        var part = target._mutatingExtracting(turn * columnCount..<(turn + 1) * columnCount)
        ByteRows.decode(
          bytes.span.extracting(first..<first + columnCount), table: table.span, into: &part)
      }
    }
  }

  /// Copies the rows with the given indices, in that order: samples of a shard into a batch.
  ///
  /// - Parameters:
  ///   - indices: The rows; a row may occur more than once.
  ///   - batch: At least `indices.count × columnCount` values; the ones behind stay as they are.
  /// - Precondition: The sizes fit, and every index is that of a row.
  public func gather(_ indices: Span<Int>, into batch: inout MutableSpan<Float>) {
    switch (base, places) {
    case (.numbers(let matrix), nil):
      Vectors.gatherRows(
        of: matrix.span, columnCount: columnCount, indices: indices, into: &batch)
    case (.numbers(let matrix), .some(let places)):
      Vectors.gatherRows(
        of: matrix.span, columnCount: columnCount, places: places.span, indices: indices,
        into: &batch)
    case (.bytes(let bytes, let table), nil):
      ByteRows.gather(
        of: bytes.span, columnCount: columnCount, table: table.span, indices: indices,
        into: &batch)
    case (.bytes(let bytes, let table), .some(let places)):
      ByteRows.gather(
        of: bytes.span, columnCount: columnCount, table: table.span, places: places.span,
        indices: indices, into: &batch)
    }
    guard let edits else { return }
    for turn in indices.indices {
      edits.apply(indices[turn], to: &batch, at: turn * columnCount)
    }
  }

  /// Returns some rows, in the given order, which share bytes and large numbers of numbers with these.
  ///
  /// - Precondition: There are such rows.
  public func selecting(_ rows: [Int]) -> ExampleMatrix {
    if let dense, dense.values.count < Self.sharedCount {
      return ExampleMatrix(dense.selecting(rows))
    }
    return ExampleMatrix(rows, of: self)
  }

  // MARK: - Changing

  /// Calls `body` with the numbers of one row, to be changed in place.
  public mutating func withMutableRow<R>(
    _ row: Int, _ body: (inout MutableSpan<Float>) -> R
  ) -> R {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    if dense != nil { return withNumbers { $0.withMutableRow(row, body) } }
    var old = Float.zeros(columnCount)
    var target = old.mutableSpan
    readBase(row..<row + 1, into: &target)
    var new = old
    var changed = new.mutableSpan
    edits?.apply(row, to: &changed, at: 0)
    let result = body(&changed)
    var edits = edits ?? RowEdits(rowCount: rowCount)
    // Nobody else holds them while they grow.
    self.edits = nil
    edits.set(row, to: new.span, insteadOf: old.span)
    self.edits = edits
    return result
  }

  /// Calls `body` with all numbers in row-major order, to be changed in place.
  ///
  /// Afterwards all of them are numbers of these rows alone.
  public mutating func withMutableValues<R>(_ body: (inout MutableSpan<Float>) -> R) -> R {
    withNumbers { matrix in
      var values = matrix.mutableSpan
      return body(&values)
    }
  }

  /// Calls `body` with all rows as numbers, to be changed in place.
  private mutating func withNumbers<R>(_ body: (inout Matrix<Float>) -> R) -> R {
    var matrix = numbers
    // Nobody else holds the numbers while they are changed.
    base = .numbers(Matrix(rowCount: 0, columnCount: columnCount))
    (places, edits) = (nil, nil)
    defer { base = .numbers(matrix) }
    return body(&matrix)
  }

  /// Overwrites one row.
  ///
  /// - Precondition: `source.count == columnCount`
  public mutating func setRow(_ row: Int, to source: Span<Float>) {
    precondition(source.count == columnCount, "\(source.count) values for \(columnCount) columns")
    withMutableRow(row) { target in Memory.copy(source, into: &target) }
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
    switch base {
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
      base = .bytes(bytes, table: mapped)
      edits?.map(body)
    }
  }
}

extension ExampleMatrix: Equatable {
  /// Whether all numbers are equal, whatever they are kept as.
  public static func == (a: Self, b: Self) -> Bool {
    guard a.rowCount == b.rowCount, a.columnCount == b.columnCount else { return false }
    if case .bytes(let mine, let table) = a.base, case .bytes(let theirs, let other) = b.base,
      table == other, a.edits == nil, b.edits == nil, a.places == b.places
    {
      return mine == theirs
    }
    return a.numbers == b.numbers
  }
}
