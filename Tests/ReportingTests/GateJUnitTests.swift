import Gating
import Markup
import Testing
import _TestSupport

@testable import Reporting

@Suite struct GateJUnitTests {
  @Test func everyVerdict() {
    let text = GateJUnit(GateFixtures.everything, claimsPath: "claims.yaml").text
    let difference = Goldens.difference(text, from: "gate.junit.xml")
    #expect(difference == nil)
  }

  @Test func theCountsAreThoseOfTheElements() {
    for report in [GateFixtures.everything, GateFixtures.hostile, GateFixtures.empty] {
      let text = GateJUnit(report).text
      func count(_ element: String) -> Int { text.ranges(of: "<\(element) ").count }
      let counts =
        "tests=\"\(count("testcase"))\" failures=\"\(count("failure"))\""
        + " errors=\"\(count("error"))\" skipped=\"\(count("skipped"))\""
      #expect(text.ranges(of: counts).count == 2, "\(counts)")
    }
  }

  @Test func aCaseForEveryCheckAndClaim() {
    let report = GateFixtures.everything
    let text = GateJUnit(report).text
    for finding in report.findings {
      #expect(text.contains(" name=\"\(finding.cell) \(finding.metric)\""))
    }
    #expect(text.ranges(of: "<testcase ").count == report.findings.count + report.claims.count)
  }

  @Test func nothingComparedIsAnError() {
    let text = GateJUnit(GateFixtures.empty).text
    #expect(text.contains("<error type=\"incomplete\" message=\"nothing was compared\"/>"))
  }

  @Test func thePolicyMayLetGapsPass() {
    var report = GateFixtures.everything
    report.policy = .init(missing: .warn, extra: .fail)
    let text = GateJUnit(report).text
    #expect(text.contains("<skipped message=\"missing: the results have no such cell\"/>"))
    #expect(!text.contains("<error type=\"missing\" message=\"the results"))
    #expect(text.contains("<error type=\"incomplete\" message=\"7 cells of the results"))
  }

  @Test func hostileNamesStayInTheirAttributes() {
    let text = GateJUnit(GateFixtures.hostile, claimsPath: "\"><x>").text
    let difference = Goldens.difference(text, from: "gate-hostile.junit.xml")
    #expect(difference == nil)
    #expect(!text.contains("<img"))
    #expect(!text.contains("<x>"))
    #expect(
      text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value < 0xFFFE })
  }

  @Test(arguments: [
    ("a&b", "a&amp;b", "a&amp;b"), ("<\">", "&lt;&quot;&gt;", "&lt;\"&gt;"),
    ("\t\r\n", "&#9;&#13;&#10;", "\t&#13;\n"), ("\u{0}\u{1b}\u{FFFE}x", "x", "x"),
    ("é😀", "é😀", "é😀"),
  ]) func escapes(text: String, attribute: String, content: String) {
    #expect(XMLText.attribute(text) == attribute)
    #expect(XMLText.content(text) == content)
  }
}
