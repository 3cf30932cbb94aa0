import Kernels
import Testing

@testable import Tensors

/// Examples as bytes are the examples as numbers, to the bit.
@Suite struct ExampleMatrixTests {
  private static let bytes: [UInt8] = (0..<5 * 6).map { UInt8(truncatingIfNeeded: $0 * 89 + 3) }

  /// The same rows as bytes and as numbers.
  private func both(rowCount: Int = 5, columnCount: Int = 6) -> [ExampleMatrix] {
    let bytes = Array(Self.bytes.prefix(rowCount * columnCount))
    return [
      ExampleMatrix(rowCount: rowCount, columnCount: columnCount, bytes: bytes),
      ExampleMatrix(
        rowCount: rowCount, columnCount: columnCount, values: bytes.map { Float($0) / 255 }),
    ]
  }

  /// The five rows of six once more, as numbers that are so many that selected rows share them.
  private func many() -> ExampleMatrix {
    let few = both()[1].values
    let rest = [Float](repeating: 0.5, count: ExampleMatrix.sharedCount)
    return ExampleMatrix(
      rowCount: 5 + ExampleMatrix.sharedCount / 6, columnCount: 6,
      values: few + rest.prefix(ExampleMatrix.sharedCount / 6 * 6))
  }

  private func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  @Test func bytesAreTheirShareOfTheLargest() {
    let all = both()
    #expect(all[0].bytes == Self.bytes && all[1].bytes == nil)
    #expect(bits(all[0].values) == bits(all[1].values))
    #expect(all[0] == all[1] && all[1] == all[0])
    let every = ExampleMatrix(rowCount: 1, columnCount: 256, bytes: (0...255).map { UInt8($0) })
    #expect(bits(every.values) == bits((0...255).map { Float($0) / 255 }))
  }

