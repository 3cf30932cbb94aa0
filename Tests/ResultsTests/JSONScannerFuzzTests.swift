import Foundation
import Testing
import _TestSupport

@testable import Results

/// Random values, and random bytes with fixed seeds.
@Suite struct JSONScannerFuzzTests {
  private static func text(_ random: inout SeededGenerator) -> String {
    let parts = ["a", "é", "\"", "\\", "\n", "\u{1}", "😀", "/", " ", "\u{2028}", "key"]
    return (0..<Int.random(in: 0...4, using: &random))
      .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
  }

  private static func value(_ random: inout SeededGenerator, depth: Int = 0) -> JSONValue {
    switch Int.random(in: 0...(depth < 4 ? 7 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int.random(in: -1000...1000, using: &random))
    case 3: return .number(Double.random(in: -1...1, using: &random))
    case 4:
      let number = Double(bitPattern: random.next())
      return .number(number.isFinite ? number : 0.5)
    case 5: return .string(text(&random))
    case 6:
      return .array(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        members[text(&random)] = value(&random, depth: depth + 1)
      }
      return .object(members)
    }
  }

  private static func scanned(_ bytes: [UInt8]) -> JSONValue? { try? result(bytes).get() }

  private static func result(_ bytes: [UInt8]) -> Result<JSONValue, JSONScanner.Problem> {
    Result { () throws(JSONScanner.Problem) in
      var scanner = JSONScanner(bytes)
      let value = try scanner.value()
      try scanner.finish()
      return value
    }
  }

  /// Whether `skip` says the same as `value`, except that it does not look how large a number is.
  private static func isSkippedAlike(_ bytes: [UInt8]) -> Bool {
    var scanner = JSONScanner(bytes)
    var skipped: JSONScanner.Problem?
    do throws(JSONScanner.Problem) {
      try scanner.skip()
      try scanner.finish()
    } catch {
      skipped = error
    }
    guard case .failure(let problem) = result(bytes) else { return skipped == nil }
    return problem == skipped || problem.reason.hasSuffix("is too large")
  }

  @Test func valuesSurviveARoundTrip() throws {
    var random = SeededGenerator(1)
    for _ in 0..<1000 {
      let text = CanonicalJSON.string(Self.value(&random))
      let found = try #require(Self.scanned(Array(text.utf8)), "\(text)")
      #expect(CanonicalJSON.string(found) == text)
      // Another decoder reads the same.
      let other = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
      #expect(CanonicalJSON.string(other) == text)
      let pretty = JSONEncoder()
      pretty.outputFormatting = [.prettyPrinted]
      let spaced = try #require(Self.scanned([UInt8](pretty.encode(found))), "\(text)")
      #expect(CanonicalJSON.string(spaced) == text)
    }
  }

  @Test func mutationsAreReadAsFoundationReadsThemOrRefused() throws {
    var random = SeededGenerator(2)
    var count = 0
    for _ in 0..<2000 {
      var bytes = Array(CanonicalJSON.string(Self.value(&random)).utf8)
      guard !bytes.isEmpty else { continue }
      let alphabet = Array("{}[]\",:0123456789.eE+-\\unltf \n\u{1}é".utf8)
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = alphabet.randomElement(using: &random) ?? 0
      }
      #expect(Self.isSkippedAlike(bytes))
      guard let found = Self.scanned(bytes) else { continue }
      count += 1
      // Stricter than Foundation is fine, looser is not.
      let other = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(other.map(CanonicalJSON.string) == CanonicalJSON.string(found), "\(text)")
    }
    #expect(count > 100)
  }

  @Test func randomBytesNeverTrap() {
    var random = SeededGenerator(3)
    for _ in 0..<3000 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = Self.scanned(bytes)
      _ = Self.scanned(Array("{\"a".utf8) + bytes)
      _ = Self.scanned(Array("[\"\\u".utf8) + bytes)
      _ = Self.scanned(Array("[1.".utf8) + bytes)
    }
  }

  @Test func truncatedAndChangedRecordsNeverTrap() {
    let line = Fixtures.record(axes: ["a": "b"], flags: ["x"], resolved: ["gamma": 0.5]).line
    let bytes = Array(line.utf8)
    for count in 0..<bytes.count {
      let text = String(decoding: bytes.prefix(count), as: UTF8.self)
      #expect(throws: JSONScanner.Problem.self) { try TrialRecordV1(line: text) }
    }
    var random = SeededGenerator(4)
    for _ in 0..<2000 {
      var changed = bytes
      let place = Int.random(in: 0..<bytes.count, using: &random)
      changed[place] = UInt8.random(in: 0...255, using: &random)
      var scanner = JSONScanner(changed)
      _ = try? TrialRecordV1(scanning: &scanner)
    }
  }
}
