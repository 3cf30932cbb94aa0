import Foundation
import JSON
import Kernels
import Tensors
import Testing
import _TestSupport

@testable import Workers

/// Conversations that go well.
@Suite struct WorkerChannelTests {
  private static let rows = Matrix<Float>(rows: [[1, 2, 3], [3, 4, 8]])

  private static func mean(
    _ channel: WorkerChannel, _ rows: Matrix<Float> = rows
  ) throws -> [Float] {
    var results = [WorkerArray("result", [Float](repeating: .nan, count: rows.columnCount))]
    _ = try channel.ask(
      "aggregate", answer: "aggregated", ["round": 0], arrays: [WorkerArray("updates", rows)],
      results: &results)
    return results[0].values
  }

  @Test(arguments: WorkerCommand.Transport.allCases)
  func aMatrixGoesThereAndAVectorComesBack(transport: WorkerCommand.Transport) throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python(WorkerScript.mean, in: folder)
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path, transport: transport),
      arrays: ["updates": 12, "result": 3])
    #expect(channel.transport == transport)
    for _ in 0..<2 {
      let ready = try channel.greet(.defense, ["seed": 7])
      #expect(ready.name == "test" && ready.version == "1" && ready.isReusable)
      #expect(try Self.mean(channel) == [2, 3, 5.5])
      // Fewer rows, and more again, in the same file.
      #expect(try Self.mean(channel, Matrix(rows: [[5, 6, 7]])) == [5, 6, 7])
      let more = Matrix<Float>(rows: [[0, 0, 0], [4, 4, 4], [4, 4, 4], [0, 0, 8]])
      #expect(try Self.mean(channel, more) == [2, 2, 4])
    }
    let group = channel.group
    channel.close()
    #expect(try ProcessGroup.isEmpty(group))
    #expect(throws: WorkerError.self) { try Self.mean(channel) }
  }

  @Test func largeMatricesGoInline() throws {
    let folder = try TemporaryFolder()
    let text = """
      hello = read()
      ready()
      message = read()
      values = load(hello, message, "updates")
      say(type="aggregated", call=1, arrays={"result": [len(values)]})
      put(hello, reversed(values))
      read()
      """
    let words = try WorkerScript.python(text, in: folder)
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path, transport: .inline), arrays: [:])
    _ = try channel.greet(.defense, [:])
    let count = 3_000_000
    var results = [WorkerArray("result", [Float](repeating: 0, count: count))]
    let sent = (0..<count).map { Float($0) }
    _ = try channel.ask(
      "aggregate", answer: "aggregated", [:],
      arrays: [WorkerArray("updates", Matrix(rowCount: 3, columnCount: count / 3, values: sent))],
      results: &results)
    #expect(results[0].values == sent.reversed())
    channel.close()
  }

  @Test func numPyCanReadTheFiles() throws {
    let folder = try #require(MatrixFolder.make(["updates": 6]))
    let file = try #require(folder.files["updates"])
    #expect(
      file.writeHeader(shape: [2, 2]) && file.write(Matrix<Float>(rows: [[1, 2], [3, 4]]).span))
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
    #expect(bytes.count == 128 + 4 * 6)
    #expect(Array(bytes[..<10]) == [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), } "))
    #expect(header.hasSuffix(" \n"))
    #expect(Array(bytes[128..<132]) == [0, 0, 0x80, 0x3F])
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions]
    #expect(mode as? Int == 0o700)
  }

  @Test func theFolderOfMatricesGoesAway() throws {
    var folder = MatrixFolder.make(["updates": 6])
    let path = try #require(folder?.path)
    try "left".write(toFile: path + "/left", atomically: false, encoding: .utf8)
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func theWorkerRunsInItsFolderWithFewThreads() throws {
    let folder = try TemporaryFolder()
    let text = """
      ready(name=os.getcwd(), version=os.environ["OMP_NUM_THREADS"] + os.environ["GAUNTLET_WORKER"])
      read()
      """
    let words = try WorkerScript.python("read()\n" + text, in: folder)
    let channel = try WorkerChannel(WorkerCommand(words, folder: folder.path), arrays: [:])
    let ready = try channel.greet(.defense, [:])
    #expect(AbsolutePath.of(ready.name) == AbsolutePath.of(folder.path))
    #expect(ready.version == "11")
    channel.close()
  }
}
