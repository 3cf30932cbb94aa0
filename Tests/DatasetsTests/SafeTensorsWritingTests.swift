import Datasets
import Testing

@Suite struct SafeTensorsWritingTests {
  let scratch: Scratch
  var path: String { scratch.path + "/a.safetensors" }
  static let arrays = [
    ("first", NPZReadingTests.counting(2, 3)), ("a \"b\" \\ c", NPZReadingTests.counting(3)),
    ("größe", NPZReadingTests.counting(1, 2, 1)), ("empty", NPZReadingTests.counting(0, 4)),
    ("value", NPZReadingTests.counting()),
  ]

  init() throws { scratch = try Scratch() }

  @Test(arguments: [[], arrays])
  func arraysComeBack(arrays: [(name: String, array: NPZArray)]) throws {
    try SafeTensorsFile.write(arrays, to: path)
    #expect(try NPZReadingTests.isSame(SafeTensorsFile.read(path), arrays))
    #expect(try scratch.names == ["a.safetensors"])
  }

  /// `Tests/Reference/safetensors_files.py` checks that the library reads this file.
  @Test func bytesAreThoseThatTheLibraryReads() throws {
    try SafeTensorsFile.write(Self.arrays, to: path)
    #expect(try scratch.read("a.safetensors") == Fixture.bytes("written.safetensors"))
  }

  @Test func everyBitComesBack() throws {
    let values = (0..<200_003).map { Float(bitPattern: UInt32($0) &* 2_654_435_761) }
    try SafeTensorsFile.write([("a", NPZArray(shape: [200_003], values: values))], to: path)
    let found = try SafeTensorsFile.read(path)[0].array.values
    #expect(found.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func badNamesTrap() async {
    await #expect(processExitsWith: .failure) {
      try SafeTensorsFile.write(Self.arrays + Self.arrays, to: "/dev/null")
    }
    await #expect(processExitsWith: .failure) {
      try SafeTensorsFile.write([("__metadata__", NPZReadingTests.counting(1))], to: "/dev/null")
    }
  }
}
