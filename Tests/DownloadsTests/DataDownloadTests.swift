import Datasets
import Downloads
import Foundation
import Hashing
import Testing
import _TestSupport

/// Fetching from mirrors of all kinds.
@Suite struct DataDownloadTests {
  private let mirror: Mirror
  private let home: TemporaryFolder
  private let bytes: [UInt8]
  private let file: PublishedFile

  init() throws {
    mirror = try Mirror()
    home = try TemporaryFolder()
    var generator = SeededGenerator(1)
    bytes = (0..<100_001).map { _ in UInt8.random(in: 0...255, using: &generator) }
    file = PublishedFile(
      "images.gz", byteCount: bytes.count, sha256: Hexadecimal.string(SHA256.hash(bytes)))
    try mirror.offer(bytes, as: "images.gz")
  }

  private var folder: String { home.path + "/data/sample" }
  private var path: String { folder + "/images.gz" }

  private func data(_ files: [PublishedFile]) -> PublishedData {
    PublishedData(
      id: "sample", title: "", license: "", credit: "", page: "", mirrors: [mirror.address("good")],
      files: files, entry: "")
  }

  /// Fetches what is missing from mirrors that behave so; one with a colon is taken as it is.
  private func fetch(_ kinds: String...) throws {
    let mirrors = kinds.map { $0.contains(":") ? $0 : mirror.address($0) }
    let download = DataDownload(data([file]), into: folder, mirrors: mirrors)
    try download.run(download.missing())
  }

  private func problems(_ kinds: String...) -> [String] {
    let mirrors = kinds.map { $0.contains(":") ? $0 : mirror.address($0) }
    let download = DataDownload(data([file]), into: folder, mirrors: mirrors)
    do {
      try download.run(download.missing())
      return []
    } catch {
      return error.problems
    }
  }

