import Components
import Datasets
import Determinism
import Federation
import Foundation
import Kernels
import Tensors
import Testing

@Suite struct PatternTriggerTests {
  /// Runs `body` with the path of a new file.
  private func withFile<R>(_ name: String, _ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("pattern-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appendingPathComponent(name).path)
  }

  private func pattern(_ text: String) throws -> PatternFile {
    try withFile("pattern.txt") { path in
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return try PatternFile(path: path)
    }
  }

  private func trigger(
    _ text: String, size: Int = 1, value: Double = 1, corner: String = "bottom-right",
    on shape: InputShape, normalization: Normalization? = nil
  ) throws -> Trigger {
    let file = try pattern(text)
    let entry = try builtInTriggers.entry("pattern", kind: "trigger")
    return try entry.make(
      Arguments(
        [
          "size": .integer(size), "value": .real(value), "corner": .text(corner),
          "file": .text("given"),
        ], for: entry.manifest),
      TriggerSetup(
        shape: shape, normalization: normalization, seed: SeedPath(root: 1),
        pattern: { _ in file }))
  }

  @Test func textMatricesAndMasksAreTheSame() throws {
    let text = try pattern("#.\r\n.9\n0.\n\n")
    let cells: [Float] = [1, .nan, .nan, 1, 0, .nan]
    #expect(text.cells.rowCount == 3 && text.cells.columnCount == 2)
    #expect(zip(text.cells.values, cells).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    let matrix = try withFile("pattern.npy") { path in
      try NPYFile.write(Matrix(rowCount: 3, columnCount: 2, values: cells), to: path)
      return try PatternFile(path: path)
    }
    let masked = try withFile("pattern.npz") { path in
      try NPZFile.write(
        [
          (name: "mask", array: NPZArray(shape: [3, 2], values: [1, 0, 0, 1, 1, 0])),
          (name: "values", array: NPZArray(shape: [3, 2], values: [1, 5, 5, 1, 0, 5])),
        ], to: path)
      return try PatternFile(path: path)
    }
    #expect(text.canonicalArray == matrix.canonicalArray)
    #expect(text.canonicalArray == masked.canonicalArray)
    #expect(try text.canonicalArray != pattern("#.\n.9\n#.").canonicalArray)
  }

  @Test(arguments: ["", "\n", "..", "#.\n#", "#x", "\n#"])
  func whatIsNoGridIsRefused(text: String) {
    #expect(throws: DatasetError.self) { try pattern(text) }
  }

  @Test func cellsGoToACornerInEveryChannel() throws {
    let shape = InputShape.image(height: 3, width: 3, channels: 2)
    let trigger = try trigger("#.\n.#", value: 4, corner: "top-right", on: shape)
    #expect(trigger.positions == [2, 3, 10, 11] && trigger.values == [4, 4, 4, 4])
    let large = try self.trigger(
      ".3", size: 2, value: 9, on: .image(height: 4, width: 4, channels: 1))
    #expect(large.positions == [10, 11, 14, 15] && large.values == [3, 3, 3, 3])
  }

  @Test func cellsOfAVectorFollowEachOther() throws {
    let trigger = try trigger(
      "#.\n.#", size: 2, value: 2, on: .vector(8),
      normalization: Normalization(mean: [1], deviation: [0.5]))
    #expect(trigger.positions == [0, 1, 6, 7] && trigger.values == [2, 2, 2, 2])
  }

  @Test func oneCellIsTheSquare() throws {
    let shape = InputShape.image(height: 5, width: 4, channels: 1)
    let square = try builtInTriggers.entry("square", kind: "trigger")
    let given: [String: ArgumentValue] = ["size": .integer(3), "corner": .text("top-left")]
    let expected = try square.make(
      Arguments(given, for: square.manifest),
      TriggerSetup(shape: shape, seed: SeedPath(root: 1)))
    #expect(try trigger("#", size: 3, corner: "top-left", on: shape) == expected)
  }

