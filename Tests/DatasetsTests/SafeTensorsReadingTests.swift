import Datasets
import Foundation
import Testing

@Suite struct SafeTensorsReadingTests {
  /// What `safetensors_files.py` counts up, in the order of the library.
  static let arrays = [
    ("double", NPZReadingTests.counting(2, 3)), ("empty", NPZReadingTests.counting(0, 4)),
    ("größe", NPZReadingTests.counting(1, 1, 1, 1, 1, 1, 1, 2)),
    ("layer.\"w\"\\/weight", NPZReadingTests.counting(2, 3, 4)),
    ("value", NPZReadingTests.counting()), ("vector", NPZReadingTests.counting(5)),
  ]

  @Test func everyShapeAndTypeIsRead() throws {
    let found = try SafeTensorsFile.read(Fixture.path("arrays.safetensors"))
    // By name: an array without elements has no place of its own.
    #expect(
      NPZReadingTests.isSame(found.sorted { $0.name < $1.name }, Self.arrays.sorted { $0.0 < $1.0 })
    )
  }

  @Test func escapesAreRead() throws {
    let found = try SafeTensorsFile.read(Fixture.path("escaped.safetensors"))
    #expect(NPZReadingTests.isSame(found, [("a😀/", NPZArray(shape: [1, 2], values: [1.5, -2]))]))
  }

  @Test func fileWithoutArraysIsRead() throws {
    #expect(try SafeTensorsFile.read(Fixture.path("no-arrays.safetensors")).isEmpty)
  }

  @Test(arguments: [
    (
      "i64",
      ": array 'labels' holds elements of type 'I64'; accepted are F32 and F64, as tensor.float() makes"
    ),
    (
      "f16",
      ": array 'half' holds elements of type 'F16'; accepted are F32 and F64, as tensor.float() makes"
    ),
    ("wide", ", array 'w': row 0, column 1 is 2.5e+198, outside single precision"),
  ])
  func refusalSaysWhatWasFound(name: String, message: String) throws {
    let path = try Fixture.path("refused-\(name).safetensors")
    let error = #expect(throws: DatasetError.self) { try SafeTensorsFile.read(path) }
    #expect(error?.description == path + message)
  }

  /// What is said of a file with this header, and so many bytes behind it.
  func failure(_ header: String, _ byteCount: Int, length: UInt64? = nil) throws -> String {
    let length = length ?? UInt64(header.utf8.count)
    return try failure(
      reading: (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
        + [UInt8](repeating: 0, count: byteCount))
  }

  func failure(reading bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.write(bytes, to: "a.safetensors")
    let error = #expect(throws: DatasetError.self) { try SafeTensorsFile.read(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path))
    return String(text.dropFirst(path.count))
  }

  @Test func liesAboutRangesAreNamed() throws {
    func array(_ name: String, _ shape: String, _ start: Int, _ end: Int) -> String {
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}"
    }
    for (header, byteCount, message) in [
      (
        array("a", "2", 0, 8), 4,
        "array 'a' takes the bytes 0..<8, and the file has 4 behind its header"
      ),
      (
        array("a", "2", 8, 0), 8,
        "array 'a' takes the bytes 8..<0, and the file has 8 behind its header"
      ),
      (
        array("a", "2", 0, 8) + "," + array("b", "1", 4, 8), 8,
        "array 'b' overlaps the one before it: it begins at byte 4, before 8"
      ),
      (
        array("a", "1", 0, 4) + "," + array("b", "1", 8, 12), 12,
        "array 'b' leaves a gap before it: it begins at byte 8, not 4"
      ),
      (
        array("a", "3", 0, 8), 8,
        "array 'a' has the shape (3,), which takes 12 bytes, not 8"
      ),
      (array("a", "1", 0, 4), 6, "extra bytes: the arrays take 4, and the file has 6"),
      (
        array("a", "4294967296,4294967296,4", 0, 8), 8, "array 'a' has an absurd size"
      ),
      (
        array("a", "0,9223372036854775807,9223372036854775807", 0, 0), 0,
        "array 'a' has an absurd size"
      ),
      (
        array("a", "1,1,1,1,1,1,1,1,1", 0, 4), 4,
        "array 'a' has 9 dimensions; at most 8 are read"
      ),
      (
        array("a", "1", 0, 4) + "," + array("a", "1", 4, 8), 8,
        "malformed header: byte 57: the key 'a' is given twice"
      ),
    ] {
      #expect(try failure("{\(header)}", byteCount) == ": " + message)
    }
  }

  @Test func malformedHeadersAreNamed() throws {
    for (header, message) in [
      ("", "byte 0: breaks off where an object should be"),
      ("[]", "byte 0: an object is needed, not '[]'"),
      ("{} x", "byte 3: something follows the end"),
      ("{}{}", "byte 2: something follows the end"),
      ("{\"a\":1}", "byte 5: an object is needed, not '1}'"),
      ("{\"a\":{}}", "byte 7: array 'a' has no data_offsets, dtype, shape"),
      (
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1]}}",
        "byte 29: '-1' is no whole number from 0 on, or an absurd one"
      ),
      (
        "{\"a\":{\"shape\":[1,-0]}}", "byte 17: '-0' is no whole number from 0 on, or an absurd one"
      ),
      (
        "{\"a\":{\"shape\":[99999999999999999999]}}",
        "byte 15: '99999999999999999999' is no whole number from 0 on, or an absurd one"
      ),
      (
        "{\"a\":{\"shape\":[4.0]}}", "byte 15: '4.0' is no whole number from 0 on, or an absurd one"
      ),
      (
        "{\"a\":{\"shape\":[1e2]}}", "byte 15: '1e2' is no whole number from 0 on, or an absurd one"
      ),
      ("{\"a\":{\"shape\":[04]}}", "byte 15: a number is needed, not '04]}}'"),
      ("{\"a\":{\"shape\":[[1]]}}", "byte 15: a number is needed, not '[1]]}}'"),
      ("{\"a\":{\"shape\":[1,]}}", "byte 17: a number is needed, not ']}}'"),
      (
        "{\"a\":{\"shape\":[\(String(repeating: "1,", count: 64))1]}}",
        "byte 143: a list has more than 64 numbers"
      ),
      (
        "{\"a\":{\"size\":[1]}}",
        "byte 13: array 'a' has a key other than dtype, shape and data_offsets"
      ),
      (
        "{\"a\":{\"data_offsets\":[1]}}", "byte 24: data_offsets of array 'a' are not two numbers"
      ),
      ("{\"a\\u000a\":{}}", "byte 11: a name has control characters"),
      ("{\"\\u000a\":1,\"\\u000a\":1}", "byte 10: a name has control characters"),
      (
        "{\"__metadata__\":{\"\\u001b\":\"\",\"\\u001b\":\"\"}}",
        "byte 37: it has control characters"
      ),
      (
        "{\"a\":{\"dtype\":\"F32\",\"d\\u0074ype\":\"F32\"}}",
        "byte 32: the key 'dtype' is given twice"
      ),
      ("{\"a\\ud800\":{}}", "byte 9: half a character in an escape"),
      ("{\"a\\x\":{}}", "byte 5: an unknown escape in a text"),
      ("{\"a", "byte 3: breaks off inside a text"),
      ("{\"__metadata__\":{\"a\":1}}", "byte 21: a text is needed, not '1}}'"),
      (
        "{\"__metadata__\":{\"a\":{\"b\":\"\"}}}", "byte 21: a text is needed, not '{\"b\":\"\"}}}'"
      ),
    ] {
      #expect(try failure(header, 0) == ": malformed header: " + message)
    }
  }

  @Test func otherFilesAndShortOnesAreNamed() throws {
    #expect(try failure(reading: []) == ": the file is empty")
    #expect(
      try failure(reading: [1, 2])
        == ": not a file that safetensors writes: shorter than its first number")
    #expect(
      try failure("{}", 0, length: 3)
        == ": not a file that safetensors writes, or a short one: it promises a header of 3 bytes and "
        + "has 2")
    #expect(
      try failure("{}", 0, length: .max).contains(
        "a header of 18446744073709551615 bytes and has 2"))
    #expect(
      try failure(String(repeating: " ", count: 1_048_577), 0)
        == ": header of 1048577 bytes; at most 1048576 are accepted")
    #expect(
      throws: DatasetError.unreadable(
        path: "/dev/null", reason: "such a file has to be a regular one")
    ) { try SafeTensorsFile.read("/dev/null") }
  }

  @Test func arraysOverTheLimitAreRefused() throws {
    let path = try Fixture.path("arrays.safetensors")
    let error = #expect(throws: DatasetError.self) { try SafeTensorsFile.read(path, limit: 37) }
    #expect(error?.description == path + ": has more than the 37 values that are read")
    #expect(try SafeTensorsFile.read(path, limit: 38).count == 6)
    let archive = try Fixture.path("descriptors.npz")
    #expect(throws: DatasetError.self) { try NPZFile.read(archive, total: 10) }
    #expect(try NPZFile.read(archive, total: 11).count == 2)
  }

  /// Whatever is damaged: it is refused, or read without a trap; a shorter file is always refused.
  @Test func everyFlippedOrMissingByteIsHandled() throws {
    let whole = try Fixture.bytes("arrays.safetensors")
    let scratch = try Scratch()
    func isReadable(_ bytes: [UInt8]) throws -> Bool {
      let path = try scratch.write(bytes, to: "a.safetensors")
      return (try? SafeTensorsFile.read(path)) != nil
    }
    var readableCount = 0
    for index in whole.indices {
      #expect(try !isReadable(Array(whole.prefix(index))))
      for damage in [1, 0x20, 0xff] as [UInt8] {
        var damaged = whole
        damaged[index] ^= damage
        if try isReadable(damaged) { readableCount += 1 }
      }
    }
    // Nothing protects the values.
    #expect(readableCount > 0)
  }
}
