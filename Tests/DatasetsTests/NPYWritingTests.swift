import Datasets
import Foundation
import Tensors
import Testing

@Suite struct NPYWritingTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  func path(_ name: String) -> String { scratch.path + "/" + name }

  @Test func bytesAreThoseOfNumPy() throws {
    try NPYFile.write(NPYReadingTests.floats, to: path("a.npy"))
    #expect(try scratch.read("a.npy") == Fixture.bytes("little-f4-c.npy"))
    try NPYFile.write([10.25, 11.25, 12.25, 13.25] as [Float], to: path("b.npy"))
    #expect(try scratch.read("b.npy") == Fixture.bytes("vector.npy"))
    #expect(try scratch.names == ["a.npy", "b.npy"])
  }

  @Test func largeMatricesComeBackWithEveryBit() throws {
    // More than one piece of the reader, and not a multiple of it.
    let values = (0..<200_003).map { Float(bitPattern: UInt32($0) &* 2_654_435_761) }
    try NPYFile.write(values, to: path("a.npy"))
    let matrix = try NPYFile.readFloats(path("a.npy"))
    #expect(matrix.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func elementsStartAtAMultipleOf64() throws {
    for count in [1, 9, 10, 99, 1_000, 12_345] {
      try NPYFile.write([Float](repeating: 0, count: count), to: path("a.npy"))
      #expect(try (scratch.read("a.npy").count - 4 * count) % 64 == 0)
    }
  }

  @Test func existingFileIsReplaced() throws {
    try scratch.write([1, 2, 3], to: "a.npy")
    try NPYFile.write([1] as [Float], to: path("a.npy"))
    #expect(try NPYFile.readFloats(path("a.npy")) == Matrix(rows: [[1]]))
  }

  @Test func symbolicLinkIsKept() throws {
    try scratch.write([1, 2, 3], to: "real/a.npy")
    try FileManager.default.createSymbolicLink(
      atPath: path("link.npy"), withDestinationPath: "real/a.npy")
    try NPYFile.write([1] as [Float], to: path("link.npy"))
    #expect(try NPYFile.readFloats(path("real/a.npy")) == Matrix(rows: [[1]]))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: path("link.npy")) == "real/a.npy")
  }

  @Test func failureNamesTheReasonAndLeavesNothing() throws {
    #expect(
      throws: DatasetError.unwritable(
        path: path("none/a.npy"), reason: "there is no folder '\(path("none"))'")
    ) { try NPYFile.write([1] as [Float], to: path("none/a.npy")) }
    try scratch.write([7], to: "folder/inside")
    #expect(
      throws: DatasetError.unwritable(path: path("folder"), reason: "Is a directory")
    ) { try NPYFile.write([1] as [Float], to: path("folder")) }
    #expect(try scratch.names == ["folder"])
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "no /dev/full here"))
  func fullDeviceIsReported() {
    #expect(
      throws: DatasetError.unwritable(path: "/dev/full", reason: "No space left on device")
    ) { try NPYFile.write([1] as [Float], to: "/dev/full") }
  }
}
