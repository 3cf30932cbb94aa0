import Components
import Datasets
import Diagnostics
import Federation
import Foundation
import Testing
import Training
import _TestSupport

@testable import Simulation

@Suite struct ScenarioFileTests {
  private static let full = """
    schema: gauntlet/scenario/1
    name: full
    seeds: {from: 3, count: 2}
    rounds: 50
    task:
      dataset: {use: idx, folder: some/where, classes: 7, train-limit: 100, test-limit: 20}
      model: {kind: mlp, hidden: [8, 4], init: glorot}
      local:
        steps: 9
        batch: 5
        lr: 1e-5
        momentum: 0.5
        weight-decay: 0.25
        schedule: {kind: step, every: 10, factor: 0.5}
    clients:
      count: 10
      participation: 0.5
      partition: {kind: dirichlet, alpha: 0.3}
    server: {algorithm: fedsgd, worker-momentum: 0.75, weighting: samples, sample-cap: 40, lr: 2, momentum: 0.1}
    threat:
      malicious: 0.2
      placement: random
      window: {start: 3, stop: 40}
      outside: absent
      participation: always
      knowledge: own
      backdoor: {trigger: random, size: 3, value: -0.5, corner: top-left, target: 2, source: 1}
    defense-knows: {malicious: {bound: 0.4}}
    matrix: {server.algorithm: [fedsgd, fedavg]}
    attacks:
      - none
      - {id: big, use: fixed-row, value: 1e3, cite: a remark}
      - use: curious
    defenses:
      - mean
      - {id: scaled, use: mean, stages: [{use: scaling, by: 0.5}, {use: scaling, by: 2}]}
    """

