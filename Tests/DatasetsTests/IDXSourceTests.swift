import Datasets
import Determinism
import Foundation
import Tensors
import Testing

@Suite struct IDXSourceTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  @Test func readsPixelsAndLabels() throws {
    let source = try IDXFolder().open(in: scratch)
    #expect(source.shape == .image(height: 2, width: 3, channels: 1))
    #expect(source.trainingCount == 5)
    #expect(source.testCount == 3)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [0, 1, 2, 9, 4])
    #expect(data.training.inputs.values == (0..<30).map { Float($0 * 8) / 255 })
    #expect(data.test.labels == [7, 7, 0])
    #expect(data.test.inputs.values == (0..<18).map { Float(255 - $0) / 255 })
  }

  @Test(arguments: ["", "raw/", "MNIST/raw/", "FashionMNIST/raw/"])
  func layoutAndCompressionDoNotMatter(subfolder: String) throws {
    let plain = try IDXFolder().open(in: scratch)
    let other = try Scratch()
    let source = try IDXFolder().open(in: other, subfolder: subfolder, compressed: [0, 3])
    #expect(
      try source.load(trainingCount: 0, seed: seed).training
        == plain.load(trainingCount: 0, seed: seed).training)
    #expect(try source.canonicalArrays() == plain.canonicalArrays())
  }

  @Test func severalGzipMembersAndPaddingAreJoined() throws {
    var folder = IDXFolder()
    let bytes = folder.files[0].bytes
    folder.files[0].bytes =
      Gzip.member(Array(bytes.prefix(11))) + Gzip.member([])
      + Gzip.member(Array(bytes.dropFirst(11))) + [0, 0, 0]
    let data = try folder.open(in: scratch).load(trainingCount: 0, seed: seed)
    #expect(data.training.inputs.values == (0..<30).map { Float($0 * 8) / 255 })
  }

  @Test func limitsKeepTheFirstExamples() throws {
    let source = try IDXFolder().open(
      in: scratch, compressed: [2], trainingLimit: 2, testLimit: 1)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(source.trainingCount == 2)
    #expect(data.training.labels == [0, 1])
    #expect(data.training.inputs.values == (0..<12).map { Float($0 * 8) / 255 })
    #expect(data.test.labels == [7])
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays.map(\.shape) == [[2, 2, 3], [2], [1, 2, 3], [1]])
    #expect(arrays.allSatisfy { $0.shape.reduce(1, *) == $0.bytes.count })
  }

  @Test func limitBeyondTheFileIsRefused() throws {
    for limit in [6, 0, -1] {
      #expect(throws: DatasetError.self) {
        try IDXFolder().open(in: scratch, trainingLimit: limit)
      }
    }
  }

  /// What is done to one file, and what the message must say.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: Int
    let change: @Sendable ([UInt8]) -> [UInt8]
    let message: [String]

    static let all = [
      Damage(
        testDescription: "empty", file: 0, change: { _ in [] },
        message: ["wrong magic", "found nothing", "00 00 08 03"]),
      Damage(
        testDescription: "magic", file: 0, change: { [0, 0, 8, 1] + $0.dropFirst(4) },
        message: ["wrong magic", "found 00 00 08 01", "00 00 08 03"]),
      Damage(
        testDescription: "one byte", file: 1, change: { Array($0.prefix(1)) },
        message: ["wrong magic", "found 00,"]),
      Damage(
        testDescription: "half a header", file: 0, change: { Array($0.prefix(9)) },
        message: ["short file", "expected 16 header bytes, found 9"]),
      Damage(
        testDescription: "short", file: 0, change: { $0.dropLast(2) },
        message: ["short file", "5x2x3", "expects 46 bytes, found 44"]),
      Damage(
        testDescription: "extra", file: 3, change: { $0 + [1, 2, 3] },
        message: ["extra bytes", "expects 11 bytes, found 14"]),
      Damage(
        testDescription: "count", file: 1,
        change: { _ in IDXFolder.header(1, [4]) + [0, 1, 2, 3] },
        message: ["4 labels for the 5 images"]),
      Damage(
        testDescription: "no images", file: 0, change: { _ in IDXFolder.header(3, [0, 2, 3]) },
        message: ["no data", "0x2x3"]),
      Damage(
        testDescription: "no pixels", file: 2, change: { _ in IDXFolder.header(3, [3, 0, 3]) },
        message: ["no data"]),
      Damage(
        testDescription: "absurd", file: 0,
        change: { _ in IDXFolder.header(3, [.max, .max, .max]) },
        message: ["absurd size", "4294967295x4294967295x4294967295"]),
      Damage(
        testDescription: "label", file: 1, change: { $0.dropLast() + [10] },
        message: ["label 10 of example 4 is not in 0..<10"]),
      Damage(
        testDescription: "pixels of test images", file: 2,
        change: { _ in IDXFolder.header(3, [3, 3, 2]) + [UInt8](repeating: 0, count: 18) },
        message: ["3x2 pixels", "2x3"]),
      Damage(
        testDescription: "truncated gzip", file: 0, change: { Gzip.member($0).dropLast(4) },
        message: ["gzip data ends early"]),
      Damage(
        testDescription: "gzip checksum", file: 0,
        change: { bytes in
          var gzip = Gzip.member(bytes)
          gzip[gzip.count - 8] ^= 1
          return gzip
        },
        message: ["gzip data is damaged", "incorrect data check"]),
      Damage(
        testDescription: "gzip, then garbage", file: 0, change: { Gzip.member($0) + [7] },
        message: ["extra bytes after the end of the gzip data"]),
      Damage(
        testDescription: "short in gzip", file: 2, change: { Gzip.member($0.dropLast(5)) },
        message: ["short file", "expects 34 bytes, found 29"]),
      Damage(
        testDescription: "extra in gzip", file: 2, change: { Gzip.member($0 + [0]) },
        message: ["extra bytes", "expects 34 bytes, found 35"]),
      Damage(
        testDescription: "absurd in gzip", file: 0,
        change: { _ in Gzip.member(IDXFolder.header(3, [60_000, 1_000, 1_000])) },
        message: ["absurd size", "cannot hold that much"]),
    ]
  }

  @Test(arguments: Damage.all)
  func damageIsExplained(_ damage: Damage) throws {
    var folder = IDXFolder()
    folder.files[damage.file].bytes = damage.change(folder.files[damage.file].bytes)
    let error = #expect(throws: DatasetError.self) {
      try folder.open(in: scratch).load(trainingCount: 0, seed: seed)
    }
    let text = try #require(error).description
    #expect(text.hasPrefix(scratch.path + "/" + folder.files[damage.file].name + ": "))
    for part in damage.message { #expect(text.contains(part), "\(text)") }
  }

  @Test func everyFlippedOrMissingByteIsHandled() throws {
    let files = IDXFolder().files
    var accepted = 0
    for file in files.indices {
      for gzip in [false, true] {
        let scratch = try Scratch()
        for other in files.indices where other != file {
          try scratch.write(files[other].bytes, to: files[other].name)
        }
        let whole = gzip ? Gzip.member(files[file].bytes) : files[file].bytes
        for index in whole.indices {
          for damage in [1, 0xff, nil] as [UInt8?] {
            var bytes = Array(whole.prefix(index))
            if let damage { bytes += [whole[index] ^ damage] + whole[(index + 1)...] }
            try scratch.write(bytes, to: files[file].name)
            do {
              _ = try IDXSource(folder: scratch.path).load(trainingCount: 0, seed: seed)
              accepted += 1
              // Only a changed pixel, label or unused field of a gzip header goes unnoticed.
              #expect(damage != nil)
            } catch {}
          }
        }
      }
    }
    #expect(accepted > 0)
  }

  @Test func missingFilesListTheNamesLookedFor() throws {
    #expect(throws: DatasetError.fileNotFound(path: scratch.path + "/none")) {
      try IDXSource(folder: scratch.path + "/none")
    }
    let empty = try #require(
      #expect(throws: DatasetError.self) { try IDXSource(folder: scratch.path) })
    #expect(
      empty.description.hasPrefix(
        scratch.path + ": found no file; expected one of train-images-idx3-ubyte, "))
    var folder = IDXFolder()
    folder.files.removeLast()
    let one = try #require(#expect(throws: DatasetError.self) { try folder.open(in: scratch) })
    #expect(one.description.contains("; expected one of t10k-labels-idx1-ubyte, t10k-labels.idx1"))
  }

  @Test func twoDataSetsInOneFolderAreRefused() throws {
    _ = try IDXFolder().open(in: scratch, subfolder: "MNIST/raw/")
    let error = #expect(throws: DatasetError.self) {
      try IDXFolder().open(in: scratch, subfolder: "FashionMNIST/raw/")
    }
    let text = try #require(error).description
    #expect(text.contains("MNIST/raw, FashionMNIST/raw"))
  }

  @Test func folderInPlaceOfAFileIsUnreadable() throws {
    let error = #expect(throws: DatasetError.self) {
      try IDXSource(
        files: IDXFiles(
          trainingImages: scratch.path, trainingLabels: scratch.path, testImages: scratch.path,
          testLabels: scratch.path))
    }
    #expect(error == .unreadable(path: scratch.path, reason: "Is a directory"))
  }
}
