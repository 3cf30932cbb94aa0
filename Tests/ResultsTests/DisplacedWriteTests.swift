import Foundation
import Testing
import _TestSupport

@testable import Results

@Suite struct DisplacedWriteTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/log"
  }

  private func contents() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func aLineBehindHalfOfAnotherIsTakenBack() throws {
    let file = try POSIXFile(appendingTo: path)
    let (first, second) = (Array("first line\n".utf8), Array("second\n".utf8))
    try file.append(first)
    #expect(!file.withdrawIfDisplaced(first.count))
    try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 4)
    try file.append(second)
    #expect(file.withdrawIfDisplaced(second.count))
    #expect(try contents() == "firs" && !file.isInPlace)
  }

  @Test func whatAStrangerAppendedStays() throws {
    let file = try POSIXFile(appendingTo: path)
    let line = Array("mine\n".utf8)
    try file.append(line)
    try POSIXFile(appendingTo: path).append(Array("other\n".utf8))
    try file.append(line)
    #expect(file.withdrawIfDisplaced(line.count))
    #expect(try contents() == "mine\nother\n")
  }
}
