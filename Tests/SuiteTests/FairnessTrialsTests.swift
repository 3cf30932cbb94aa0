import Federation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// Fairness among honest clients in whole trials.
@Suite struct FairnessTrialsTests {
  private func records(
    _ partition: String, clients: Int = 12, malicious: Int = 2, jobs: Int = 1
  ) throws -> [String: TrialRecordV1] {
    let text = """
      schema: gauntlet/scenario/1
      name: fairness
      seeds: [1]
      rounds: 6
      task:
        dataset: {use: gaussian-classes, features: 6, classes: 4, train: 240, test: 60, shift: 3}
        model: {kind: logistic}
        local: {epochs: 1, batch: 8, lr: 0.2}
      clients: {count: \(clients), partition: \(partition)}
      threat:
        malicious: {count: \(malicious)}
        window: {start: 1, stop: 5}
      attacks: [none, sign-flip]
      defenses: [mean, norm-clipping, {use: multi-krum, f: 4}]
      """
    let plan = try Plan(
      ScenarioFile(text: text, path: "fairness.yaml", catalog: .builtIn), catalog: .builtIn)
    let records = Mutex<[String: TrialRecordV1]>([:])
    _ = try Runner(plan: plan, metrics: .builtIn, jobs: jobs, threadsPerTrial: jobs)
      .run(stop: StopSignal(), onProgress: { _ in }) { trial in
        records.withLock { $0[trial.record.cell] = trial.record }
      }
    return records.withLock { $0 }
  }

  private func value(_ id: String, _ record: TrialRecordV1?) throws -> Double {
    let record = try #require(record)
    return try #require(record.metrics[id] ?? nil, "\(id)")
  }

  @Test func theMeanTakesNothingAndClippingTakesFromSomeMoreThanFromOthers() throws {
    let partition = "{kind: dirichlet, alpha: 0.3}"
    let records = try records(partition)
    let others = try self.records(partition, jobs: 3)
    for (cell, record) in records {
      let worst = try value("fairness.worst-clients", record)
      let gap = try value("fairness.gap", record)
      #expect((0...1).contains(worst) && (0...1).contains(gap), "\(cell)")
      for id in ["fairness.worst-clients", "fairness.gap", "fairness.rejected-skew"] {
        #expect(record.metrics[id] == others[cell]?.metrics[id], "\(cell) \(id)")
      }
    }
    for attack in ["none", "sign-flip"] {
      let mean = records["\(attack)/mean"]
      #expect(mean?.metrics["fairness.rejected-skew"] == .some(nil))
      #expect(
        mean?.absent["fairness.rejected-skew"]
          == "the defense took the same part from every honest client")
      // Clients with few classes soon fit them, move little, and are clipped less than others.
      #expect(try value("fairness.rejected-skew", records["\(attack)/norm-clipping"]) < 0)
      let selection = records["\(attack)/multi-krum"]
      #expect(try (-1...1).contains(value("fairness.rejected-skew", selection)))
    }
  }

  @Test func oneHonestClientHasNobodyToBeComparedWith() throws {
    let record = try records("iid", clients: 3, malicious: 2)["none/mean"]
    #expect(try value("fairness.worst-clients", record) == value("accuracy.train", record))
    #expect(record?.absent["fairness.gap"] == "there is one honest client alone")
    #expect(
      record?.absent["fairness.rejected-skew"]
        == "one honest client alone took part in the window")
  }
}
