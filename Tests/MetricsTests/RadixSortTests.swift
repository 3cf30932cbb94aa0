import Determinism
import Testing

@testable import Metrics

@Suite struct RadixSortTests {
  @Test func `values come in the order of the standard library`() {
    var random = SeedPath(root: 3).stream()
    for count in [0, 1, 2, 7, 100, 5_000] {
      var values = (0..<count).map { _ in Float(bitPattern: random.word()) }
        .filter { !$0.isNaN }
      values += [0, 1, -1, .infinity, -.infinity, .leastNonzeroMagnitude, -.pi, 1, 1]
      #expect(RadixSort.ascending(values) == values.sorted())
    }
  }

  @Test func `zeros go by their sign and equal values stay`() {
    #expect(RadixSort.ascending([0, -0.0, 0]).map(\.sign) == [.minus, .plus, .plus])
    #expect(RadixSort.ascending([2, 2, 2]) == [2, 2, 2])
    #expect(RadixSort.ascending([]).isEmpty)
  }
}
