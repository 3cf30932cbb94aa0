import Testing

@testable import Simulation

/// Keys that one of the two algorithms does not use.
@Suite struct AlgorithmKeysTests {
  private func problems(_ local: String, server: String, matrix: String = "") -> String {
    ScenarioText.problems(
      ScenarioText.replacing(
        ("{batch: 8, lr: 0.1}", "{\(local)batch: 8, lr: 0.1}"),
        ("threat:", "server: {\(server)}\n\(matrix)threat:")))
  }

  @Test(arguments: ["epochs: 1, ", "steps: 3, ", "momentum: 0, "])
  func `local training is refused under fedsgd`(local: String) {
    let problems = problems(local, server: "algorithm: fedsgd")
    let key = local.prefix { $0 != ":" }
    #expect(problems.contains("t.yaml:8:") && problems.contains("task.local.\(key) is not used"))
    #expect(problems.split(separator: "\n").count == 1)
    #expect(self.problems(local, server: "algorithm: fedavg") == "")
  }

  @Test func `worker momentum is refused under fedavg, a cap where nothing is weighted`() {
    let momentum = problems("", server: "worker-momentum: 0.9")
    #expect(momentum.contains("server.worker-momentum is used by server.algorithm 'fedsgd' alone"))
    let cap = problems("", server: "sample-cap: 10")
    #expect(cap.contains("server.sample-cap is used by server.weighting 'samples' alone"))
    #expect(problems("", server: "weighting: samples, sample-cap: 10") == "")
  }

  @Test func `a matrix over both algorithms may have the keys of both`() throws {
    let (local, server) = ("epochs: 2, momentum: 0.5, ", "worker-momentum: 0.5")
    let axis = "matrix: {server.algorithm: [fedavg, fedsgd]}\n"
    #expect(problems(local, server: server, matrix: axis) == "")
    let one = "matrix: {server.algorithm: [fedsgd]}\n"
    #expect(problems(local, server: server, matrix: one).contains("task.local.epochs"))
  }

  @Test func `what is not used is no part of the key`() throws {
    func keys(_ local: String, _ server: String) throws -> [String: [String]] {
      let text = ScenarioText.replacing(
        ("{batch: 8, lr: 0.1}", "{\(local)batch: 8, lr: 0.1}"),
        (
          "threat:",
          "server: {\(server)}\nmatrix: {server.algorithm: [fedavg, fedsgd]}\nthreat:"
        ))
      let plan = try Plan(try ScenarioText.read(text), catalog: .test)
      return Dictionary(grouping: plan.trials) { $0.axes["server.algorithm"] ?? "" }
        .mapValues { $0.map(\.key) }
    }
    let plain = try keys("", "worker-momentum: 0.9")
    let other = try keys("epochs: 2, momentum: 0.5, ", "worker-momentum: 0.9")
    #expect(plain["fedsgd"] == other["fedsgd"] && plain["fedavg"] != other["fedavg"])
    let third = try keys("", "worker-momentum: 0.5")
    #expect(plain["fedavg"] == third["fedavg"] && plain["fedsgd"] != third["fedsgd"])
  }

  @Test func `the step of fedsgd is said, and noted where both rates are below 1`() throws {
    func plan(_ overrides: [String]) throws -> Plan {
      try Plan(try ScenarioText.read(ScenarioText.valid, overrides), catalog: .test)
    }
    #expect(try plan([]).fedSGDSteps == [] && plan([]).notes == [])
    let plain = try plan(["server={algorithm: fedsgd}"])
    #expect(plain.notes == [])
    #expect(
      plain.fedSGDSteps == [
        "a FedSGD step is server.lr × task.local.lr = 1 × 0.1 = 0.1 times the aggregated gradient"
      ])
    let twice = try plan(["server={algorithm: fedsgd, lr: 0.1}"])
    #expect(twice.notes.count == 1 && twice.notes[0].contains("0.1 × 0.1 = 0.01"))
    #expect(try plan(["server.lr=0.1"]).notes == [])
  }

  /// 29 of 100, where 0.29 · 100 is below 29 in binary; 14.5 is rounded away from zero.
  @Test(arguments: [("0.29", 29), ("0.57", 57), ("0.145", 15), ("0.285", 29)])
  func `shares of clients are decimal`(share: String, count: Int) throws {
    let scenario = try ScenarioText.scenario([
      "clients.count=100", "threat.malicious=\(share)", "clients.participation=\(share)",
    ])
    #expect(scenario.threat.maliciousCount == count && scenario.clients.participantCount == count)
    let bounded = try ScenarioText.scenario([
      "clients.count=100", "defense-knows.malicious.bound=0.29",
    ])
    #expect(bounded.declaredByzantine == 29)
  }

  @Test func `keys of optimizers go with their optimizer`() throws {
    let beta = problems("", server: "beta1: 0.5")
    #expect(beta.contains("server.beta1 is used by adaptive optimizers alone; leave it out"))
    let momentum = problems("", server: "optimizer: adam, momentum: 0.5")
    #expect(momentum.contains("server.momentum is used by server.optimizer 'sgd' alone"))
    #expect(problems("", server: "optimizer: yogi, beta1: 0, beta2: 0.9, tau: 0.01").isEmpty)
    #expect(problems("", server: "optimizer: adma").contains("did you mean 'adam'?"))
  }

  @Test func `optimizers and a proximal term make other trials, and their defaults the same`()
    throws
  {
    func keys(_ local: String, _ server: String) throws -> [String] {
      let text = ScenarioText.replacing(
        ("{batch: 8, lr: 0.1}", "{\(local)batch: 8, lr: 0.1}"),
        ("threat:", "server: {\(server)}\nthreat:"))
      return try Plan(try ScenarioText.read(text), catalog: .test).trials.map(\.key)
    }
    let plain = try keys("", "lr: 1")
    #expect(try keys("proximal: 0, ", "optimizer: sgd") == plain)
    #expect(try keys("proximal: 0.1, ", "lr: 1") != plain)
    let adam = try keys("", "optimizer: adam")
    #expect(adam != plain)
    #expect(try keys("", "optimizer: yogi") != adam)
    #expect(try keys("", "optimizer: adam, tau: 0.5") != adam)
    #expect(
      try keys("", "optimizer: adagrad, beta2: 0.5") == keys("", "optimizer: adagrad, beta2: 0.25"))
  }
}
