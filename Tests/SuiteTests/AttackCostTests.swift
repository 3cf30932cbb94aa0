import Federation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// The work of attackers, counted by hand: three of nine clients with ten examples each, which take two
/// passes as honest ones, so 3 · 20 gradients in a round.
@Suite struct AttackCostTests {
  private func records(
    _ attacks: String, malicious: Int = 3, threat: String = "", server: String = "",
    clients: String = "count: 9", defenses: String = "mean", jobs: Int = 1
  ) throws -> [String: TrialRecordV1] {
    let text = """
      schema: gauntlet/scenario/1
      name: work
      seeds: [1]
      rounds: 6
      task:
        dataset: {use: gaussian-classes, features: 8, classes: 3, train: 90, test: 30, shift: 4}
        model: {kind: mlp, hidden: [4]}
        local: {\(server.isEmpty ? "epochs: 2, " : "")batch: 4, lr: 0.1}
      \(server)
      clients: {\(clients)}
      threat:
        malicious: {count: \(malicious)}
        window: {start: 1, stop: 4}
        backdoor: {trigger: square, size: 2, target: 1}
        \(threat)
      attacks: [none, \(attacks)]
      defenses: [\(defenses)]
      """
    let plan = try Plan(
      ScenarioFile(text: text, path: "work.yaml", catalog: .builtIn), catalog: .builtIn)
    let records = Mutex<[String: TrialRecordV1]>([:])
    _ = try Runner(plan: plan, metrics: .builtIn, jobs: jobs, threadsPerTrial: jobs)
      .run(stop: StopSignal(), onProgress: { _ in }) { trial in
        records.withLock { $0[trial.record.attack] = trial.record }
      }
    return records.withLock { $0 }
  }

  private func ratio(_ record: TrialRecordV1?) throws -> Double {
    let record = try #require(record)
    #expect(record.status == .ok, "\(record.message ?? "")")
    return try #require(record.metrics["cost.attack-ratio"] ?? nil)
  }

  static let known: [(attack: String, work: Double)] = [
    ("{use: label-flip, source: 0, target: 1}", 60), ("sign-flip", 60), ("ipm", 60),
    ("backdoor", 60), ("zero-update", 60),
    ("{use: model-replacement, epochs: 6}", 180),
    // A batch size of its own changes the steps, not the gradients.
    ("{use: neurotoxin, epochs: 1, batch: 10}", 30),
    // One more pass over clean data, unless nothing is masked.
    ("{use: neurotoxin, reference: clean-gradient}", 90),
    ("{use: neurotoxin, reference: clean-gradient, keep: 1}", 60),
    // 5 contrastive passes and the 2 of honest training.
    ("chameleon", 3 * 70),
    // Twice: a step on one input, and steps on 4, 4 and 2 examples.
    ("{use: alternating-minimization, alternations: 2, malicious-steps: 1, stealth-steps: 3}", 66),
    // The pixels, and three steps.
    ("{use: dpot, steps: 3, samples: 5}", 60 + 4 * 5),
    // Four steps on two models, two unlearnings of three steps.
    ("{use: a3fl, steps: 4, every: 2, unlearn-steps: 3, samples: 5}", 60 + 8 * 5 + 2 * 3 * 5),
    ("{use: a3fl, steps: 4, balance: 0, samples: 5}", 60 + 4 * 5),
    // Two trainings each, and two steps.
    ("{use: cerberus, steps: 2, samples: 5}", 120 + 2 * 5),
    ("{use: cerberus, alpha: 0, steps: 2, samples: 5}", 60 + 2 * 5),
    // Three steps on the trigger.
    ("{use: f3ba, steps: 3, samples: 5}", 60 + 3 * 5),
    // The benign reference of one client.
    ("3dfed", 60 + 20),
  ]

