import Diagnostics
import Testing
import _TestSupport

@testable import Gating

@Suite struct ClaimsFileTests {
  static let good = """
    schema: gauntlet/claims/1
    claims:
      - id: median-resists-alie
        where: {defense: median, attack: [alie, "ipm-*"], threat.malicious: {max: 0.2}}
        expect:
          accuracy.final: {min: 0.85}
          asr.final: {min: 0, max: 1.5e-1}
        over: worst
        confidence: 0.99
        source: "Table 3"
        note: as printed
      - id: mean-breaks
        where: {defense: mean, clients: 20, rounds: {min: 10, max: 60}}
        expect: {accuracy.final: {min: 0.9}}
        holds: false
      - {id: average, where: {attack: none}, expect: {asr.final: {max: 0.1}}, over: mean}

    """

  @Test func everyFormIsRead() throws {
    let file = try ClaimsFile(text: Self.good, path: "c.yaml")
    #expect(file.path == "c.yaml")
    try #require(file.claims.count == 3)
    let first = file.claims[0]
    #expect(first.id == "median-resists-alie")
    #expect(
      first.cells
        == CellFilter([
          "defense": .oneOf(["median"]), "attack": .oneOf(["alie", "ipm-*"]),
          "threat.malicious": .between(min: nil, max: 0.2),
        ]))
    #expect(
      first.bounds == [
        .init(metric: "accuracy.final", relation: .atLeast, value: 0.85),
        .init(metric: "asr.final", relation: .atLeast, value: 0),
        .init(metric: "asr.final", relation: .atMost, value: 0.15),
      ])
    #expect(first.over == .worst)
    #expect(first.confidence == 0.99)
    #expect(first.source == "Table 3")
    #expect(first.note == "as printed")
    #expect(first.holds)
    #expect(first.position?.line == 3)
    let second = file.claims[1]
    #expect(second.cells.conditions["clients"] == .oneOf(["20"]))
    #expect(second.cells.conditions["rounds"] == .between(min: 10, max: 60))
    #expect(second.over == .everyCell)
    #expect(second.confidence == 0.95)
    #expect(!second.holds)
    #expect(second.source == nil)
    #expect(file.claims[2].over == .mean)
  }

  @Test func filesAreRead() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.good, to: "c.yaml")
    #expect(try ClaimsFile(path: folder.path + "/c.yaml").claims.count == 3)
    let path = folder.path + "/none.yaml"
    let error = #expect(throws: DocumentError.self) { try ClaimsFile(path: path) }
    #expect(error?.description.contains(path) == true)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var messages: [String]
    var testDescription: String { messages.joined(separator: "; ") }

    init(_ old: String, _ new: String, _ messages: String...) {
      (self.old, self.new, self.messages) = (old, new, messages)
    }
  }

  static let cases: [Case] = [
    .init(
      "over: worst", "over: worse",
      "8:11: claims[0].over is 'worse'; it has to be one of 'every-cell', 'worst', 'mean'; "
        + "did you mean 'worst'?"),
    .init("    note:", "    notes:", "11:5: unknown key 'claims[0].notes'; did you mean 'note'?"),
    .init(
      "claims:\n", "claim:\n", "2:1: unknown key 'claim'; did you mean 'claims'?"),
    .init(
      "claims/1", "claims/2",
      "1:1: has the format 'gauntlet/claims/2'; this version reads 'gauntlet/claims/1'"),
    .init("schema: gauntlet/claims/1\n", "", "1:1: schema is missing"),
    .init("id: average, ", "", "16:5: claims[2].id is missing"),
    .init("where: {attack: none}, ", "", "16:5: claims[2].where is missing"),
    .init("expect: {asr.final: {max: 0.1}}, ", "", "16:5: claims[2].expect is missing"),
    .init(
      "id: average", "id: mean-breaks", "16:5: the claim 'mean-breaks' is given twice"),
    .init(
      "confidence: 0.99", "confidence: 0.5",
      "9:17: claims[0].confidence has to be a number above 0.5 and at most 0.9999, not '0.5'"),
    .init(
      "confidence: 0.99", "confidence: 95",
      "9:17: claims[0].confidence has to be a number above 0.5 and at most 0.9999, not '95'"),
    .init(
      "holds: false", "holds: maybe", "15:12: claims[1].holds has to be true or false, not 'maybe'"),
    .init(
      "{max: 0.1}", "{mx: 0.1}", "16:62: claims[2].expect.asr.final needs min or max",
      "16:63: unknown key 'claims[2].expect.asr.final.mx'; did you mean 'max'?"),
    .init(
      "expect: {asr.final: {max: 0.1}}", "expect: {}",
      "16:50: claims[2].expect names no bound, such as {asr.final: {max: 0.15}}"),
    .init(
      "[alie, \"ipm-*\"]", "[]", "4:38: claims[0].where.attack has to be a list of texts"),
    .init(
      "[alie, \"ipm-*\"]", "[[a]]", "4:38: claims[0].where.attack has to be a list of texts"),
    .init(
      "{max: 0.2}", "{most: 0.2}", "4:73: claims[0].where.threat.malicious needs min or max",
      "4:74: unknown key 'claims[0].where.threat.malicious.most'; known: min, max"),
  ]

  private static func messages(_ text: String) -> [String]? {
    do {
      _ = try ClaimsFile(text: text, path: "c.yaml")
      return nil
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  @Test(arguments: cases) func everyProblemHasItsPlace(_ problem: Case) throws {
    let range = try #require(Self.good.firstRange(of: problem.old), "the case replaces nothing")
    let text = Self.good.replacingCharacters(range, with: problem.new)
    #expect(Self.messages(text) == problem.messages.map { "c.yaml:\($0)" })
  }

  @Test func allProblemsComeAtOnce() {
    let messages = Self.messages(
      """
      schema: gauntlet/claims/1
      claims:
        - {id: a, where: {attack: x}, expect: {m: {max: y}}, ovr: worst}
        - {id: a, where: 3, expect: {m: {min: 1}}}
        - 7
      extra: 1
      """)
    #expect(messages?.count ?? 0 >= 5)
    for part in [
      "3:51: ", "3:56: unknown key 'claims[0].ovr'", "claims[1].where", "claims[2]", "6:1: ",
    ] {
      #expect(messages?.contains { $0.contains(part) } == true, "\(part): \(messages ?? [])")
    }
  }

  @Test(arguments: [
    "", "3", "- a", "schema: gauntlet/claims/1\nclaims: []", "schema: gauntlet/claims/1\nclaims: 3",
    "schema: [", "schema: gauntlet/claims/1\nclaims: {a: 1}", "a: b: c",
  ])
  func whatIsNoClaimsFileIsRefused(text: String) {
    #expect(Self.messages(text)?.isEmpty == false)
  }
}

extension String {
  fileprivate func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
