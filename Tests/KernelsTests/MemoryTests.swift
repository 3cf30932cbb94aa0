import Kernels
import Testing

@Suite struct MemoryTests {
  @Test(arguments: [0, 1, 7, 1000])
  func `a copy has the bits of its source`(count: Int) {
    let source = sampleValues(count)
    var target = [Float](repeating: 7, count: count + 2)
    var all = target.mutableSpan
    var middle = all._mutatingExtracting(1..<count + 1)
    Memory.copy(source.span, into: &middle)
    #expect(target.bits == ([7] + source + [7]).bits)

    let numbers = Array(0..<count)
    var copied = [Int](repeating: -1, count: count)
    var span = copied.mutableSpan
    Memory.copy(numbers.span, into: &span)
    #expect(copied == numbers)
  }

  @Test(arguments: [0, 1, 7, 1000])
  func `a fill reaches every value and no other`(count: Int) {
    var target = [Float](repeating: 7, count: count + 2)
    var all = target.mutableSpan
    var middle = all._mutatingExtracting(1..<count + 1)
    Memory.fill(&middle, with: -0.0)
    #expect(target.bits == ([7] + [Float](repeating: -0.0, count: count) + [7]).bits)
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1000])
  func `spans are equal bit by bit`(count: Int) {
    func areEqual(_ first: [Float], _ second: [Float]) -> Bool {
      Memory.areEqual(first.span, second.span)
    }
    let values = sampleValues(count)
    #expect(areEqual(values, values.map { $0 }))
    #expect(!areEqual(values, [0] + values))
    for place in values.indices {
      var other = values
      other[place] = Float(bitPattern: other[place].bitPattern ^ 1)
      #expect(!areEqual(values, other))
    }
    #expect(!areEqual([0], [-0.0]))
  }

  @Test func `a copy between two lengths is refused`() async {
    await #expect(processExitsWith: .failure) {
      let source: [Float] = [1, 2]
      var target: [Float] = [0]
      var span = target.mutableSpan
      Memory.copy(source.span, into: &span)
    }
  }
}