  @Test func rowsAreReadInAnyWay() {
    let all = both()
    for row in 0..<5 { #expect(bits(all[0].row(row)) == bits(all[1].row(row))) }
    var scratch: [Float] = []
    for rows in [0..<5, 1..<3, 4..<5, 2..<2] {
      let read = all.map { $0.withRows(rows, scratch: &scratch) { Float.copied($0) } }
      #expect(bits(read[0]) == bits(read[1]) && read[0].count == rows.count * 6)
    }
    let order = [3, 0, 3, 4]
    let selected = all.map { $0.selecting(order) }
    #expect(selected[0] == selected[1] && selected[0].bytes?.count == 24)
    let batches = all.map { examples in
      var batch = [Float](repeating: -1, count: 25)
      var target = batch.mutableSpan
      examples.gather(order.span, into: &target)
      return batch
    }
    #expect(bits(batches[0]) == bits(batches[1]) && batches[0].last == -1)
    #expect(Array(batches[0].prefix(24)) == selected[0].values)
  }

  @Test(arguments: [1, 2, 3, 6]) func mappedBytesStayBytes(channelCount: Int) {
    var all = both()
    for place in all.indices {
      all[place].map(channelCount: channelCount) { ($0 - 0.25) / Float(1 + $1 % channelCount) }
    }
    #expect(all[0].bytes == Self.bytes && bits(all[0].values) == bits(all[1].values))
    // Once more, with channels that are there already.
    for place in all.indices { all[place].map(channelCount: 1) { value, _ in value * 3 } }
    #expect(all[0].bytes == Self.bytes && bits(all[0].values) == bits(all[1].values))
    #expect(bits(all[0].selecting([2]).values) == bits(all[1].selecting([2]).values))
    #expect(bits(all[0].row(4)) == bits(all[1].row(4)))
  }

  @Test func aChangeIsOfNumbersAndOfOneCopy() {
    let all = both()
    for examples in all {
      var copy = examples
      copy.withMutableRow(1) { $0[2] = 0.3 }
      copy.setRow(0, toRow: 4, of: examples)
      copy.setRow(2, to: [Float](repeating: 9, count: 6).span)
      var expected = examples.values
      expected.replaceSubrange(0..<6, with: examples.row(4))
      expected[8] = 0.3
      expected.replaceSubrange(12..<18, with: [Float](repeating: 9, count: 6))
      #expect(bits(copy.values) == bits(expected) && copy.bytes == nil)
      #expect(bits(examples.values) == bits(all[1].values) && copy != examples)
      copy.withMutableValues { values in
        for index in values.indices { values[index] = 1 }
      }
      #expect(copy.values == [Float](repeating: 1, count: 30))
      var matrix = Matrix<Float>(rowCount: 2, columnCount: 6)
      matrix.setRow(1, toRow: 3, of: examples)
      #expect(matrix.row(1) == examples.row(3) && matrix.row(0) == [Float](repeating: 0, count: 6))
    }
  }

  /// Selected rows share what they are of, and are read in every way as a copy of them is.
  @Test func selectedRowsAreThoseOfACopy() {
    let order = [4, 1, 1, 3, 0]
    for examples in both() + [many()] {
      let values = order.flatMap { examples.row($0) }
      let copy = ExampleMatrix(rowCount: 5, columnCount: 6, values: values)
      var view = examples.selecting(order)
      #expect(view == copy && bits(view.values) == bits(values))
      var scratch: [Float] = []
      for rows in [0..<5, 2..<4, 5..<5] {
        let read = view.withRows(rows, scratch: &scratch) { Float.copied($0) }
        #expect(bits(read) == bits(Array(values[rows.lowerBound * 6..<rows.upperBound * 6])))
      }
      var batch = [Float](repeating: -1, count: 19)
      var target = batch.mutableSpan
      view.gather([4, 0, 2].span, into: &target)
      #expect(bits(Array(batch.prefix(18))) == bits(copy.row(4) + copy.row(0) + copy.row(2)))
      #expect(batch[18] == -1)
      // Selected once more.
      #expect(view.selecting([4, 0]) == copy.selecting([4, 0]))
      #expect(view.selecting([2, 2]).bytes?.count == (examples.bytes == nil ? nil : 12))
      view.map(channelCount: 2) { $0 * 2 + Float($1 % 2) }
      var mapped = copy
      mapped.map(channelCount: 2) { $0 * 2 + Float($1 % 2) }
      #expect(bits(view.values) == bits(mapped.values))
      #expect(examples.row(4) == copy.row(0), "what was selected is as it was")
    }
  }

  /// Changes of a few numbers of a row and of all, twice, before and after a selection.
  @Test(arguments: [false, true]) func editedRowsAreThoseOfACopy(isSelectedFirst: Bool) {
    for examples in both() + (isSelectedFirst ? [many()] : []) {
      let order = [4, 1, 1, 3, 0]
      var edited = isSelectedFirst ? examples.selecting(order) : examples
      var copy = ExampleMatrix(edited.numbers)
      func change(_ body: (inout ExampleMatrix) -> Void) {
        body(&edited)
        body(&copy)
        #expect(bits(edited.values) == bits(copy.values) && edited == copy)
      }
      change { $0.withMutableRow(2) { $0[5] = -0.0 } }
      // The same row once more, another number of it; the first stays.
      change { $0.withMutableRow(2) { $0[1] = .infinity } }
      change { $0.setRow(0, to: [Float](repeating: 3, count: 6).span) }
      // What it was is no change at all.
      let before = edited.row(3)
      change { $0.setRow(3, to: before.span) }
      let all = edited
      change { $0.setRow(4, toRow: 2, of: all) }
      change { $0.map(channelCount: 3) { $0 - Float($1 % 3) } }
      var batch = [Float](repeating: -1, count: 30)
      var target = batch.mutableSpan
      edited.gather([2, 0, 2, 4, 1].span, into: &target)
      #expect(bits(batch) == bits([2, 0, 2, 4, 1].flatMap { copy.row($0) }))
      var scratch: [Float] = []
      let some = edited.withRows(1..<4, scratch: &scratch) { Float.copied($0) }
      #expect(bits(some) == bits(Array(copy.values[6..<24])))
      let part = edited.selecting([2, 4, 2])
      #expect(bits(part.values) == bits(copy.selecting([2, 4, 2]).values) && part.bytes == nil)
      // A change of the part is of the part alone.
      let values = edited.values
      var other = part
      other.withMutableRow(1) { $0[0] = 77 }
      #expect(other.row(1)[0] == 77 && part.row(1)[0] != 77 && bits(edited.values) == bits(values))
      #expect(Array(examples.values.prefix(30)) == both()[0].values)
      edited.withMutableValues { values in
        for index in values.indices { values[index] = 1 }
      }
      #expect(edited.values == [Float](repeating: 1, count: 30))
    }
  }

  @Test func emptyOnes() {
    for examples in [
      ExampleMatrix(rowCount: 0, columnCount: 6, bytes: []),
      ExampleMatrix(rowCount: 3, columnCount: 0, bytes: []),
    ] {
      #expect(examples.values.isEmpty)
      #expect(examples.selecting([]).rowCount == 0)
    }
  }

  @Test func sizesThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = ExampleMatrix(rowCount: 2, columnCount: 3, bytes: [1, 2, 3])
    }
    await #expect(processExitsWith: .failure) {
      _ = ExampleMatrix(rowCount: 1, columnCount: 3, bytes: [1, 2, 3]).selecting([1])
    }
    await #expect(processExitsWith: .failure) {
      _ = ExampleMatrix(rowCount: 2, columnCount: 3, values: [1, 2, 3, 4, 5, 6]).selecting([2])
    }
    await #expect(processExitsWith: .failure) {
      var examples = ExampleMatrix(rowCount: 2, columnCount: 3, bytes: [1, 2, 3, 4, 5, 6])
      examples.setRow(1, to: [1, 2].span)
    }
    await #expect(processExitsWith: .failure) {
      var batch = [Float](repeating: 0, count: 3)
      var target = batch.mutableSpan
      let some = ExampleMatrix(rowCount: 2, columnCount: 3, bytes: [1, 2, 3, 4, 5, 6]).selecting([1]
      )
      some.gather([1].span, into: &target)
    }
    await #expect(processExitsWith: .failure) {
      var batch = [Float](repeating: 0, count: 2)
      var target = batch.mutableSpan
      ExampleMatrix(rowCount: 1, columnCount: 3, bytes: [1, 2, 3]).gather([0].span, into: &target)
    }
    await #expect(processExitsWith: .failure) {
      var examples = ExampleMatrix(rowCount: 1, columnCount: 3, bytes: [1, 2, 3])
      examples.map(channelCount: 2) { value, _ in value }
    }
  }
}
