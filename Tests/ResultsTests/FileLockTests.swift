#if os(Linux)
import Foundation
import Testing
import _TestSupport

@testable import Results

@Suite struct FileLockTests {
  /// What a child that is being started holds until its program runs.
  @Test func aCopyOfTheDescriptorDoesNotKeepTheLock() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    var file: POSIXFile? = try POSIXFile(appendingTo: path)
    #expect(file?.lock() == true)
    #expect(try !POSIXFile(appendingTo: path).lock(), "it is held")
    let copy = dup(try #require(try Self.descriptor(of: path)))
    defer { close(copy) }
    file = nil
    #expect(try POSIXFile(appendingTo: path).lock())
  }

  /// The number of the open file with this path.
  private static func descriptor(of path: String) throws -> Int32? {
    let wanted = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
      .first {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0))
          == wanted
      }
      .flatMap { Int32($0) }
  }
}
#endif
