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

  /// One combination per value of an axis, one of them without attackers.
  @Test func tableHasTheAttackWindow() {
    let resolved: JSONValue = .array([
      ["axes": ["rounds": "60"], "threat": ["window": ["start": 15, "stop": 40]]],
      ["axes": ["rounds": "30"], "threat": ["window": ["start": 5, "stop": 20]]],
      ["axes": ["rounds": "10"], "threat": .null],
    ])
    func bounds(_ axes: [String: String]) -> [String] {
      let text = TrialsCSV.text(
        [Fixtures.record(axes: axes)], scenario: "s", resolved: resolved)
      let lines = text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      return zip(lines[0], lines[1]).filter { $0.0.hasPrefix("window.") }.map { "\($0.0)=\($0.1)" }
    }
    #expect(bounds(["rounds": "60"]) == ["window.start=15", "window.stop=40"])
    #expect(bounds(["rounds": "30"]) == ["window.start=5", "window.stop=20"])
    #expect(bounds(["rounds": "10"]) == ["window.start=", "window.stop="])
    // What cannot be told is left out.
    #expect(bounds([:]) == ["window.start=", "window.stop="])
    #expect(bounds(["rounds": "7"]) == ["window.start=", "window.stop="])
  }
}