  @Test func whatDoesNotFitIsRefused() {
    #expect(throws: ConfigurationError.self) { try trigger("#####", on: .vector(4)) }
    let shape = InputShape.image(height: 4, width: 9, channels: 1)
    let error = #expect(throws: ConfigurationError.self) {
      try trigger("#.\n.#\n..", size: 2, on: shape)
    }
    #expect(error?.description.contains("3 x 2 cells, does not fit inputs of 4x9") == true)
    let fine = Normalization(mean: [0], deviation: [1e-37])
    #expect(throws: ConfigurationError.self) {
      try trigger("#", value: 1e6, on: .vector(4), normalization: fine)
    }
  }

  @Test func aMissingFileIsTold() throws {
    let entry = try builtInTriggers.entry("pattern", kind: "trigger")
    let error = #expect(throws: ConfigurationError.self) {
      try entry.make(
        Arguments(["size": .integer(1), "file": .text("/no/such")], for: entry.manifest),
        TriggerSetup(shape: .vector(4), seed: SeedPath(root: 1)))
    }
    #expect(error?.description.contains("/no/such") == true)
  }

  /// A file of Netpbm.
  private func image(_ magic: String, _ width: Int, _ height: Int, _ bytes: [UInt8]) -> Data {
    Data("\(magic)\n\(width) \(height)\n255\n".utf8) + Data(bytes)
  }

  private func pattern(_ name: String, _ data: Data) throws -> PatternFile {
    try withFile(name) { path in
      try data.write(to: URL(fileURLWithPath: path))
      return try PatternFile(path: path)
    }
  }

  private func trigger(
    of file: PatternFile, size: Int = 1, top: Int? = nil, left: Int? = nil, on shape: InputShape
  ) throws -> Trigger {
    let entry = try builtInTriggers.entry("pattern", kind: "trigger")
    var given: [String: ArgumentValue] = ["size": .integer(size), "file": .text("given")]
    if let top { given["top"] = .integer(top) }
    if let left { given["left"] = .integer(left) }
    return try entry.make(
      Arguments(given, for: entry.manifest),
      TriggerSetup(shape: shape, seed: SeedPath(root: 1), pattern: { _ in file }))
  }

  @Test func aGrayImageIsForAllChannels() throws {
    let file = try pattern("p.pgm", image("P5", 2, 1, [255, 51]))
    #expect(file.channelCount == 1 && file.cells == Matrix(rows: [[1, 0.2]]))
    let trigger = try trigger(of: file, on: .image(height: 2, width: 2, channels: 3))
    let values: [Float] = [1, 1, 1, 0.2, 0.2, 0.2]
    #expect(trigger.positions == Array(6..<12) && trigger.values == values)
  }

  @Test func aColorImageHasACellForEachChannel() throws {
    let file = try pattern("p.ppm", image("P6", 1, 2, [255, 0, 51, 0, 255, 102]))
    #expect(file.channelCount == 3)
    #expect(file.cells == Matrix(rows: [[1, 0, 0.2], [0, 1, 0.4]]))
    #expect(file.canonicalArray.shape == [2, 1, 3])
    let trigger = try trigger(
      of: file, size: 2, top: 0, left: 1, on: .image(height: 4, width: 3, channels: 3))
    // Columns 1 and 2 of rows 0 to 3.
    let columns: [Int] = [0, 9, 18, 27].flatMap { Array($0 + 3..<$0 + 9) }
    #expect(trigger.positions == columns)
    let (first, last): ([Float], [Float]) = ([1, 0, 0.2, 1, 0, 0.2], [0, 1, 0.4, 0, 1, 0.4])
    #expect(Array(trigger.values.prefix(6)) == first && Array(trigger.values.suffix(6)) == last)
    let error = #expect(throws: ConfigurationError.self) {
      try self.trigger(of: file, on: .image(height: 4, width: 3, channels: 1))
    }
    #expect(
      error?.description
        == "pattern: the pattern has 3 channels, and inputs of 4x3 have 1")
  }

  @Test func aPatternGoesAnywhere() throws {
    let file = try pattern("#.\n.#")
    let shape = InputShape.image(height: 3, width: 4, channels: 1)
    #expect(try trigger(of: file, top: 1, left: 0, on: shape).positions == [4, 9])
    #expect(try trigger(of: file, left: 3, on: .vector(7)).positions == [3, 6])
    let error = #expect(throws: ConfigurationError.self) {
      try self.trigger(of: file, top: 2, left: 0, on: shape)
    }
    #expect(
      error?.description
        == "pattern: a 'pattern' trigger of size 1 at row 2 and column 0, with 2 x 2 cells, "
        + "does not fit inputs of 3x4")
  }

  @Test(arguments: [Data(), Data("P5\n2 1\n255\n\u{1}".utf8), Data("#.\n".utf8)])
  func damagedImagesAreRefused(data: Data) {
    #expect(throws: DatasetError.self) { try pattern("p.pgm", data) }
  }
}
