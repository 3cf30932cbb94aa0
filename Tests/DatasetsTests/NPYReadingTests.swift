import Datasets
import Tensors
import Testing

@Suite struct NPYReadingTests {
  /// What `npy_files.py` writes.
  static let floats = Matrix<Float>(
    rows: (0..<3).map { row in (0..<4).map { Float(10 * row + $0) + 0.25 } })

  @Test(arguments: ["c", "fortran"], ["little", "big"])
  func orderDoesNotMatter(order: String, endian: String) throws {
    #expect(try NPYFile.readFloats(Fixture.path("\(endian)-f4-\(order).npy")) == Self.floats)
    #expect(try NPYFile.readFloats(Fixture.path("\(endian)-f8-\(order).npy")) == Self.floats)
  }

  @Test func laterVersionsAreRead() throws {
    #expect(try NPYFile.readFloats(Fixture.path("version-2.npy")) == Self.floats)
    #expect(try NPYFile.readFloats(Fixture.path("version-3.npy")) == Self.floats)
  }

  @Test func vectorIsOneRow() throws {
    let row = Matrix<Float>(rows: [[10.25, 11.25, 12.25, 13.25]])
    #expect(try NPYFile.readFloats(Fixture.path("vector.npy")) == row)
    let first = Matrix<Float>(rows: [[0.25, 1.25, 2.25, 3.25]])
    #expect(try NPYFile.readFloats(Fixture.path("one-row-fortran.npy")) == first)
  }

  @Test func nonFiniteValuesArePassedOn() throws {
    let matrix = try NPYFile.readFloats(Fixture.path("special.npy"))
    #expect(matrix.row(0)[1].isNaN)
    #expect(matrix.row(1)[2] == .infinity)
    #expect(matrix.row(2)[3] == -.infinity)
    #expect(matrix.values.count { $0.isFinite } == 9)
  }

  @Test(arguments: [
    ("object", ["pickled Python objects ('|O')", "never read"]),
    ("int64", ["int64 ('<i8')", "float32 and float64"]),
    ("uint8", ["uint8 ('|u1')"]),
    ("float16", ["float16 ('<f2')"]),
    ("bool", ["booleans ('|b1')"]),
    ("complex64", ["complex64 ('<c8')"]),
    ("text", ["text ('<U1')"]),
    ("records", ["records with fields"]),
    ("three-d", ["(2, 3, 4)", "3 dimensions", "(rows, columns)"]),
    ("zero-d", ["()", "0 dimensions"]),
    ("no-rows", ["(0, 4)", "no elements"]),
    ("no-columns", ["(4, 0)", "no elements"]),
  ])
  func refusalSaysWhatWasFound(name: String, message: [String]) throws {
    let path = try Fixture.path("refused-\(name).npy")
    let error = #expect(throws: DatasetError.self) { try NPYFile.readFloats(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path))
    for part in message { #expect(text.contains(part), "\(text)") }
  }

  /// Puts a header text of version 1.0 in front of data.
  static func file(header: String, data: [UInt8] = [], version: [UInt8] = [1, 0]) -> [UInt8] {
    let length = header.utf8.count
    var size = [UInt8(length & 0xff), UInt8(length >> 8 & 0xff)]
    if version != [1, 0] { size += [UInt8(length >> 16 & 0xff), 0] }
    return [0x93] + Array("NUMPY".utf8) + version + size + Array(header.utf8) + data
  }

  func failure(reading bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.write(bytes, to: "matrix.npy")
    let error = #expect(throws: DatasetError.self) { try NPYFile.readFloats(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path + ": "))
    return text
  }

  @Test func wrongSizesNameExpectedAndFound() throws {
    let bytes = try Fixture.bytes("little-f4-c.npy")
    #expect(try failure(reading: bytes.dropLast()).contains("short file"))
    #expect(
      try failure(reading: bytes.dropLast(8)).contains(
        "3 x 4 elements of 4 bytes expect 48 bytes, found 40"))
    #expect(
      try failure(reading: bytes + [0]).contains(
        "extra bytes: 3 x 4 elements of 4 bytes expect 48 bytes, found 49"))
    #expect(try failure(reading: []).contains("the file is empty"))
    #expect(try failure(reading: [0x93, 0x4e]).contains("wrong magic"))
    #expect(try failure(reading: Array("PK\u{3}\u{4}aaaaaaa".utf8)).contains("wrong magic"))
    #expect(try failure(reading: Array(bytes.prefix(40))).contains("ends in the header"))
    #expect(
      try failure(reading: Array(bytes.prefix(6)) + [4, 0] + bytes.dropFirst(8)).contains(
        "version 4.0"))
  }

  @Test(arguments: [
    ("", "ends early"),
    ("{", "ends early"),
    ("[1]", "not a dictionary"),
    ("{'descr': '<f4'}", "found descr"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "found descr"),
    ("{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}", "found descr, descr, shape"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} 1", "unexpected text at byte 56"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "neither True nor False"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': 1}", "not a tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", "not a tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "no size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ('1',)}", "no size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}", "expected a comma"),
    ("{'descr': '<f4' 'fortran_order': False, 'shape': (1, 1)}", "expected a comma"),
    ("{'descr' '<f4', 'fortran_order': False, 'shape': (1, 1)}", "expected a colon"),
    ("{'descr': '<f4, ", "unfinished string"),
    ("{'descr': '<f4', 'fortran_order': Perhaps, 'shape': (1,)}", "unexpected text"),
    ("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}", "unexpected text"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "too large"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 2)}",
      "absurd size"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000000,)}",
      "absurd size"
    ),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}", "short file"),
    (String(repeating: "(", count: 60_000), "too deeply nested"),
  ])
  func malformedHeaderIsExplained(header: String, message: String) throws {
    let text = try failure(reading: Self.file(header: header))
    #expect(text.contains(message), "\(text)")
  }

  @Test func oversizeHeaderIsRefused() throws {
    let text = try failure(
      reading: Self.file(header: String(repeating: " ", count: 70_000), version: [2, 0]))
    #expect(text.contains("header of 70000 bytes"))
  }

  @Test func unusualButValidHeadersAreRead() throws {
    let scratch = try Scratch()
    let data: [UInt8] = [0, 0, 128, 63]
    for header in [
      "{\"shape\":(1,1),\"descr\":\"<f4\",\"fortran_order\":True}",
      "{ 'descr' : '<f4' , 'fortran_order' : False , 'shape' : [ 1L , ] , }\n",
    ] {
      let path = try scratch.write(Self.file(header: header, data: data), to: "matrix.npy")
      #expect(try NPYFile.readFloats(path) == Matrix(rows: [[1]]))
    }
  }

  @Test func everyFlippedOrMissingByteIsHandled() throws {
    let scratch = try Scratch()
    let whole = try Fixture.bytes("little-f8-fortran.npy")
    var accepted = 0
    for index in whole.indices {
      for damage in [1, 4, 0x20, 0x80, 0xff, nil] as [UInt8?] {
        var bytes = Array(whole.prefix(index))
        if let damage { bytes += [whole[index] ^ damage] + whole[(index + 1)...] }
        let path = try scratch.write(bytes, to: "matrix.npy")
        do {
          _ = try NPYFile.readFloats(path)
          accepted += 1
          #expect(damage != nil)
        } catch {}
      }
    }
    #expect(accepted >= 96)
  }

  @Test func missingFileIsNamed() {
    #expect(throws: DatasetError.fileNotFound(path: "/none/such.npy")) {
      try NPYFile.readFloats("/none/such.npy")
    }
  }
}
