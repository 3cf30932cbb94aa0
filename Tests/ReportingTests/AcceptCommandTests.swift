import Gating
import Testing

@testable import Reporting

@Suite struct AcceptCommandTests {
  private func lines(_ findings: [Finding], baseline: String? = "b.json") -> [String] {
    var report = GateFixtures.empty
    report.baselinePath = baseline
    return AcceptCommand(findings, report).lines
  }

  private func cells(_ names: String...) -> [Finding] {
    names.map { name in
      let parts = name.split(separator: "/").map(String.init)
      return GateFixtures.finding(parts[0], parts[1])
    }
  }

  @Test func oneCell() {
    #expect(
      lines(cells("alie/median")) == [
        "gauntlet baseline accept --from results --baseline b.json "
          + "--only 'attack=alie defense=median' --reason '…'"
      ])
  }

  @Test func rectanglesAreOneCommandAndNeverTakeNeighbors() {
    #expect(
      lines(cells("a/x", "b/x", "b/y", "a/y", "a/z", "a/x")).map { $0.split(separator: "'")[1] }
        == ["attack=a,b defense=x,y", "attack=a defense=z"])
  }

  @Test func axesAreTerms() {
    let findings = ["0.1", "0.2"].map {
      GateFixtures.finding("a", "x", axes: ["threat.malicious": $0, "partition.alpha": "1"])
    }
    #expect(
      lines(findings).map { $0.split(separator: "'")[1] } == [
        "attack=a defense=x partition.alpha=1 threat.malicious=0.1",
        "attack=a defense=x partition.alpha=1 threat.malicious=0.2",
      ])
  }

  @Test func pathsAreQuotedForAShell() {
    let line = lines(cells("a/x"), baseline: "it's here; rm -rf *.json")[0]
    #expect(line.contains(#"--baseline 'it'\''s here; rm -rf *.json' --only"#))
  }

  @Test(arguments: ["a b", "a,b", "a*", "a=b", "a<b", "a!", "a\n", ""])
  func whatASelectionCannotNameIsLeftOut(name: String) {
    let command = AcceptCommand(
      [GateFixtures.finding(name, "x"), GateFixtures.finding("plain", "x")], GateFixtures.empty)
    #expect(command.lines.map { $0.split(separator: "'")[1] } == ["attack=plain defense=x"])
    #expect(command.leftOutCount == 1)
  }

  @Test func nothingToAccept() {
    #expect(lines([]) == [])
    #expect(lines(cells("a/x"), baseline: nil) == [])
  }

  @Test func atMostTenCommands() {
    let findings = (1...30).map { GateFixtures.finding("a\($0)", "d\($0)") }
    let command = AcceptCommand(findings, GateFixtures.empty)
    #expect(command.lines.count == 10)
    #expect(command.leftOutCount == 20)
  }
}