  @Test func workIsCountedByHand() throws {
    let list = Self.known.enumerated().map { index, entry in
      let body =
        entry.attack.hasPrefix("{") ? entry.attack.dropFirst().dropLast() : "use: \(entry.attack)"
      return "{id: a\(index), \(body)}"
    }.joined(separator: ", ")
    let records = try records(list)
    let others = try self.records(list, jobs: 3)
    for (index, entry) in Self.known.enumerated() {
      #expect(try ratio(records["a\(index)"]) == entry.work / 60, "\(entry.attack)")
      #expect(try ratio(others["a\(index)"]) == entry.work / 60, "\(entry.attack), 3 threads")
    }
    #expect(try ratio(records["none"]) == 1)
  }

  /// A rehearsal is of nine rows.
  @Test(arguments: ["opt-ipm", "opt-alie", "max-accepted", "agr-tailored"])
  func rehearsalsCountByTheirRows(attack: String) throws {
    let record = try records(attack, threat: "schedule: {kind: rounds, rounds: [2]}")[attack]
    let evaluations = try #require(record?.resolved["evaluations"])
    #expect(evaluations > 20)
    #expect(try ratio(record) == (60 + 9 * evaluations) / 60)
  }

  /// Two trainings; a pass forward over the samples for the whole, each of four tensors, and each of up to
  /// four that are put back.
  @Test func substitutionsCountAThird() throws {
    let record = try records("{use: critical-layers, samples: 3}")["critical-layers"]
    let ratio = try ratio(record)
    #expect(ratio > 2 && ratio <= 2 + 9.0 / 20)
  }

  @Test func roundsWithoutAttackersDoNotCount() throws {
    let own = "{use: model-replacement, epochs: 6}"
    let once = try records(own, threat: "schedule: {kind: rounds, rounds: [3]}")
    #expect(try ratio(once["model-replacement"]) == 3)
    let few = try records(own, threat: "schedule: {kind: in-turn}")
    #expect(try ratio(few["model-replacement"]) == 3)
  }

  @Test func oneGradientIsOneBatchUnderFedSGD() throws {
    let records = try records(
      "{use: label-flip, source: 0, target: 1}, {use: dpot, steps: 3, samples: 5}",
      server: "server: {algorithm: fedsgd}")
    #expect(try ratio(records["label-flip"]) == 1)
    #expect(try ratio(records["dpot"]) == (12 + 4 * 5) / 12)
  }

  static let deadlines: [(attack: String, deadline: Double, isLate: Bool)] = [
    ("{use: model-replacement, epochs: 6}", 2.9, true),
    ("{use: model-replacement, epochs: 6}", 3, false),
    ("{use: dpot, steps: 3, samples: 5}", 1.9, true),
    ("{use: dpot, steps: 3, samples: 5}", 2, false), ("sign-flip", 1, false),
    // The first rehearsal is more than it may take.
    ("opt-ipm", 2, true),
  ]

  /// Three attackers act in three rounds.
  @Test(arguments: deadlines)
  func aDeadlineLeavesOutAttacksThatCostTooMuch(attack: String, deadline: Double, isLate: Bool)
    throws
  {
    let body = attack.hasPrefix("{") ? attack.dropFirst().dropLast() : "use: \(attack)"
    let records = try records(
      "{id: a, \(body)}", clients: "count: 9, deadline: \(deadline)")
    let record = try #require(records["a"])
    #expect(record.status == .ok, "\(record.message ?? "")")
    #expect(record.resolved["late-attackers"] == (isLate ? 9 : 0))
    #expect(record.resolved["late"] == record.resolved["late-attackers"])
    #expect(record.resolved["silent"] == 0)
    #expect(records["none"]?.resolved["late"] == 0)
    let reason = "every update of a controlled client came after the deadline"
    #expect((record.absent["stealth.norm-ratio"] == reason) == isLate)
    #expect((record.metrics["cost.attack-ratio"] ?? nil) != nil)
  }

  @Test func nobodyActs() throws {
    let none = try records("sign-flip", malicious: 0)["none"]
    #expect(none?.metrics["cost.attack-ratio"] == .some(nil))
    #expect(none?.absent["cost.attack-ratio"] == "no controlled client acted in the window")
  }
}
