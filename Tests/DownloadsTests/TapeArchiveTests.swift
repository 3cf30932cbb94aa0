import Datasets
import Foundation
import Testing
import _TestSupport

/// Archives, taken apart and damaged.
@Suite struct TapeArchiveTests {
  private let folder: TemporaryFolder
  private let contents = TapeArchive.Contents(folder: "data", sizes: ["a": 600, "b": 0])
  private let first = [UInt8](repeating: 9, count: 600)

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func unpack(_ bytes: [UInt8]) throws(DatasetError) -> [String] {
    let path = folder.path + "/archive.tar"
    _ = try? Data(bytes).write(to: URL(fileURLWithPath: path))
    return try TapeArchive.unpack(path, contents, into: folder.path)
  }

  private func problem(_ bytes: [UInt8]) -> String {
    do {
      try unpack(bytes)
      return "none"
    } catch {
      return String("\(error)".dropFirst(folder.path.count))
    }
  }

  @Test func takesWhatIsAskedForAlone() throws {
    try unpack(
      TapeFile.member("data/", [], kind: 53)
        + TapeFile.member("data/readme", [1]) + TapeFile.member("other/a", [2])
        + TapeFile.member("../a", [3]) + TapeFile.member("data/x/a", [4])
        + TapeFile.member("data/a", [], kind: 50)
        + TapeFile.archive([("data/a", first), ("data/b", [])]))
    #expect(try folder.names() == ["archive.tar", "data"])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data").sorted()
    #expect(names == ["a", "b"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/data/a")) == Data(first))
  }

  @Test func damagedOnesAreRefused() {
    let whole = TapeFile.archive([("data/a", first), ("data/b", [])])
    #expect(problem([]) == "/archive.tar: the archive ends early (truncated file?)")
    #expect(
      problem([UInt8](repeating: 65, count: 2_048))
        == "/archive.tar: is no archive of tar, or a damaged one")
    #expect(
      problem(Array(whole[..<800])) == "/archive.tar: the archive ends early (truncated file?)")
    #expect(
      problem(TapeFile.archive([("data/a", first)])) == "/archive.tar: holds no b in data")
    #expect(
      problem(TapeFile.archive([("data/a", [1])]))
        == "/archive.tar: 'data/a' has 1 bytes, and 600 are expected")
    var changed = whole
    changed[130] ^= 1
    #expect(problem(changed) == "/archive.tar: is no archive of tar, or a damaged one")
    // Cut in the second file: the first is there, whole, and no half of another.
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/data")
    #expect(names == ["a"])
  }

  @Test func filesThatAreThereStay() throws {
    let whole = TapeFile.archive([("data/a", first), ("data/b", [])])
    #expect(try unpack(whole) == [])
    let path = folder.path + "/data/a"
    for other in [first + [0], Array(first.dropLast()), first.dropLast() + [8], []] {
      try Data(other).write(to: URL(fileURLWithPath: path))
      try FileManager.default.removeItem(atPath: folder.path + "/data/b")
      #expect(try unpack(whole) == [path])
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(other))
      #expect(FileManager.default.fileExists(atPath: folder.path + "/data/b"))
    }
  }
}
