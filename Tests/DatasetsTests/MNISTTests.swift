import Datasets
import Determinism
import Foundation
import Tensors
import Testing

private let mnistFolder = ProcessInfo.processInfo.environment["GAUNTLET_MNIST"]

@Suite(
  .enabled(
    if: mnistFolder != nil,
    "NOT TESTED: set GAUNTLET_MNIST to a folder with the four MNIST files to test on them"))
struct MNISTTests {
  @Test func realFilesAreReadWhole() throws {
    let source = try IDXSource(folder: #require(mnistFolder))
    let data = try source.load(trainingCount: 0, seed: SeedPath(root: 1))
    #expect(data.training.count == 60_000)
    #expect(data.test.count == 10_000)
    #expect(data.training.shape == .image(height: 28, width: 28, channels: 1))
    #expect(data.training.labels.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(
      (0..<10).map { label in data.training.labels.count { $0 == label } }
        == [5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949])
    let pixels = try #require(try source.canonicalArrays())[0].bytes
    #expect(data.training.inputs.values.count == pixels.count)
    // Image 59,999 is read right only if every one before it is.
    #expect(
      data.training.inputs.row(59_999) == pixels.suffix(784).map { Float($0) / 255 })
  }

  @Test func canonicalArraysHoldThePublishedBytes() throws {
    let source = try IDXSource(folder: #require(mnistFolder), testLimit: 100)
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays.map(\.shape) == [[60_000, 28, 28], [60_000], [100, 28, 28], [100]])
    // Adler-32 of the values of the published files, as zlib.adler32 of Python gives it.
    #expect(arrays.prefix(2).map { adler32($0.bytes) } == [0x2490_8d82, 0x7d37_1421])
  }

  private func adler32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }
}
