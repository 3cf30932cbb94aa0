import Foundation
import Testing
import _TestSupport

@testable import Workers

@Suite struct InheritedFilesTests {
  /// A socket that somebody waits for would stay open as long as the process lives.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "there is no /proc"))
  func aProcessHasNothingOpenThatIsOurs() throws {
    // Without O_CLOEXEC, as some libraries open files.
    let open = try #require(FileHandle(forReadingAtPath: "/dev/null"))
    let copies = (0..<5).map { _ in dup(open.fileDescriptor) }
    defer { for copy in copies { close(copy) } }
    let folder = try TemporaryFolder()
    let text = """
      import os
      read()
      ready(name=" ".join(sorted(os.listdir("/proc/self/fd"), key=int)))
      """
    let channel = try WorkerChannel(
      WorkerCommand(try WorkerScript.python(text, in: folder), folder: folder.path), arrays: [:])
    // The last one is the listing itself.
    #expect(try channel.greet(.defense, [:]).name == "0 1 2 3")
    channel.close()
  }
}
