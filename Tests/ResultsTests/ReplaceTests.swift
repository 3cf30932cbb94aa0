import Foundation
import Testing
import _TestSupport

@testable import Results

/// Files that are replaced as a whole.
@Suite struct ReplaceTests {
  @Test func writersAtOnceLeaveOneWholeText() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.json"
    let texts = (1...8).map { String(repeating: "\($0)", count: 10_000 * $0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for text in texts {
        group.addTask { for _ in 1...5 { try TextFile.replace(path, with: text) } }
      }
      try await group.waitForAll()
    }
    #expect(texts.contains(try folder.text("a.json")))
    #expect(try folder.names() == ["a.json"])
  }

  @Test func aLinkIsFollowedWhereverItLeads() throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try files.createDirectory(atPath: folder.path + "/b", withIntermediateDirectories: false)
    try files.createSymbolicLink(
      atPath: folder.path + "/first", withDestinationPath: "b/second")
    try files.createSymbolicLink(
      atPath: folder.path + "/b/second", withDestinationPath: "third")
    for text in ["new", "newer"] {
      try TextFile.replace(folder.path + "/first", with: text)
      #expect(try folder.text("b/third") == text)
    }
    #expect(try folder.names() == ["b", "first"])
    try files.createSymbolicLink(atPath: folder.path + "/round", withDestinationPath: "round")
    #expect(throws: ResultError.self) {
      try TextFile.replace(folder.path + "/round", with: "x")
    }
  }

  @Test func theModeStays() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o604], ofItemAtPath: folder.path + "/a")
    try TextFile.replace(folder.path + "/a", with: "new")
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/a")[
      .posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o604)
    #expect(try folder.text("a") == "new")
  }

  @Test func devicesAreWrittenToAndFoldersAreNot() throws {
    try TextFile.replace("/dev/null", with: "gone")
    let folder = try TemporaryFolder()
    #expect(throws: ResultError.self) { try TextFile.replace(folder.path, with: "x") }
  }
}
