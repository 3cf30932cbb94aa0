import Foundation
import Testing
import _TestSupport

/// Attacks that destroy the model: whichever class it says then, nobody has defended it.
@Suite struct CollapseTests {
  private static func scenario(_ attack: String, target: Int, seeds: Int) -> String {
    """
    schema: gauntlet/scenario/1
    name: collapse
    seeds: {from: 1, count: \(seeds)}
    rounds: 20
    task:
      dataset: digits
      model: {kind: logistic}
      local: {epochs: 1, batch: 16, lr: 0.1}
    clients: {count: 10, partition: {kind: dirichlet, alpha: 0.5}}
    threat:
      malicious: 0.2
      window: {start: 8, stop: 14}
      backdoor: {trigger: square, size: 3, target: \(target)}
    attacks: [none, {id: bad, use: \(attack)}]
    defenses: [mean]

    """
  }

  private static let claims = """
    schema: gauntlet/claims/1
    claims:
      - id: defended
        where: {attack: bad, defense: mean}
        expect: {asr.stop: {max: 1}, persistence.auc: {max: 1}}
        over: worst
      - id: conquered
        where: {attack: bad, defense: mean}
        expect: {asr.stop: {min: 0}}
        holds: false

    """

  @Test(
    arguments: ["sign-flip, scale: 10", "gaussian-noise, sd: 1000000"], [0, 3])
  func noClaimAboutItPasses(attack: String, target: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.claims, to: "claims.yaml")
    for seeds in [1, 3] {
      try folder.write(
        Self.scenario(attack, target: target, seeds: seeds), to: "collapse.yaml")
      let run = try Program.run(
        ["run", "collapse.yaml", "-o", "out", "--fresh", "--progress", "none"], in: folder.path)
      #expect(run.status == 0)
      #expect(run.output.contains("collapsed: bad/mean (at the end of the window accuracy 0."))
      #expect(run.output.contains("\nbad   void\n"))
      let gate = try Program.run(
        ["gate", "out", "--claims", "claims.yaml", "--junit", "gate.xml"], in: folder.path)
      #expect(gate.status == 2)
      #expect(
        gate.output.hasPrefix("gate failed: 2 void claims, 1 claim known to fail\n"))
      #expect(try folder.text("gate.xml").contains("<failure type=\"void-claim\""))
      let json = try Program.run(
        ["gate", "out", "--claims", "claims.yaml", "--format", "json"], in: folder.path)
      #expect(json.status == 2 && json.output.contains(#""verdict":"void""#))
      // The numbers stay.
      let trials = try ResultFiles(path: folder.path + "/out").trials()
      let bad = trials.filter { $0["attack"] as? String == "bad" }
      #expect(bad.count == seeds)
      for trial in bad {
        let metrics = try #require(trial["metrics"] as? [String: Any])
        #expect(metrics["asr.stop"] is Double)
        #expect((metrics["accuracy.stop"] as? Double ?? 1) < 0.25)
        #expect((metrics["accuracy.chance"] as? Double).map { $0 > 0.09 && $0 < 0.12 } == true)
        #expect((trial["flags"] as? [String])?.contains("collapsed") == false)
      }
    }
  }

  @Test func theTableOfAResumedRunIsThatOfOneRun() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Self.scenario("sign-flip, scale: 10", target: 0, seeds: 6), to: "collapse.yaml")
    func run(_ output: String, _ seeds: String) throws -> [String] {
      let outcome = try Program.run(
        ["run", "collapse.yaml", "-o", output, "--progress", "none", "--seeds", seeds],
        in: folder.path)
      #expect(outcome.status == 0)
      return try folder.text("\(output)/trials.csv").split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).prefix(8).joined(separator: ",")
      }.sorted()
    }
    let few = try run("parts", "1..2")
    #expect(few.allSatisfy { $0.contains("few-seeds") })
    #expect(few.contains { $0.contains("collapsed;few-seeds;not-adaptive") })
    let parts = try run("parts", "3..6")
    #expect(try parts == run("whole", "1..6"))
    #expect(parts.count == 12 && parts.allSatisfy { !$0.contains("few-seeds") })
    let merged = try Program.run(["merge", "parts", "whole", "-o", "all"], in: folder.path)
    #expect(merged.status == 0)
    #expect(try !folder.text("all/trials.csv").contains("few-seeds"))
    for name in ["parts", "all"] {
      #expect(try !folder.text("\(name)/trials.jsonl").contains("few-seeds"))
    }
  }

  @Test func anAttackThatRehearsesIsAdaptive() throws {
    let folder = try TemporaryFolder()
    let scenario = Self.scenario("opt-ipm, range: 2", target: 0, seeds: 1)
      .replacing("defenses: [mean]", with: "defenses: [mean, median]")
      .replacing("rounds: 20", with: "rounds: 4").replacing(
        "start: 8, stop: 14", with: "start: 1, stop: 3")
    try folder.write(scenario, to: "collapse.yaml")
    func run(_ options: String...) throws -> String {
      try Program.run(
        ["run", "collapse.yaml", "-o", "out", "--fresh", "--progress", "none"] + options,
        in: folder.path
      ).output
    }
    #expect(try !run().contains("not-adaptive"))
    #expect(try run("--only", "attack=none").contains("not-adaptive: all cells"))
    #expect(try run("--set", "threat.knowledge=own").contains("not-adaptive"))
  }
}
