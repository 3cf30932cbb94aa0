import Dispatch
import Foundation
import Testing
import _TestSupport

@testable import Results

/// Turns of those who write into one folder.
@Suite struct FolderTurnTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Eight at once count to 200 in a file; each reads it, adds one and writes it.
  @Test func oneAfterTheOther() throws {
    try folder.write("0", to: "count")
    let path = folder.path + "/count"
    DispatchQueue.concurrentPerform(iterations: 8) { [folder] _ in
      for _ in 0..<25 {
        do {
          try TextFile.whileAlone(in: folder.path) {
            let count = try #require(Int(folder.text("count")))
            try TextFile.replace(path, with: "\(count + 1)")
          }
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    #expect(try folder.text("count") == "200")
    #expect(try folder.names() == ["count"])
  }

  @Test func anErrorEndsTheTurn() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try TextFile.whileAlone(in: folder.path) { throw Stop() } }
    #expect(try TextFile.whileAlone(in: folder.path) { 1 } == 1)
    #expect(throws: ResultError.self) { try TextFile.whileAlone(in: folder.path + "/none") {} }
  }
}
