import Components
import Determinism
import Tensors
import Testing

@testable import Datasets

/// Records whose red, green and blue plane count from different starts.
private func record(_ labels: [UInt8], _ start: Int) -> [UInt8] {
  labels
    + (0..<3).flatMap { channel in
      (0..<1024).map { UInt8(truncatingIfNeeded: start + 7 * channel + $0) }
    }
}

@Suite struct CIFARSourceTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  /// Two records in the first batch, one in each other, one to test on.
  private func writeTen(folder: String = "") throws {
    for batch in 1...5 {
      var bytes = record([UInt8(batch)], batch * 10)
      if batch == 1 { bytes += record([9], 200) }
      try scratch.write(bytes, to: folder + "data_batch_\(batch).bin")
    }
    try scratch.write(record([0], 99), to: folder + "test_batch.bin")
  }

  private func open(_ id: DatasetEntry, _ given: [String: ArgumentValue] = [:]) throws
    -> any DataSource
  {
    var given = given
    given["folder"] = .text(scratch.path)
    return try id.open(
      Arguments(given, for: id.manifest), DatasetSetup { (path) throws(DatasetError) in path })
  }

  @Test(arguments: ["", "cifar-10-batches-bin/"])
  func planesBecomeInnermostChannels(folder: String) throws {
    try writeTen(folder: folder)
    let source = try open(CIFARSource.tenEntry)
    #expect(source.shape == .image(height: 32, width: 32, channels: 3))
    #expect(source.classCount == 10)
    #expect(source.trainingCount == 6)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [1, 9, 2, 3, 4, 5])
    #expect(data.test.labels == [0])
    // Row 0 of the first record starts at 10; the planes are 7 apart.
    let first = data.training.inputs.values
    #expect(first[0..<6] == [10, 17, 24, 11, 18, 25].map { Float($0) / 255 }[...])
    // Second record: pixel 33 (row 1, column 1) of the planes that start at 200, 207 and 214.
    let place = 3072 + 33 * 3
    #expect(first[place..<place + 3] == [233, 240, 247].map { Float($0) / 255 }[...])
  }

  @Test func limitsKeepTheFirstAcrossFiles() throws {
    try writeTen()
    let source = try open(CIFARSource.tenEntry, ["train-limit": .integer(3)])
    #expect(try source.load(trainingCount: 0, seed: seed).training.labels == [1, 9, 2])
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays.map(\.shape) == [[3, 32, 32, 3], [3], [1, 32, 32, 3], [1]])
    #expect(arrays[0].bytes.prefix(3) == [10, 17, 24])
    #expect(throws: DatasetError.self) {
      try open(CIFARSource.tenEntry, ["train-limit": .integer(7)])
    }
  }

  @Test func hundredHasFineAndCoarseLabels() throws {
    try scratch.write(record([19, 99], 0) + record([3, 7], 1), to: "train.bin")
    try scratch.write(record([0, 50], 2), to: "test.bin")
    let fine = try open(CIFARSource.hundredEntry)
    #expect(fine.classCount == 100)
    #expect(try fine.load(trainingCount: 0, seed: seed).training.labels == [99, 7])
    let coarse = try open(CIFARSource.hundredEntry, ["labels": .text("coarse")])
    #expect(coarse.classCount == 20)
    let data = try coarse.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [19, 3])
    #expect(data.test.inputs.values[0] == Float(2) / 255)
  }

  @Test func labelOutOfRangeIsRefusedWithItsRecord() throws {
    try writeTen()
    try scratch.write(record([3], 0) + record([10], 0), to: "data_batch_3.bin")
    let source = try open(CIFARSource.tenEntry)
    #expect(
      throws: DatasetError.malformed(
        path: scratch.path + "/data_batch_3.bin", reason: "label 10 of record 1 is not in 0..<10")
    ) { try source.load(trainingCount: 0, seed: seed) }
  }

  @Test(arguments: [0, 3072, 3074, 6145])
  func sizesThatAreNoRecordsAreRefused(size: Int) throws {
    try writeTen()
    try scratch.write([UInt8](repeating: 1, count: size), to: "data_batch_2.bin")
    #expect {
      try open(CIFARSource.tenEntry)
    } throws: {
      "\($0)".contains("data_batch_2.bin: has \(size) bytes, which is no whole number of records")
    }
  }

  @Test func missingAndPickledFilesAreNamed() throws {
    #expect { try open(CIFARSource.tenEntry) } throws: { "\($0)".contains("data_batch_1.bin") }
    try scratch.write([1], to: "data_batch_1")
    #expect { try open(CIFARSource.tenEntry) } throws: { "\($0)".contains("pickled") }
    try scratch.write(record([1], 0), to: "data_batch_1.bin")
    #expect { try open(CIFARSource.tenEntry) } throws: {
      "\($0)".contains("data_batch_2.bin: no such file")
    }
  }
}
