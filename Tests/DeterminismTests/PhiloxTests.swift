import Determinism
import Foundation
import Testing

/// A block of `Tests/Reference/random_streams.py`.
struct PhiloxCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var counter: [UInt32]
  var key: [UInt32]
  var expected: [UInt32]

  var testDescription: String { name }

  private struct File: Decodable {
    var known: [PhiloxCase]
    var derived: [PhiloxCase]
  }

  static func load(file: String = #filePath) throws -> [PhiloxCase] {
    let path = URL(fileURLWithPath: file).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/philox.json")
    let all = try JSONDecoder().decode(File.self, from: try Data(contentsOf: path))
    return all.known + all.derived
  }
}

@Suite struct PhiloxTests {
  @Test func `the fixture holds the three published vectors and more`() throws {
    let cases = try PhiloxCase.load()
    #expect(cases.prefix(3).map(\.name) == ["zeros", "ones", "pi"])
    #expect(cases.count == 19)
  }

  @Test(arguments: try PhiloxCase.load())
  func `blocks equal the known answers`(_ test: PhiloxCase) {
    let c = test.counter
    let words = Philox.block(
      counter: SIMD4(c[0], c[1], c[2], c[3]), key: SIMD2(test.key[0], test.key[1]))
    #expect((0..<4).map { words[$0] } == test.expected)
  }

  @Test func `one bit of counter or key changes about half of the output bits`() {
    let start = Philox.block(counter: SIMD4(1, 2, 3, 4), key: SIMD2(5, 6))
    var flips = 0
    for bit in 0..<32 {
      let other = Philox.block(counter: SIMD4(1 ^ (1 << bit), 2, 3, 4), key: SIMD2(5, 6))
      let keyed = Philox.block(counter: SIMD4(1, 2, 3, 4), key: SIMD2(5, 6 ^ (1 << bit)))
      for word in 0..<4 {
        flips += (start[word] ^ other[word]).nonzeroBitCount
        flips += (start[word] ^ keyed[word]).nonzeroBitCount
      }
    }
    // 8,192 fair coins: mean 4,096, standard deviation 45.
    #expect((3_870...4_320).contains(flips))
  }
}
