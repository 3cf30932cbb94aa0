import Results
import Testing
import _TestSupport

@Suite struct CSVTests {
  @Test func fieldsAreQuotedWhereTheyNeedIt() {
    #expect(
      CSV.line(["plain", "a,b", "say \"x\"", "two\nlines", "cr\r\nlf", ""])
        == "plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"cr\r\nlf\",\n")
  }

  @Test(arguments: ["=1+1", "+x", "-cmd", "@SUM(A1)", "\tx", "\rx", "-inf", "+0x1p3", "--1"])
  func formulasAreDisarmed(text: String) {
    #expect(CSV.text(text) == "'" + text)
  }

  @Test(arguments: ["-0.5", "+3", "-1e-7", "krum", "a=b", "", "0x10"])
  func numbersAndPlainTextsStay(text: String) {
    #expect(CSV.text(text) == text)
  }

  @Test func tableHasAStableHeaderAndOneLinePerTrial() {
    var censored = Fixtures.record(
      attack: "=evil", axes: ["threat.malicious": "-0.2"],
      metrics: [
        "accuracy.class.10": 0.5, "accuracy.class.2": 1e-7, "accuracy.final": 1, "asr.final": nil,
      ], flags: ["few-seeds", "oracle-f"], resolved: ["gamma": 5])
    censored.censored = ["persistence.lifespan"]
    let records = [
      censored,
      Fixtures.record(
        axes: ["seed": "3"], seed: 2, status: .notApplicable, metrics: [:], absent: [:],
        isImplied: true, message: "needs n >= 2f + 3, has 4"),
    ]
    let text = TrialsCSV.text(records, scenario: "core", metricOrder: ["asr.final", "missing"])
    let difference = Goldens.difference(text, from: "trials.csv")
    #expect(difference == nil)
  }
}
