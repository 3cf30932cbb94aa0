import Datasets
import Foundation
import Kernels
import Tensors
import Testing

@Suite struct NPYMappingTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// How often a file is in the memory of this process, or `nil` where the system does not say.
  func mapCount(_ path: String) -> Int? {
    guard let maps = try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd() else {
      return nil
    }
    return String(decoding: maps, as: UTF8.self).split(separator: "\n").count { $0.hasSuffix(path) }
  }

  /// Writes what `numpy.save` writes, and returns the path without symbolic links.
  func copy(_ fixture: String) throws -> String {
    let path = try scratch.write(Fixture.bytes(fixture), to: "matrix.npy")
    return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  @Test(arguments: [
    ("little-f4-c", 1), ("vector", 1), ("one-row-fortran", 1), ("version-2", 1),
    ("little-f4-fortran", 0), ("big-f4-c", 0), ("little-f8-c", 0), ("special", 1),
  ])
  func valuesAreThoseThatAreRead(name: String, expectedMaps: Int) throws {
    let path = try copy(name + ".npy")
    let mapped = try NPYFile.map(path)
    if let count = mapCount(path) { #expect(count == expectedMaps) }
    let read = try NPYFile.readFloats(path)
    #expect(mapped.rowCount == read.rowCount && mapped.columnCount == read.columnCount)
    #expect(mapped.values.map(\.bitPattern) == read.values.map(\.bitPattern))
    #expect(mapped.row(0).map(\.bitPattern) == read.row(0).map(\.bitPattern))
  }

  @Test func changedMatrixLeavesTheFile() throws {
    let path = try copy("little-f4-c.npy")
    let mapped = try NPYFile.map(path)
    var changed = mapped
    changed.fillRow(1, with: 7)
    #expect(changed.row(1) == [7, 7, 7, 7])
    #expect(mapped == NPYReadingTests.floats)
    #expect(try scratch.read("matrix.npy") == Fixture.bytes("little-f4-c.npy"))
    // The values are of the file that was opened, whatever its name holds afterwards.
    try NPYFile.write(changed, to: path)
    #expect(mapped == NPYReadingTests.floats)
    #expect(try NPYFile.map(path) == changed)
  }

  @Test func everyMapIsReleased() throws {
    let path = try copy("little-f4-c.npy")
    var kept: Matrix<Float>? = try NPYFile.map(path)
    for _ in 0..<1_000 { #expect(try NPYFile.map(path).row(2)[3] == 23.25) }
    if let count = mapCount(path) { #expect(count == 1) }
    #expect(kept == NPYReadingTests.floats)
    kept = nil
    if let count = mapCount(path) { #expect(count == 0) }
  }

  @Test func unalignedElementsAreRead() throws {
    let bytes = try Fixture.bytes("little-f4-c.npy")
    // A header that is one space longer, as no library writes it.
    var shifted = bytes
    shifted[8] += 1
    shifted.insert(UInt8(ascii: " "), at: bytes.count - 48 - 1)
    let path = try scratch.write(shifted, to: "matrix.npy")
    #expect(try NPYFile.map(path) == NPYReadingTests.floats)
    if let count = mapCount(path) { #expect(count == 0) }
  }

  @Test func refusalsAreThoseOfReading() throws {
    let path = try scratch.write(Fixture.bytes("little-f4-c.npy").dropLast(), to: "short.npy")
    #expect(
      throws: DatasetError.malformed(
        path: path,
        reason: "short file: 3 x 4 elements of 4 bytes expect 48 bytes, found 47")
    ) { try NPYFile.map(path) }
    for name in ["three-d", "int64", "no-rows"] {
      let path = try Fixture.path("refused-\(name).npy")
      let read = #expect(throws: DatasetError.self) { try NPYFile.readFloats(path) }
      #expect(throws: try #require(read)) { try NPYFile.map(path) }
    }
    #expect(throws: DatasetError.fileNotFound(path: "/none/such.npy")) {
      try NPYFile.map("/none/such.npy")
    }
  }
}
