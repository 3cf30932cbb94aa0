import Datasets
import Testing

@Suite struct NPZWritingTests {
  let scratch: Scratch
  var path: String { scratch.path + "/a.npz" }

  init() throws { scratch = try Scratch() }

  @Test(arguments: [[], NPZReadingTests.plain, NPZReadingTests.arrays])
  func arraysComeBack(arrays: [(name: String, array: NPZArray)]) throws {
    try NPZFile.write(arrays, to: path)
    #expect(try NPZReadingTests.isSame(NPZFile.read(path), arrays))
    #expect(try scratch.names == ["a.npz"])
  }

  /// `Tests/Reference/npz_files.py` checks that `numpy.load` reads this file.
  @Test func bytesAreThoseThatNumPyReads() throws {
    try NPZFile.write(NPZReadingTests.arrays, to: path)
    #expect(try scratch.read("a.npz") == Fixture.bytes("written.npz"))
  }

  @Test func largeArraysComeBackWithEveryBit() throws {
    // More than one piece of the reader, and not a multiple of it.
    let values = (0..<200_003).map { Float(bitPattern: UInt32($0) &* 2_654_435_761) }
    try NPZFile.write([("a", NPZArray(shape: [200_003], values: values))], to: path)
    let arrays = try NPZFile.read(path)
    #expect(arrays[0].array.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func failureNamesTheReason() throws {
    let path = scratch.path + "/none/a.npz"
    let reason = "there is no folder '\(scratch.path)/none'"
    #expect(throws: DatasetError.unwritable(path: path, reason: reason)) {
      try NPZFile.write(NPZReadingTests.plain, to: path)
    }
  }

  @Test func badNamesAndShapesTrap() async {
    await #expect(processExitsWith: .failure) {
      try NPZFile.write(NPZReadingTests.plain + NPZReadingTests.plain, to: "/dev/null")
    }
    await #expect(processExitsWith: .failure) {
      try NPZFile.write([("a\n", NPZReadingTests.counting(1))], to: "/dev/null")
    }
    await #expect(processExitsWith: .failure) { _ = NPZArray(shape: [2, 2], values: [1]) }
    await #expect(processExitsWith: .failure) {
      _ = NPZArray(shape: [Int](repeating: 1, count: 9), values: [1])
    }
  }
}
