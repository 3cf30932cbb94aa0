import Federation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// Certified radii of whole trials, and the reasons of those that have none.
@Suite struct CertifiedTrialTests {
  private func records(
    window: String = "{start: 4, stop: 5}", model: String = "logistic", local: String = "",
    attacks: String =
      "[none, {use: backdoor, ratio: 0.5}, ipm, {use: label-flip, source: 0, target: 1}]",
    defenses: String
  ) throws -> [String: TrialRecordV1] {
    let text = """
      schema: gauntlet/scenario/1
      name: certified
      seeds: [1]
      rounds: 6
      evaluation: {every: 6}
      task:
        dataset: {use: gaussian-classes, features: 6, classes: 3, train: 200, test: 60, shift: 5}
        model: {kind: \(model)}
        local: {epochs: 4, batch: 8, lr: 0.02\(local)}
      clients: {count: 8}
      threat:
        malicious: {count: 2}
        window: \(window)
        backdoor: {trigger: square, size: 2, target: 1}
      attacks: \(attacks)
      defenses: \(defenses)
      """
    let plan = try Plan(
      ScenarioFile(text: text, path: "certified.yaml", catalog: .builtIn), catalog: .builtIn)
    let records = Mutex<[String: TrialRecordV1]>([:])
    _ = try Runner(plan: plan, metrics: .builtIn, jobs: 1, threadsPerTrial: 1)
      .run(stop: StopSignal(), onProgress: { _ in }) { trial in
        records.withLock { $0[trial.record.cell] = trial.record }
      }
    return records.withLock { $0 }
  }

  private func radius(_ record: TrialRecordV1?) throws -> Double? {
    let record = try #require(record)
    return record.metrics["certified.radius.median"] ?? nil
  }

  private static let smooth =
    "{id: smooth, use: mean, finishers: [{use: crfl, sigma: 0.05, samples: 40}]}"

  @Test func poisonedDataInOneRoundAreCertified() throws {
    let records = try records(defenses: "[mean, median, \(Self.smooth)]")
    let backdoor = try #require(records["backdoor/smooth"])
    #expect(try #require(try radius(backdoor)) > 0)
    // A flipped label alone is √2 away.
    let magnitude = try #require(backdoor.metrics["certified.magnitude"] ?? nil)
    #expect(magnitude >= 2.0.squareRoot())
    let accuracy = try #require(backdoor.metrics["certified.accuracy"] ?? nil)
    let final = try #require(backdoor.metrics["accuracy.final"] ?? nil)
    #expect(accuracy >= 0 && accuracy <= final)
    #expect(records["label-flip/smooth"]?.metrics["certified.magnitude"] == 2.0.squareRoot())
    for cell in ["backdoor/mean", "backdoor/median", "none/smooth", "ipm/smooth"] {
      #expect(try radius(records[cell]) == nil, "\(cell)")
    }
  }

  @Test func fewerPoisonedExamplesAndLessBoostCertifyMore() throws {
    let attacks =
      "[none, {id: few, use: backdoor, ratio: 0.1}, {id: many, use: backdoor, ratio: 1}]"
    let records = try records(attacks: attacks, defenses: "[\(Self.smooth)]")
    let few = try #require(try radius(records["few/smooth"]))
    #expect(few > (try #require(try radius(records["many/smooth"]))))
    let boosted = try self.records(
      attacks: "[none, {id: few, use: backdoor, ratio: 0.1, boost: 4}]",
      defenses: "[\(Self.smooth)]")
    #expect(few > (try #require(try radius(boosted["few/smooth"]))))
  }

  @Test(arguments: [
    ("{start: 3, stop: 5}", "logistic", ""), ("{start: 4, stop: 5}", "logistic", ", momentum: 0.5"),
    ("{start: 4, stop: 5}", "mlp, hidden: [4]", ""),
  ])
  func otherAttacksAndTrainingAreNotCertified(
    window: String, model: String, local: String
  ) throws {
    let records = try records(
      window: window, model: model, local: local,
      attacks: "[none, {use: backdoor, ratio: 0.5}]", defenses: "[\(Self.smooth)]")
    #expect(try radius(records["backdoor/smooth"]) == nil)
  }

  @Test func otherDefensesAreNotCertified() throws {
    let records = try records(
      attacks: "[none, {use: backdoor, ratio: 0.5}]",
      defenses: """
        [{id: staged, use: mean, stages: [{use: clipping, bound: 1}], finishers: [crfl]}, \
        {id: robust, use: median, finishers: [crfl]}, \
        {id: twice, use: mean, finishers: [weak-dp, crfl]}]
        """)
    for defense in ["staged", "robust", "twice"] {
      #expect(try radius(records["backdoor/\(defense)"]) == nil, "\(defense)")
    }
  }
}
