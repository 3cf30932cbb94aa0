import Testing

@testable import Results

/// The operating curves in a line of `trials.jsonl`.
@Suite struct TrialCurvesTests {
  private static let steps = TrialRecordV1.falsePositiveRates
  private static let flat = [Double](repeating: 0, count: 20) + [1]

  @Test func pointsAreTwentyStepsApart() {
    #expect(Self.steps.count == 21 && Self.steps[0] == 0 && Self.steps[20] == 1)
    #expect(Self.steps[1] == 0.05 && Self.steps[3] == 0.15)
  }

  @Test func curvesSurviveARoundTrip() throws {
    let record = Fixtures.record(roc: ["norm": Self.steps, "rule": Self.flat, "\"<a>": Self.flat])
    let zeros = [String](repeating: "0", count: 20).joined(separator: ",")
    #expect(
      record.line.contains(
        #","roc":{"\"<a>":[\#(zeros),1],"norm":[0,0.05,0.1,0.15,0.2,"#))
    #expect(record.line.contains(#"],"rule":[\#(zeros),1]},"rounds":60,"#))
    #expect(try TrialRecordV1(line: record.line) == record)
  }

  @Test func aLineWithoutThemStaysAsItIs() throws {
    let record = Fixtures.record()
    #expect(!record.line.contains("roc"))
    #expect(try TrialRecordV1(line: record.line)?.roc == [:])
    let null = record.line.dropLast() + #","roc":null}"#
    #expect(try TrialRecordV1(line: String(null)) == record)
  }

  private static let illegal = [
    "[]", "[0,1]", "[\(flat.map { "\($0)" }.joined(separator: ",")),1]",
    "[1\(String(repeating: ",0", count: 20))]", "[-0.1\(String(repeating: ",0", count: 20))]",
    "[0\(String(repeating: ",1.5", count: 20))]",
  ]

  @Test(arguments: illegal) func whatIsNoCurveIsRefused(text: String) {
    let line = Fixtures.record().line.dropLast() + #","roc":{"norm":\#(text)}}"#
    let problem = JSONScanner.Problem(
      line: 1, reason: "'roc.norm' is not 21 ascending numbers from 0 to 1")
    #expect(throws: problem) { try TrialRecordV1(line: String(line)) }
  }

  @Test func aCurveOfAnotherTypeIsRefused() {
    for (text, reason) in [
      ("[]", "roc: an object is needed, not '[]}'"),
      (#"{"a":[null]}"#, "roc: a number is needed, not 'null]}}'"),
    ] {
      let line = Fixtures.record().line.dropLast() + #","roc":\#(text)}"#
      #expect(throws: JSONScanner.Problem(line: 1, reason: reason)) {
        try TrialRecordV1(line: String(line))
      }
    }
  }

  @Test func curvesThatDifferAreADifference() {
    let one = Fixtures.record(roc: ["norm": Self.steps, "rule": Self.flat])
    var other = one
    #expect(TrialDifference(one, other) == nil)
    other.roc["norm"] = Self.flat
    let difference = TrialDifference(one, other)
    #expect(difference?.name == "roc.norm" && difference?.count == 1)
    // An earlier version had none.
    other.roc = [:]
    #expect(TrialDifference(one, other) == nil && TrialDifference(other, one) == nil)
  }

  @Test func theTablesLeaveThemOut() {
    let record = Fixtures.record(roc: ["norm": Self.steps])
    #expect(
      TrialsCSV.text([record], scenario: "s") == TrialsCSV.text([Fixtures.record()], scenario: "s"))
  }
}
