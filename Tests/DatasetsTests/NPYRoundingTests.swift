import Datasets
import Tensors
import Testing

@Suite struct NPYRoundingTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Reads a matrix of float64, whose values are given in the order of the file.
  func read(_ values: [Double], rowCount: Int, isFortranOrder: Bool = false) throws
    -> Matrix<Float>
  {
    let header = """
      {'descr': '<f8', 'fortran_order': \(isFortranOrder ? "True" : "False"), \
      'shape': (\(rowCount), \(values.count / rowCount))}
      """
    let data = values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    return try NPYFile.readFloats(
      scratch.write(NPYReadingTests.file(header: header, data: data), to: "a.npy"))
  }

  func failure(_ values: [Double], rowCount: Int, isFortranOrder: Bool = false) throws -> String {
    let error = #expect(throws: DatasetError.self) {
      try read(values, rowCount: rowCount, isFortranOrder: isFortranOrder)
    }
    let text = try #require(error).description
    let path = scratch.path + "/a.npy: "
    #expect(text.hasPrefix(path))
    return String(text.dropFirst(path.count))
  }

  @Test func everyValueIsRoundedOnceToNearest() throws {
    // Any sign and fraction, and exponents from below the least to the largest of single precision.
    var values = (0..<50_000).map { index in
      let bits = UInt64(index) &* 0x9e37_79b9_7f4a_7c15
      let exponent = UInt64(1023 - 155 + index % 282)
      return Double(bitPattern: bits & ~(0x7ff << 52) | exponent << 52)
    }
    // To even where two are as near; the largest that is not yet infinite; the least that is not yet
    // zero, and zeros; what is not finite.
    values += [0x1.000001p0, 0x1.000003p0, 0x1.fffffefffffffp127, -0x1.fffffefffffffp127]
    values += [0x1.0000000000001p-150, 0, -0.0, .nan, .infinity, -.infinity]
    let found = try read(values, rowCount: 1).values
    #expect(found.count == values.count)
    #expect(zip(found, values).allSatisfy { $0.bitPattern == Float($1).bitPattern || $1.isNaN })
    #expect(zip(found, values).allSatisfy { $0.isNaN == $1.isNaN })
    let last = Array(found.suffix(10).prefix(7))
    let largest = Float.greatestFiniteMagnitude
    #expect(last == [1, 0x1.000004p0, largest, -largest, 0x1p-149, 0, 0])
  }

  @Test(arguments: ["c", "fortran"])
  func overflowNamesRowAndColumn(order: String) throws {
    let path = try Fixture.path("wide-\(order).npy")
    #expect(
      throws: DatasetError.malformed(
        path: path, reason: "row 2, column 1 is -1e+199, outside single precision")
    ) { try NPYFile.readFloats(path) }
  }

  @Test(arguments: ["c", "fortran"])
  func vanishingRowIsNamed(order: String) throws {
    let path = try Fixture.path("tiny-\(order).npy")
    #expect(
      throws: DatasetError.malformed(
        path: path,
        reason: "row 1 is not zero, but all of it rounds to zero in single precision")
    ) { try NPYFile.readFloats(path) }
  }

  @Test func firstLossInTheOrderOfTheFileIsNamed() throws {
    let values = [1, 2, 1e300, 4, -1e299, 6]
    #expect(
      try failure(values, rowCount: 2) == "row 0, column 2 is 1e+300, outside single precision")
    #expect(
      try failure(values, rowCount: 2, isFortranOrder: true)
        == "row 0, column 1 is 1e+300, outside single precision")
    // Exactly between the largest number and what would follow it.
    #expect(
      try failure([1, 0x1.ffffffp127], rowCount: 1)
        == "row 0, column 1 is 3.4028235677973366e+38, outside single precision")
    // Behind the first piece of the reader.
    var many = [Double](repeating: 0.5, count: 60_000)
    many[2 * 20_000 + 17] = -1e199
    #expect(
      try failure(many, rowCount: 3) == "row 2, column 17 is -1e+199, outside single precision")
  }

  @Test func rowsThatAreZeroOrKeepAValueAreRead() throws {
    let tiny = 0x1p-150
    #expect(try read([0, -0.0, tiny, 1], rowCount: 2) == Matrix(rows: [[0, 0], [0, 1]]))
    #expect(
      try read([tiny, 0, 1, -0.0], rowCount: 2, isFortranOrder: true)
        == Matrix(rows: [[0, 1], [0, 0]]))
    #expect(try read([tiny, .nan], rowCount: 1).values[1].isNaN)
    #expect(try failure([1, 2, 0, tiny], rowCount: 2).hasPrefix("row 1 is not zero"))
    #expect(
      try failure([1, 0, tiny, -tiny], rowCount: 2, isFortranOrder: true)
        .hasPrefix("row 1 is not zero"))
  }
}
