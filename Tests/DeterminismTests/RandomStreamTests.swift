import Determinism
import Testing

@Suite struct RandomStreamTests {
  private func stream(_ index: Int = 0) -> RandomStream {
    SeedPath(root: 11).child(index).stream()
  }

  @Test func `64 bits are two words, low word first`() {
    var words = stream()
    var pairs = stream()
    for _ in 0..<20 {
      let low = UInt64(words.word())
      #expect(pairs.next() == low | UInt64(words.word()) << 32)
    }
  }

  @Test func `a copy goes on where the original stood`() {
    var original = stream()
    _ = original.normal()
    _ = original.word()
    var copy = original
    #expect((0..<9).map { _ in copy.normal() } == (0..<9).map { _ in original.normal() })
  }

  @Test func `units lie in 0 ..< 1 and fill it evenly`() {
    var random = stream(1)
    var counts = [Int](repeating: 0, count: 20)
    for _ in 0..<20_000 {
      let unit = random.unit()
      #expect(unit >= 0 && unit < 1)
      counts[Int(unit * 20)] += 1
    }
    #expect(chiSquare(counts) < 43.8)  // 19 degrees of freedom, p = 0.001
  }

  @Test(arguments: [1, 2, 3, 7, 10, 1_000])
  func `indices lie below the bound and are equally likely`(bound: Int) {
    var random = stream(2)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<200 * bound { counts[random.index(below: bound)] += 1 }
    // Mean `bound - 1`, standard deviation √(2(bound - 1)).
    let freedom = Double(bound - 1)
    #expect(chiSquare(counts) <= freedom + 4.5 * (2 * freedom).squareRoot() + 10)
  }

  @Test func `indices below a large bound do not favor the low ones`() {
    // Without rejection a bound of 3 · 2^30 would give the lowest third twice as often.
    var random = stream(3)
    let bound = 3 << 30
    let low = (0..<30_000).count { _ in random.index(below: bound) < 1 << 30 }
    #expect((9_650...10_350).contains(low))
  }

  @Test func `bounds outside the contract trap`() async {
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 1).stream()
      _ = random.index(below: 0)
    }
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 1).stream()
      _ = random.index(below: 1 << 32)
    }
  }

  @Test(arguments: [0, 1, 2, 5, 100])
  func `a shuffle keeps every element`(count: Int) {
    var random = stream(4)
    var values = Array(0..<count)
    random.shuffle(&values)
    #expect(values.sorted() == Array(0..<count))
    var again = stream(4)
    #expect(again.permutation(count) == values)
  }

  @Test func `every order of four is equally likely`() {
    var random = stream(5)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[random.permutation(4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(chiSquare(Array(counts.values)) < 49.7)  // 23 degrees of freedom, p = 0.001
  }

  @Test(arguments: [(0, 0), (0, 5), (1, 1), (3, 10), (10, 10)])
  func `a sample has distinct members of the population`(count: Int, population: Int) {
    var random = stream(6)
    let sample = random.sample(count, of: population)
    #expect(sample.count == count && Set(sample).count == count)
    #expect(sample.allSatisfy { (0..<population).contains($0) })
  }

  @Test func `every pair of five is equally likely`() {
    var random = stream(7)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<20_000 { counts[random.sample(2, of: 5), default: 0] += 1 }
    #expect(counts.count == 20)
    #expect(chiSquare(Array(counts.values)) < 43.8)
  }

  @Test func `a sample larger than the population traps`() async {
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 1).stream()
      _ = random.sample(4, of: 3)
    }
  }

  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }
}
