import Testing

@testable import Kernels

@Suite struct PairOfTilesTests {
  @Test func pairsAreCountedThrough() {
    var index = 0
    for last in 0..<60 {
      for first in 0...last {
        #expect(pairOfTiles(index) == (first, last))
        index += 1
      }
    }
  }

  @Test(arguments: [94_906_265, 1 << 30, 3_000_000_000])
  func farOut(last: Int) {
    let start = last * (last + 1) / 2
    #expect(pairOfTiles(start - 1) == (last - 1, last - 1))
    #expect(pairOfTiles(start) == (0, last))
    #expect(pairOfTiles(start + last) == (last, last))
  }
}
