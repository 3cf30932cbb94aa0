import Foundation
import Testing
import _TestSupport

@Suite struct DataTests {
  /// A data set of 2 training and 1 test images of 1 × 2 pixels.
  private static let files: [(name: String, bytes: [UInt8])] = [
    ("train-images-idx3-ubyte", header(3, [2, 1, 2]) + [0, 255, 7, 8]),
    ("train-labels-idx1-ubyte", header(1, [2]) + [0, 9]),
    ("t10k-images-idx3-ubyte", header(3, [1, 1, 2]) + [1, 2]),
    ("t10k-labels-idx1-ubyte", header(1, [1]) + [3]),
  ]

  private static func header(_ count: UInt8, _ extents: [UInt8]) -> [UInt8] {
    [0, 0, 8, count] + extents.flatMap { [0, 0, 0, $0] }
  }

  /// Verifies the small data set with one file replaced.
  private func verify(_ index: Int? = nil, name: String? = nil, _ bytes: [UInt8] = []) throws
    -> Program.Outcome
  {
    let folder = try TemporaryFolder()
    for (position, file) in Self.files.enumerated() {
      let isReplaced = position == index
      try FileManager.default.write(
        isReplaced ? bytes : file.bytes, to: "set/" + (isReplaced ? name ?? file.name : file.name),
        in: folder.path)
    }
    return try Program.run(["data", "verify", "set"], in: folder.path)
  }

  @Test(arguments: [["--classes", "5"], ["--transpose"], ["--split", "letters"]])
  func optionsOfIDXFoldersAreNotForBundledData(options: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["data", "verify", "digits"] + options, in: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("gauntlet: 'digits' is read as it is: --classes, "))
  }

  @Test func theBundledDigitsAreWhole() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["data", "verify", "digits"], in: folder.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "digits: ok")
    #expect(lines.contains("input              8x8"))
    #expect(lines.last?.wholeMatch(of: /sha256 +[0-9a-f]{64}/) != nil)
  }

  @Test func aFolderOfFiles() throws {
    let outcome = try verify()
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("set: ok\ntraining examples  2\ntest examples      1\n"))
    #expect(outcome.output.contains("per class          1 0 0 1 0 0 0 0 0 1\n"))
  }

  @Test func aWrongMagicNumber() throws {
    let outcome = try verify(0, [0, 0, 9, 3] + Self.files[0].bytes.dropFirst(4))
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("gauntlet: set/train-images-idx3-ubyte: "))
    #expect(outcome.errors.contains("magic"))
  }

  @Test func aTruncatedGzipFile() throws {
    let outcome = try verify(
      0, name: "train-images-idx3-ubyte.gz",
      [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x60])
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("gauntlet: set/train-images-idx3-ubyte.gz: "))
    #expect(outcome.errorLines.count == 1)
  }

  @Test func aShortFileAndALabelThatIsNone() throws {
    let short = try verify(2, Array(Self.files[2].bytes.dropLast()))
    #expect(short.status == 1 && short.errors.contains("set/t10k-images-idx3-ubyte: "))
    let label = try verify(1, Array(Self.files[1].bytes.dropLast()) + [10])
    #expect(label.status == 1 && label.errors.contains("label 10"))
  }

  @Test(arguments: [
    ("digit", "no such folder; give a folder with IDX files, or 'digits'"),
    ("gaussian-classes", "drawn anew for each seed"),
    ("file", "is a file; give the folder"),
    ("idx", "has parameters that a scenario gives"),
  ])
  func whatCannotBeVerified(data: String, message: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let outcome = try Program.run(["data", "verify", data], in: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(message))
  }

  @Test func namesWithADot() throws {
    let folder = try TemporaryFolder()
    for file in Self.files {
      let name = file.name.replacingOccurrences(of: "-idx", with: ".idx")
      try FileManager.default.write(file.bytes, to: "set/" + name, in: folder.path)
    }
    let outcome = try Program.run(["data", "verify", "set"], in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("set: ok\ntraining examples  2\n"))
  }

  @Test func lettersOfEMNIST() throws {
    let folder = try TemporaryFolder()
    var files = Self.files
    files[1].bytes = Self.header(1, [2]) + [1, 26]
    for file in files {
      let name = "emnist-letters-" + file.name.replacingOccurrences(of: "t10k", with: "test")
      try FileManager.default.write(file.bytes, to: "gzip/" + name, in: folder.path)
    }
    let outcome = try Program.run(
      [
        "data", "verify", ".", "--split", "letters", "--classes", "26", "--first-label", "1",
        "--transpose",
      ], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("input              2x1\nclasses            26\n"))
    #expect(outcome.output.contains("per class          1 0 1 0 0"))
    let wrong = try Program.run(["data", "verify", ".", "--split", "digits"], in: folder.path)
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("emnist-digits-train-images-idx3-ubyte"))
  }

  @Test func otherNamesAreListed() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write([1], to: "set/train.zip", in: folder.path)
    let outcome = try Program.run(["data", "verify", "set"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix(
        "gauntlet: set: found train.zip; expected one of train-images-idx3-ubyte, "))
  }
}