  private func content(_ name: String = "images.gz") throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Leaves a half file.
  private func leave(_ bytes: some Sequence<UInt8>) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path + ".part"))
  }

  @Test func takesTheFilesOfThePublisher() throws {
    let labels: [UInt8] = [3, 1, 4]
    try mirror.offer(labels, as: "labels.gz")
    let second = PublishedFile(
      "labels.gz", byteCount: 3, sha256: Hexadecimal.string(SHA256.hash(labels)))
    let download = DataDownload(data([file, second]), into: folder)
    var told: [String] = []
    try download.run(download.missing()) { told.append($0.name) }
    #expect(told == ["images.gz", "labels.gz"])
    #expect(try content() == bytes && content("labels.gz") == labels)
    #expect(names == ["images.gz", "labels.gz"])
    #expect(try download.missing().isEmpty)
  }

  @Test func triesMirrorsInOrder() throws {
    // Nobody listens at port 1.
    try fetch("http://127.0.0.1:1/", "down", "gone", "good")
    #expect(try content() == bytes)
    #expect(
      mirror.requests == [
        "down images.gz whole", "gone images.gz whole", "good images.gz whole",
      ])
  }

  @Test func saysOfEachMirrorWhyNot() {
    let problems = problems("http://127.0.0.1:1/", "down", "wrong", "short", "long", "page")
    #expect(problems.count == 7)
    #expect(problems[0].contains("127.0.0.1") && problems[0].contains("curl (7)"))
    #expect(problems[1].contains("503"))
    #expect(problems[2].contains("other bytes: SHA-256 ") && problems[2].contains(file.sha256))
    #expect(problems[3].hasSuffix("has 100000 bytes, and 100001 are expected"))
    #expect(problems[4].hasSuffix("sends more than the 100001 bytes of the file"))
    #expect(problems[5].hasSuffix("has 27 bytes, and 100001 are expected"))
    #expect(problems[6] == "\(path): not fetched; none of 6 addresses has the file")
    #expect(names.isEmpty)
  }

  @Test func bytesOfAnotherDigestAreThrownAway() throws {
    try fetch("wrong", "good")
    #expect(try content() == bytes)
    #expect(mirror.requests == ["wrong images.gz whole", "good images.gz whole"])
    #expect(names == ["images.gz"])
  }

  @Test func goesOnWhereATransferBrokeOff() throws {
    // Half of what is left, each time.
    try fetch("cut", "good")
    #expect(
      mirror.requests == [
        "cut images.gz whole", "cut images.gz bytes=50001-", "cut images.gz bytes=75001-",
        "cut images.gz bytes=87501-", "cut images.gz bytes=93751-", "good images.gz bytes=96876-",
      ])
    #expect(try content() == bytes)
  }

  @Test func keepsTheHalfForTheNextCall() throws {
    #expect(
      problems("cut").first?.hasSuffix("broke off 5 times, after 96876 of 100001 bytes") == true)
    #expect(names == ["images.gz.part"])
    #expect(try content("images.gz.part") == Array(bytes[..<96_876]))
    try fetch("good")
    #expect(mirror.requests.last == "good images.gz bytes=96876-")
    #expect(try content() == bytes)
    #expect(names == ["images.gz"])
  }

  @Test func aHalfWithOtherBytesIsFetchedAnew() throws {
    try leave(bytes[..<500].map { ~$0 })
    try fetch("good")
    #expect(mirror.requests == ["good images.gz bytes=500-", "good images.gz whole"])
    #expect(try content() == bytes)
  }

  @Test func aServerWithoutRangesIsAskedForAll() throws {
    try leave(bytes[..<500])
    try fetch("plain")
    #expect(mirror.requests == ["plain images.gz bytes=500-", "plain images.gz whole"])
    #expect(try content() == bytes)
  }

  @Test func aShorterFileThanTheHalfIsAskedForAll() throws {
    try leave(bytes[..<100_000])
    #expect(problems("short").first?.hasSuffix("has 100000 bytes, and 100001 are expected") == true)
    #expect(mirror.requests == ["short images.gz bytes=100000-", "short images.gz whole"])
  }

  @Test func aWholeHalfNeedsNoMirror() throws {
    try leave(bytes)
    try fetch("down")
    #expect(mirror.requests.isEmpty)
    #expect(try content() == bytes)
  }

  @Test(arguments: [100_001, 100_002])
  func aHalfThatIsTooMuchIsFetchedAnew(count: Int) throws {
    try leave([UInt8](repeating: 7, count: count))
    try fetch("good")
    #expect(mirror.requests == ["good images.gz whole"])
    #expect(try content() == bytes)
  }

  @Test func followsARedirection() throws {
    try fetch("moved")
    #expect(mirror.requests == ["moved images.gz whole", "good images.gz whole"])
    #expect(try content() == bytes)
  }

  @Test func nothingButTheWebIsAsked() throws {
    let source = mirror.folder.path + "/"
    #expect(problems("file://" + source).first?.contains("curl (1)") == true)
    #expect(names.isEmpty)
  }

  @Test func aFileOfTheUserIsLeftAlone() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data([1]).write(to: URL(fileURLWithPath: path))
    let problems = problems("good")
    #expect(problems.count == 1)
    #expect(
      problems.first?.hasPrefix("\(path): is not the published file: its SHA-256 is ") == true)
    #expect(try content() == [1])
    #expect(mirror.requests.isEmpty)
  }

  @Test func oneProcessAtATime() throws {
    try leave([])
    let descriptor = unsafe open(path + ".part", O_RDWR | O_CLOEXEC)
    defer { _ = close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    #expect(problems("good") == ["\(path).part: another process is fetching this file"])
  }

  @Test func aLinkIsNotFollowed() throws {
    try leave([])
    try FileManager.default.removeItem(atPath: path + ".part")
    try home.write("mine", to: "mine")
    try FileManager.default.createSymbolicLink(
      atPath: path + ".part", withDestinationPath: home.path + "/mine")
    #expect(problems("good").count == 1)
    #expect(try home.text("mine") == "mine")
  }

  @Test func saysHowToDoItByHand() {
    let download = DataDownload(data([file]), into: folder)
    #expect(
      download.instructions([file]).problems == [
        "\(path): not there, and nothing is fetched offline; its address is "
          + "\(mirror.address("good"))images.gz, its SHA-256 \(file.sha256)"
      ])
  }

  // MARK: - Archives

  /// A data set of one archive with the files a.bin and b.bin, which the mirror has.
  private func archived() throws -> DataDownload {
    let archive = TapeFile.archive([("sample/a.bin", [1, 2, 3]), ("sample/b.bin", [4])])
    try mirror.offer(archive, as: "sample.tar")
    let file = PublishedFile(
      "sample.tar", byteCount: archive.count, sha256: Hexadecimal.string(SHA256.hash(archive)))
    let data = PublishedData(
      id: "sample", title: "", license: "", credit: "", page: "", mirrors: [mirror.address("good")],
      files: [file],
      contents: TapeArchive.Contents(folder: "sample", sizes: ["a.bin": 3, "b.bin": 1]), entry: "")
    return DataDownload(data, into: folder)
  }

  private func put(_ bytes: [UInt8], as name: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/sample", withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/sample/" + name))
  }

  private func problems(_ download: DataDownload) -> [String] {
    do {
      try download.run(download.missing())
      return []
    } catch {
      return error.problems
    }
  }

  @Test func unpacksAnArchiveOnce() throws {
    let download = try archived()
    #expect(problems(download).isEmpty && download.isProven)
    #expect(try content("sample/a.bin") == [1, 2, 3] && content("sample/b.bin") == [4])
    #expect(problems(download).isEmpty && download.isProven)
    // The archive may go; what was in it is enough, but then sizes are all that is known.
    try FileManager.default.removeItem(atPath: folder + "/sample.tar")
    #expect(try download.missing().isEmpty)
    #expect(problems(download).isEmpty && !download.isProven)
    try FileManager.default.removeItem(atPath: folder + "/sample/b.bin")
    #expect(try download.missing().count == 1)
    #expect(mirror.requests == ["good sample.tar whole"])
  }

  @Test func whatIsUnpackedIsComparedWithTheArchive() throws {
    let download = try archived()
    try download.run(download.missing())
    // Of the right size, which was enough once.
    try put([1, 2, 9], as: "a.bin")
    try FileManager.default.removeItem(atPath: folder + "/sample/b.bin")
    #expect(
      problems(download) == [
        "\(folder)/sample/a.bin: is not the file of the archive; move it away to have that unpacked"
      ])
    #expect(try content("sample/a.bin") == [1, 2, 9] && content("sample/b.bin") == [4])
  }

  @Test func unpackedFilesOfOtherSizesAreToldBeforeAnythingIsFetched() throws {
    let download = try archived()
    try put([], as: "a.bin")
    try put([4, 5], as: "b.bin")
    #expect(
      problems(download) == [
        "\(folder)/sample/a.bin: is not the published file: it has 0 bytes, and 3 are expected; move "
          + "it away to fetch it",
        "\(folder)/sample/b.bin: is not the published file: it has 2 bytes, and 1 are expected; move "
          + "it away to fetch it",
      ])
    #expect(mirror.requests.isEmpty)
    #expect(try content("sample/a.bin") == [] && content("sample/b.bin") == [4, 5])
  }

  @Test func onlyWhatIsMissingIsUnpacked() throws {
    let download = try archived()
    try put([1, 2, 3], as: "a.bin")
    let number = { [path = folder + "/sample/a.bin"] in
      try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
    let before = try number()
    #expect(problems(download).isEmpty && download.isProven)
    #expect(try number() == before)
    #expect(try content("sample/b.bin") == [4])
  }
}
