import Foundation
import Hashing
import Testing

/// `Fixtures/sha256.json`, made by `Tests/Reference/sha256.py` from NIST's CAVP vectors
/// (SHA256ShortMsg.rsp, SHA256LongMsg.rsp, SHA256Monte.rsp; public domain).
private struct Fixture: Decodable {
  struct Known: Decodable {
    let message: Data
    let digest: String
  }
  let short: [Known]
  let long: [Known]
  let seed: String
  let checkpoints: [String]
  let lengths: String

  static func load() throws -> Fixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/sha256.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: path))
  }
}

private func digest(_ bytes: [UInt8]) -> String {
  Hexadecimal.string(SHA256.hash(bytes))
}

@Suite struct SHA256Tests {
  @Test func messagesOfTheStandardsTests() throws {
    let fixture = try Fixture.load()
    #expect(fixture.short.count == 65 && fixture.long.count == 17)
    for known in fixture.short + fixture.long {
      #expect(digest(Array(known.message)) == known.digest, "\(known.message.count) bytes")
    }
  }

  /// The Monte Carlo test: each digest is that of the three before it, a thousand times per
  /// checkpoint.
  @Test func chainsOfDigestsOfTheStandardsTests() throws {
    let fixture = try Fixture.load()
    #expect(fixture.checkpoints.count == 100)
    var seed: [UInt8] = stride(from: 0, to: 64, by: 2).compactMap { place in
      UInt8(fixture.seed.dropFirst(place).prefix(2), radix: 16)
    }
    for checkpoint in fixture.checkpoints {
      var last = [seed, seed, seed]
      for _ in 0..<1000 { last = [last[1], last[2], SHA256.hash(last[0] + last[1] + last[2])] }
      seed = last[2]
      #expect(Hexadecimal.string(seed) == checkpoint)
    }
  }

  @Test func everyLengthAroundTheBlocks() throws {
    var every = SHA256()
    for length in 0..<300 {
      every.update(SHA256.hash((0..<length).map { UInt8(truncatingIfNeeded: 7 * $0 + length) }))
    }
    #expect(Hexadecimal.string(every.finalize()) == (try Fixture.load().lengths))
  }

  @Test(arguments: [55, 56, 63, 64, 65, 119, 120, 128, 200])
  func piecesGiveTheDigestOfTheWhole(length: Int) {
    let message = (0..<length).map { UInt8(truncatingIfNeeded: 31 * $0 + 5) }
    let whole = SHA256.hash(message)
    for first in 0...length {
      var hash = SHA256()
      hash.update(Array(message.prefix(first)))
      hash.update([])
      hash.update(message.span.extracting(first..<length))
      #expect(hash.finalize() == whole, "\(first) of \(length) bytes first")
    }
    for size in 1...length {
      var hash = SHA256()
      for start in stride(from: 0, to: length, by: size) {
        hash.update(message.span.extracting(start..<min(start + size, length)))
      }
      #expect(hash.finalize() == whole, "\(length) bytes in pieces of \(size)")
    }
  }

  @Test func aCopyGoesOnFromWhereTheOriginalWas() {
    var first = SHA256()
    first.update(Array("ab".utf8))
    var second = first
    first.update(Array("c".utf8))
    second.update(Array("d".utf8))
    #expect(first.finalize() == SHA256.hash(Array("abc".utf8)))
    #expect(second.finalize() == SHA256.hash(Array("abd".utf8)))
  }

  /// More than 2^29 bits, so that the length takes the fourth byte; FIPS 180-4's own example of a
  /// million letters is the first part.
  @Test func aLongMessage() {
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    var hash = SHA256()
    hash.update(letters)
    #expect(
      Hexadecimal.string(hash.finalize())
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    var long = SHA256()
    for _ in 0..<68 { long.update(letters) }
    #expect(
      Hexadecimal.string(long.finalize())
        == "83ff0767d3c1da458f9e6082cf54c09e24cebfdbd0ce6b3739afe57c7ce580e0")
  }
}

@Suite struct HexadecimalTests {
  @Test func digitsAreLowerCaseTwoPerByte() {
    #expect(Hexadecimal.string([0, 9, 10, 255, 0x5c]) == "00090aff5c")
    #expect(Hexadecimal.string([UInt8]()).isEmpty)
  }
}
