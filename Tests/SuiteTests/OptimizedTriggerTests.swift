import Federation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// Triggers that are fitted to the model succeed without any backdoor in it, which the clean twin shows.
@Suite struct OptimizedTriggerTests {
  private func records(
    malicious: Int = 3, attacks: String, defenses: String = "[mean]", jobs: Int = 1
  ) throws -> [String: TrialRecordV1] {
    let text = """
      schema: gauntlet/scenario/1
      name: triggers
      seeds: [1]
      rounds: 8
      task:
        dataset: {use: gaussian-classes, features: 8, classes: 3, train: 200, test: 90, shift: 4}
        model: {kind: logistic}
        local: {epochs: 1, batch: 16, lr: 0.1}
      clients: {count: 9}
      threat:
        malicious: {count: \(malicious)}
        window: {start: 2, stop: 5}
        backdoor: {trigger: square, size: 2, target: 1}
      attacks: [none, \(attacks)]
      defenses: \(defenses)
      """
    let plan = try Plan(
      ScenarioFile(text: text, path: "triggers.yaml", catalog: .builtIn), catalog: .builtIn)
    let records = Mutex<[String: TrialRecordV1]>([:])
    _ = try Runner(plan: plan, metrics: .builtIn, jobs: jobs)
      .run(stop: StopSignal(), onProgress: { _ in }) { trial in
        records.withLock { $0[trial.record.cell] = trial.record }
      }
    return records.withLock { $0 }
  }

  private func value(_ id: String, _ record: TrialRecordV1?) throws -> Double {
    let record = try #require(record)
    return try #require(record.metrics[id] ?? nil, "\(id)")
  }

  @Test(arguments: ["dpot", "a3fl", "cerberus"])
  func withoutAttackersTheCellIsNotApplicable(attack: String) throws {
    let nobody = try records(malicious: 0, attacks: attack)["\(attack)/mean"]
    #expect(nobody?.status == .notApplicable)
  }

  @Test(arguments: ["dpot", "a3fl"])
  func withoutPoisonedExamplesTheTriggerSucceedsAsInTheTwin(attack: String) throws {
    let records = try records(
      attacks: "{id: fitted, use: \(attack), ratio: 0, low: -8, high: 8}",
      defenses: "[mean, median]", jobs: 2)
    for rule in ["mean", "median"] {
      let fitted = records["fitted/\(rule)"]
      #expect(fitted?.parametersSHA256 == records["none/\(rule)"]?.parametersSHA256)
      #expect(try value("asr.excess", fitted) == 0)
      #expect(try value("asr.control", fitted) == value("asr.final", fitted))
      // A universal perturbation is no backdoor: it succeeds all the same.
      #expect(try value("asr.control", fitted) > 0.5)
      #expect(try value("trigger.pixels", fitted) == 2)
      #expect(try value("trigger.l2", fitted) > 0)
    }
  }

  @Test func poisonedExamplesAddToIt() throws {
    let list = "{use: dpot, ratio: 0.5}, {use: a3fl, ratio: 0.5}, {use: cerberus, ratio: 0.5}"
    let one = try records(attacks: list)
    let others = try records(attacks: list, jobs: 3)
    for attack in ["dpot", "a3fl", "cerberus"] {
      let record = one["\(attack)/mean"]
      #expect(record?.status == .ok)
      #expect(record?.parametersSHA256 == others["\(attack)/mean"]?.parametersSHA256)
      for id in ["asr.control", "asr.excess", "trigger.l2"] {
        #expect(record?.metrics[id] == others["\(attack)/mean"]?.metrics[id], "\(id)")
      }
      #expect(record?.parametersSHA256 != one["none/mean"]?.parametersSHA256)
      let excess = try value("asr.stop", record) - value("asr.base", record)
      #expect(abs(try value("asr.excess", record) - excess) < 1e-12)
      #expect(try (0...1).contains(value("asr.control", record)))
    }
    // The scenario's trigger has its own figures, in every trial.
    #expect(try value("trigger.pixels", one["none/mean"]) == 2)
    #expect(try value("asr.control", one["none/mean"]) == value("asr.final", one["none/mean"]))
  }
}
