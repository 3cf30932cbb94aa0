import Foundation
import Synchronization
import Testing
import _TestSupport

@testable import Workers

/// Folders of matrices that processes left behind, and those that are none of them.
@Suite struct StaleFolderTests {
  private let place: TemporaryFolder

  init() throws { place = try TemporaryFolder() }

  private func make(_ name: String, mode: Int = 0o700, age: Double = 1_000) throws -> String {
    let path = place.path + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try Data([1]).write(to: URL(fileURLWithPath: path + "/updates.npy"))
    try FileManager.default.setAttributes(
      [.posixPermissions: mode, .modificationDate: Date().addingTimeInterval(-age)],
      ofItemAtPath: path)
    return path
  }

  @Test func foldersThatNobodyHoldsGo() throws {
    _ = try make("gauntlet-matrices-aB3xyz")
    _ = try make("gauntlet-matrices-000000")
    StaleFolders.remove(in: place.path)
    #expect(try place.names().isEmpty)
  }

  @Test func anOwnFolderIsHeldThoughSomebodyLooksAtIt() throws {
    let path = try make("gauntlet-matrices-mine00", age: 0)
    let looking = Mutex(FolderLock(path))
    #expect(FolderLock(path) == nil)
    Thread.detachNewThread {
      usleep(50_000)
      looking.withLock { $0 = nil }
    }
    #expect(FolderLock(path, waits: true) != nil)
  }

  @Test func allOthersStay() throws {
    let held = try make("gauntlet-matrices-held00")
    let lock = try #require(FolderLock(held))
    _ = try make("gauntlet-matrices-young0", age: 5)
    _ = try make("gauntlet-matrices-open00", mode: 0o755)
    _ = try make("gauntlet-matrices-longer0")
    _ = try make("gauntlet-matrices-a.b.c.")
    _ = try make("gauntlet-results")
    let target = try make("target")
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/gauntlet-matrices-link00", withDestinationPath: target)
    let names = try place.names().sorted()
    StaleFolders.remove(in: place.path)
    #expect(try place.names().sorted() == names && names.count == 8)
    #expect(FileManager.default.fileExists(atPath: target + "/updates.npy"))
    withExtendedLifetime(lock) {}
  }

  @Test func aFolderInUseIsHeld() throws {
    let folder = try #require(MatrixFolder.make(["updates": 3]))
    #expect((folder.path as NSString).lastPathComponent.hasPrefix(StaleFolders.prefix))
    #expect(FolderLock(folder.path) == nil)
    withExtendedLifetime(folder) {}
  }

  @Test func aLockIsGivenBack() throws {
    let path = try make("gauntlet-matrices-aB3xyz")
    var lock = FolderLock(path)
    #expect(lock != nil && FolderLock(path) == nil)
    lock = nil
    #expect(FolderLock(path) != nil)
    #expect(FolderLock(place.path + "/none") == nil)
  }
}
