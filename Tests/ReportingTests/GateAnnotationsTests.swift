import Gating
import Testing
import _TestSupport

@testable import Reporting

@Suite struct GateAnnotationsTests {
  private func lines(
    _ report: GateReport, outcome: GateOutcome? = nil, _ level: String = ""
  ) -> [String] {
    GateAnnotations(report, outcome: outcome, claimsPath: "claims.yaml").text
      .split(separator: "\n").map(String.init).filter { $0.hasPrefix("::\(level)") }
  }

  @Test func everyVerdict() {
    let text = GateAnnotations(GateFixtures.everything, claimsPath: "claims.yaml").text
    let difference = Goldens.difference(text, from: "gate-annotations.txt")
    #expect(difference == nil)
  }

  @Test func nothingToSay() {
    #expect(lines(GateFixtures.report(attacks: ["none"], defenses: ["mean"])) == [])
  }

  @Test func nothingComparedIsAnError() {
    #expect(
      lines(GateFixtures.empty)
        == ["::error file=Baselines/core.json,title=gauntlet gate::nothing was compared"])
  }

  @Test func oneErrorPerDefenseAndTenAtMost() {
    var report = GateFixtures.empty
    report.findings = (1...12).flatMap { index in
      [0, 1].map { attack in
        GateFixtures.finding(
          "a\(attack)", "d\(index)", verdict: .regression,
          current: 0.8 - 0.02 * Double(attack * index), line: 10 + index)
      }
    }
    let errors = lines(report, "error")
    #expect(errors.count == 10)
    #expect(
      errors[0].hasPrefix("::error file=Baselines/core.json,line=22,title=regression%3A a1/d12"))
    #expect(errors[0].hasSuffix("; and 1 more of d12"))
    #expect(errors[9].contains("title=gauntlet gate%3A and 3 more::regression: a"))
    report.warnings = (1...30).map { "warning \($0)" }
    #expect(lines(report, "warning").count == 10)
    #expect(lines(report, "error").count == 10)
  }

  @Test func thePolicyDecidesTheLevel() {
    var report = GateFixtures.report(
      attacks: ["none"], defenses: ["mean"],
      except: [GateFixtures.finding("none", "mean", verdict: .missing, reason: "gone")])
    report.extraCells = ["x/y"]
    report.findings.append(GateFixtures.finding("b", "mean", verdict: .inconclusive, current: 0.8))
    for (reaction, level) in [
      (Policy.Reactions.Reaction.fail, "error"), (.warn, "warning"), (.ignore, "none"),
    ] {
      report.policy = .init(missing: reaction, extra: reaction, inconclusive: reaction)
      for found in ["error", "warning"] {
        #expect(lines(report, found).count == (found == level ? 3 : 0), "\(reaction) \(found)")
      }
    }
    // With --strict an inconclusive check is why the gate is red.
    #expect(lines(report, outcome: .uncertain, "error").count == 1)
  }

  @Test func hostileNamesAreOneLineEach() {
    let text = GateAnnotations(GateFixtures.hostile, claimsPath: "a:b,c%.yaml").text
    let lines = text.unicodeScalars.split(separator: "\n").map { String($0) }
    #expect(lines.allSatisfy { $0.hasPrefix("::error file=") || $0.hasPrefix("::warning file=") })
    #expect(!text.unicodeScalars.contains("\r"))
    #expect(
      lines.allSatisfy {
        $0.contains("file=Base lines/it's%2C100%25%3A`x`.json,title=")
          || $0.contains("file=a%3Ab%2Cc%25.yaml,line=7,title=")
      })
  }

  @Test func escapesAsTheRunnerDecodes() {
    #expect(WorkflowCommand.data("100%: a,b\r\n") == "100%25: a,b%0D%0A")
    #expect(WorkflowCommand.property("100%: a,b\r\n") == "100%25%3A a%2Cb%0D%0A")
    let command = WorkflowCommand(
      level: .warning, file: nil, line: 3, title: "t",
      message: String(repeating: "m", count: 5000))
    #expect(command.text == "::warning title=t::" + String(repeating: "m", count: 1000) + "…")
  }
}
