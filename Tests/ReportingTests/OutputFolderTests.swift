import Foundation
import Testing
import _TestSupport

@testable import Reporting

@Suite struct OutputFolderTests {
  private let folder: TemporaryFolder
  private let files = [
    OutputFolder.File("index.html", "page"), OutputFolder.File("tables/a.csv", "1\n"),
  ]

  init() throws { folder = try TemporaryFolder() }

  private func output(_ name: String, schema: String = "test/1") -> OutputFolder {
    OutputFolder(folder.path + "/" + name, schema: schema)
  }

  private func refusal(_ output: OutputFolder) -> String? {
    do {
      try output.check()
      return nil
    } catch {
      return error.description
    }
  }

  private func failure(_ output: OutputFolder) -> String? {
    do {
      try output.write(files)
      return nil
    } catch {
      return error.description
    }
  }

  private func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/" + name, withIntermediateDirectories: true)
  }

  @Test func writesTheFilesAndAList() throws {
    try output("out").write(files)
    #expect(try folder.names() == ["out"])
    #expect(try folder.text("out/index.html") == "page")
    #expect(try folder.text("out/tables/a.csv") == "1\n")
    #expect(
      try folder.text("out/contents.json")
        == #"{"files":["index.html","tables/a.csv"],"schema":"test/1"}"# + "\n")
  }

  @Test func replacesItsOwnAsAWhole() throws {
    try output("out").write(files)
    try output("out").write([.init("other.txt", "new")])
    #expect(try folder.names() == ["out"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").sorted()
        == ["contents.json", "other.txt"])
  }

  @Test func writesIntoAnEmptyFolder() throws {
    try makeFolder("out")
    try output("out").write(files)
    #expect(try folder.text("out/index.html") == "page")
  }

  @Test func makesTheFoldersAbove() throws {
    try output("a/b/out").write(files)
    #expect(try folder.text("a/b/out/index.html") == "page")
  }

  @Test func slashesAtTheEndMeanNothing() throws {
    try output("out//").write(files)
    try output("out/").write([.init("b", "b")])
    #expect(try folder.names() == ["out"])
    #expect(try folder.text("out/b") == "b")
  }

  @Test func refusesWhatItDidNotWrite() throws {
    try makeFolder("results")
    try folder.write("{}", to: "results/run.json")
    #expect(refusal(output("results"))?.contains("holds other files") == true)
    #expect(try folder.text("results/run.json") == "{}")
    try folder.write("", to: "file")
    #expect(refusal(output("file"))?.contains("is a file") == true)
    try output("site", schema: "other/1").write(files)
    #expect(refusal(output("site"))?.contains("holds other files") == true)
  }

  @Test(arguments: [
    "{\"schema\":\"test/1\"}", "{", "", "[]", "\"schema\":\"test/1\"", "{\"files\":3}",
  ])
  func refusesAListThatIsNone(text: String) throws {
    try makeFolder("out")
    try folder.write(text, to: "out/contents.json")
    #expect(refusal(output("out")) != nil)
  }

  /// A report of one's own with notes in it is not thrown away.
  @Test(arguments: ["notes.txt", "tables/mine.csv", ".git/config"])
  func refusesItsOwnWithOtherFilesInIt(name: String) throws {
    try output("out").write(files)
    try makeFolder("out/.git")
    try folder.write("mine", to: "out/" + name)
    #expect(refusal(output("out"))?.contains("'\(name)'") == true)
    #expect(failure(output("out")) != nil)
    #expect(try folder.text("out/" + name) == "mine")
    #expect(try folder.names() == ["out"])
  }

  @Test func whatADesktopLeavesIsNobodys() throws {
    try output("out").write(files)
    try folder.write("", to: "out/tables/.DS_Store")
    #expect(refusal(output("out")) == nil)
  }

  @Test func refusesTheFolderThatOneIsIn() throws {
    for path in [".", "./", "..", "/", FileManager.default.currentDirectoryPath] {
      let problem = try #require(refusal(OutputFolder(path, schema: "test/1")))
      #expect(problem.contains("holds the folder that you are in"), "\(path)")
    }
  }

  @Test func aLinkStaysOne() throws {
    try makeFolder("real")
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
    try output("link").write(files)
    try output("link/").write(files)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real")
    #expect(try folder.text("real/index.html") == "page")
    #expect(try folder.names() == ["link", "real"])
  }

  @Test func aLinkToWhatItDidNotWriteIsRefused() throws {
    try makeFolder("real")
    try folder.write("mine", to: "real/file")
    for (name, target) in [("folder", "real"), ("file", "real/file"), ("nowhere", "gone")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + name, withDestinationPath: target)
      #expect(failure(output(name)) != nil)
    }
    #expect(try folder.names() == ["file", "folder", "nowhere", "real"])
    #expect(try folder.text("real/file") == "mine")
  }

  @Test func nothingIsLeftWhereItCannotBeWritten() throws {
    try folder.write("mine", to: "file")
    #expect(failure(output("file/out"))?.contains("cannot be written") == true)
    #expect(try folder.names() == ["file"])
    #expect(try folder.text("file") == "mine")
  }

  @Test func theOldOneStaysWhenWritingFails() throws {
    try output("out").write(files)
    // A path below a file cannot be made.
    let broken = [OutputFolder.File("a", "1"), OutputFolder.File("a/b", "2")]
    #expect(throws: OutputFolder.Problem.self) { try output("out").write(broken) }
    #expect(throws: OutputFolder.Problem.self) { try output("x/y/new").write(broken) }
    #expect(try folder.names() == ["out"])
    #expect(try folder.text("out/index.html") == "page")
  }
}
