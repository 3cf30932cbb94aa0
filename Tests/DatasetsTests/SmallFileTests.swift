import Components
import Datasets
import Tensors
import Testing
import _AllocationCounter

#if os(Linux) && !SANITIZED
/// Counts bytes, each time in a process of its own, where nothing else runs.
@Suite struct SmallFileTests {
  /// Zeros for the largest pattern were made for each text once.
  @Test func aSmallPatternTakesLittleMemory() async {
    await #expect(processExitsWith: .success) {
      let scratch = try Scratch()
      let path = try scratch.write(Array("#.\n.#\n".utf8), to: "pattern.txt")
      let (pattern, byteCount) = try counting { try PatternFile(path: path) }
      #expect(pattern.cells.rowCount == 2)
      #expect((1...100_000).contains(byteCount), "\(byteCount) bytes")
    }
  }

  @Test func aSmallTableTakesLittleMemory() async {
    await #expect(processExitsWith: .success) {
      let scratch = try Scratch()
      let path = try scratch.write(Array("1,0\n2,1\n3,0\n4,1\n".utf8), to: "table.csv")
      let (source, byteCount) = try counting {
        try openDataset(dataset("csv"), ["file": .text(path), "test-share": .real(0.5)])
      }
      #expect(source.trainingCount == 2)
      #expect((1...1_000_000).contains(byteCount), "\(byteCount) bytes")
    }
  }
}

/// The most bytes that live while something is made, besides those that lived before.
private func counting<Result>(_ make: () throws -> Result) throws -> (Result, Int) {
  AllocationCounter.resetPeak()
  let start = AllocationCounter.liveBytes
  let result = try make()
  return (result, AllocationCounter.peakBytes - start)
}
#endif