  @Test func `every key is read`() throws {
    let file = try ScenarioText.read(Self.full)
    #expect(file.name == "full" && file.path == "t.yaml" && file.variants.count == 2)
    let scenario = try #require(file.variants.first).scenario
    #expect(scenario.seeds == [3, 4] && scenario.rounds == 50)
    #expect(
      scenario.task.dataset.arguments.values == [
        "folder": .text("some/where"), "classes": .integer(7), "train-limit": .integer(100),
        "test-limit": .integer(20), "split": .text("only"), "first-label": .integer(0),
        "transpose": .text("false"),
      ])
    #expect(scenario.task.dataset.id == "idx" && scenario.task.model.id == "mlp")
    #expect(
      scenario.task.model.arguments.values == [
        "hidden": .list([.integer(8), .integer(4)]), "init": .text("glorot"),
      ])
    #expect(
      scenario.task.local
        == LocalSchedule(
          length: .steps(9), batchSize: 5, learningRate: 1e-5, momentum: 0.5, weightDecay: 0.25))
    #expect(scenario.task.learningRate.id == "step")
    #expect(
      scenario.task.learningRate.arguments.values == [
        "every": .integer(10), "factor": .real(0.5),
      ])
    #expect(scenario.clients.count == 10 && scenario.clients.participantCount == 5)
    #expect(scenario.clients.partition.id == "dirichlet")
    #expect(scenario.clients.partition.arguments.values == ["alpha": .real(0.3)])
    #expect(
      scenario.server
        == ServerSettings(
          algorithm: .fedSGD(workerMomentum: 0.75), weighting: .samples(cap: 40), learningRate: 2,
          optimizer: .gradientDescent(momentum: 0.1)))
    let threat = scenario.threat
    #expect(threat.maliciousCount == 2 && threat.placement == .random && threat.window == 3..<40)
    #expect(threat.outside == .absent && threat.participation == .always)
    #expect(threat.knowledge == .own)
    let backdoor = try #require(threat.backdoor)
    #expect(backdoor.trigger.id == "random" && backdoor.target == 2 && backdoor.source == 1)
    #expect(
      backdoor.trigger.arguments.values == ["size": .integer(3), "value": .real(-0.5)])
    // Attacks with another trigger default to the rest.
    #expect(backdoor.values["corner"] == .text("top-left"))
    #expect(scenario.declared == .bound(0.4) && scenario.declaredByzantine == 2)
    #expect(scenario.attacks.map(\.id) == ["none", "big", "curious"])
    #expect(scenario.attacks[1].choice.use == "fixed-row")
    #expect(scenario.attacks[1].choice.given == ["value": .real(1000)])
    #expect(scenario.attacks[1].choice.position == SourcePosition(line: 32, column: 5))
    #expect(scenario.defenses.map(\.id) == ["mean", "scaled"])
    #expect(scenario.defenses[1].stages.map(\.given) == [["by": .real(0.5)], ["by": .integer(2)]])
  }

  @Test func `what is left out has its default`() throws {
    let scenario = try ScenarioText.scenario(
      text: ScenarioText.replacing(
        ("seeds: [1]\n", ""), ("{batch: 8, lr: 0.1}", "{lr: 1}"),
        ("threat:\n  malicious: {count: 2}\n", "")))
    #expect(scenario.seeds == [1, 2, 3, 4, 5])
    #expect(
      scenario.task.local == LocalSchedule(length: .epochs(1), batchSize: 32, learningRate: 1))
    #expect(scenario.task.learningRate.id == "constant" && scenario.evaluation.every == 1)
    #expect(scenario.task.model.id == "logistic")
    #expect(scenario.task.model.arguments.values == ["init": .text("he")])
    #expect(scenario.clients.participation == 1 && scenario.clients.partition.id == "iid")
    #expect(
      scenario.server
        == ServerSettings(algorithm: .fedAvg, weighting: .uniform, learningRate: 1))
    #expect(scenario.threat.maliciousCount == 0 && scenario.threat.window == 0..<4)
    #expect(scenario.threat.placement == .last && scenario.threat.outside == .honest)
    #expect(scenario.threat.participation == .sampled && scenario.threat.knowledge == .full)
    #expect(scenario.threat.backdoor == nil && scenario.declared == .exact)
  }

  @Test(arguments: [
    ("1e-5", 1e-5), ("1E-5", 1e-5), ("+1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("2", 2.0),
  ])
  func `numbers are read in every spelling`(text: String, value: Double) throws {
    let scenario = try ScenarioText.scenario(["task.local.lr=\(text)"])
    #expect(scenario.task.local.learningRate == Float(value))
  }

  @Test(arguments: ["'0.1'", "\"0.1\"", ".nan", "nan", ".inf", "inf", "1_000", "0.1 0.2", "~", ""])
  func `what is no number is refused`(text: String) {
    let problems = ScenarioText.problems(
      ScenarioText.replacing(("lr: 0.1", "lr: \(text)")))
    #expect(problems.contains("task.local.lr has to be a number above 0"))
  }

  @Test func `a number in quotes is a word for a component`() throws {
    let text = ScenarioText.replacing(("value: 2", "value: '2'"))
    #expect(
      ScenarioText.problems(text, plans: true)
        == "t.yaml:12:51: push: fixed-row: value is '2'; it has to be a number from -1000000 to 1000000"
    )
  }

  @Test func `JSON is read like YAML`() throws {
    let json = """
      {"schema": "gauntlet/scenario/1", "name": "json", "seeds": [1, 2], "rounds": 3,
       "task": {"dataset": "digits", "model": {"kind": "mlp", "hidden": [4]},
                "local": {"lr": 1e-2}},
       "clients": {"count": 2}, "attacks": ["none"], "defenses": ["mean"]}
      """
    let scenario = try ScenarioText.scenario(text: json)
    #expect(scenario.name == "json" && scenario.seeds == [1, 2])
    #expect(scenario.task.local.learningRate == 0.01)
  }

  @Test(arguments: [
    (0.0, 1), (0.1, 1), (0.24, 1), (0.25, 2), (0.5, 3), (0.75, 5), (1.0, 6),
  ])
  func `participation is rounded to clients, at least one`(share: Double, count: Int) {
    let clients = ClientSettings(
      count: 6, participation: share,
      partition: Chosen(IIDPartition.entry, Arguments(checked: [:])))
    #expect(clients.participantCount == count)
  }

  @Test(arguments: [
    ("{count: 0}", 0), ("{count: 5}", 5), ("0", 0), ("0.2", 1), ("0.25", 2), ("0.8", 5),
  ])
  func `attackers are given as a count or as a share`(text: String, count: Int) throws {
    #expect(
      try ScenarioText.scenario(["threat.malicious=\(text)"]).threat.maliciousCount == count)
  }

  @Test(arguments: [
    ("exact", 1.0, "sampled", 2), ("exact", 0.5, "sampled", 1), ("exact", 0.67, "sampled", 2),
    ("exact", 0.5, "always", 2), ("{bound: 0.5}", 1.0, "sampled", 3),
    ("{bound: 0.34}", 1.0, "sampled", 3), ("{bound: 0}", 1.0, "sampled", 0),
    ("{count: 4}", 1.0, "sampled", 4), ("unknown", 1.0, "sampled", nil),
  ])
  func `the defense is told a head count of the participants`(
    knows: String, share: Double, participation: String, count: Int?
  ) throws {
    let scenario = try ScenarioText.scenario([
      "defense-knows.malicious=\(knows)", "clients.participation=\(share)",
      "threat.participation=\(participation)",
    ])
    #expect(scenario.declaredByzantine == count)
  }

  @Test func `files are read from disk`() throws {
    let folder = try TemporaryFolder()
    try folder.write(ScenarioText.valid, to: "a.yaml")
    let file = try ScenarioFile(
      path: folder.path + "/a.yaml", catalog: .test, overrides: [("rounds", "7")])
    #expect(file.variants.first?.scenario.rounds == 7)
  }

  @Test func `files that cannot be read say why`() throws {
    let folder = try TemporaryFolder()
    try Data([0x6e, 0xff, 0xfe]).write(to: URL(fileURLWithPath: folder.path + "/latin.yaml"))
    for (name, reason) in [
      ("none.yaml", "no such file"), ("latin.yaml", "is not UTF-8 text"),
      ("", "is a folder; a scenario is a file"),
    ] {
      let path = folder.path + "/" + name
      let error = #expect(throws: DocumentError.self) {
        try ScenarioFile(path: path, catalog: .test)
      }
      #expect(error?.description == "\(path): \(reason)")
    }
  }

  @Test func `the digest is that of the bytes of the file`() throws {
    let folder = try TemporaryFolder()
    try folder.write(ScenarioText.valid, to: "a.yaml")
    let file = try ScenarioFile(path: folder.path + "/a.yaml", catalog: .test)
    #expect(file.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil)
    #expect(
      file.sha256
        == (try ScenarioFile(text: ScenarioText.valid, path: "b.yaml", catalog: .test)).sha256)
    try folder.write(ScenarioText.valid + "# a remark\n", to: "a.yaml")
    #expect(try ScenarioFile(path: folder.path + "/a.yaml", catalog: .test).sha256 != file.sha256)
  }
}
