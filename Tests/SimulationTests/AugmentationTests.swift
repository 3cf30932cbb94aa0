import Federation
import Results
import Testing
import Training

@testable import Simulation

/// Training images that are drawn anew each time.
@Suite struct AugmentationTests {
  private static func text(_ augmentation: String, local: String = "") -> String {
    ScenarioText.replacing(
      (
        "dataset: {use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}",
        "dataset: {use: digits}\(augmentation.isEmpty ? "" : "\n  augmentation: \(augmentation)")"
      ), ("rounds: 4", "rounds: 2"), ("{batch: 8, lr: 0.1}", "{batch: 64, lr: 0.1\(local)}"),
      ("attacks: [none, {id: push, use: fixed-row, value: 2}]", "attacks: [none]"),
      ("[mean, strict]", "[mean]"))
  }

  private func plan(_ text: String) throws -> Plan {
    try Plan(try ScenarioText.read(text), catalog: .test)
  }

  private func digest(_ text: String, jobs: Int = 1) throws -> String? {
    let log = Log<TrialRecordV1>()
    _ = try Runner(plan: plan(text), metrics: .test, jobs: 1, threadsPerTrial: jobs)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0.record) })
    return log.entries.first?.parametersSHA256
  }

  @Test func `it changes training, the same for any number of threads`() throws {
    let plain = try digest(Self.text(""))
    let changed = try digest(Self.text("{crop: 1, flip: horizontal}"))
    #expect(changed != nil && changed != plain)
    #expect(try digest(Self.text("{crop: 1}")) != changed)
    for jobs in [2, 5] {
      #expect(try digest(Self.text("{crop: 1, flip: horizontal}"), jobs: jobs) == changed)
    }
    // Nothing drawn is nothing changed.
    #expect(try digest(Self.text("{crop: 0, flip: none}")) == plain)
  }

  @Test func `it is part of what identifies a trial, where there is one`() throws {
    func key(_ augmentation: String) throws -> String? {
      try plan(Self.text(augmentation)).trials.first?.key
    }
    let plain = try key("")
    #expect(try key("{crop: 0}") == plain)
    #expect(try key("{flip: horizontal}") != plain)
    #expect(try key("{crop: 1}") != key("{crop: 2}"))
  }

  @Test func `black is black before inputs are normalized`() throws {
    let text = Self.text("{crop: 2}").replacing(
      "{use: digits}", with: "{use: digits, normalize: {mean: [0.25], std: [0.5]}}")
    let plan = try plan(text)
    let variant = try #require(plan.variants.first)
    let schedule = variant.scenario.task.schedule(for: variant.task)
    #expect(schedule.augmentation?.fill == [-0.5])
    #expect(schedule.augmentation?.padding == 2 && schedule.augmentation?.flips == false)
  }

  @Test func `what does not fit is refused`() {
    func problems(_ text: String) -> String { ScenarioText.problems(text, plans: true) }
    #expect(
      problems(Self.text("{crop: 8}")).contains(
        "task.augmentation.crop is 8, and has to be below the 8x8 pixels"))
    #expect(problems(Self.text("{flip: vertical}")).contains("task.augmentation.flip"))
    #expect(problems(Self.text("{crops: 1}")).contains("did you mean 'crop'?"))
    let vectors = ScenarioText.replacing(
      ("  model: {kind: logistic}", "  augmentation: {crop: 1}\n  model: {kind: logistic}"))
    #expect(
      problems(vectors).contains(
        "task.augmentation: the inputs have 4 features without rows and columns"))
  }

  @Test func `a trainer in another process does it itself`() {
    let text = ScenarioText.replacing(
      (
        "  dataset: {use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}\n"
          + "  model: {kind: logistic}\n", "  exec: [program]\n  augmentation: {crop: 1}\n"
      ))
    #expect(
      ScenarioText.problems(text).contains(
        "task.augmentation: with task.exec a program has data and model itself; leave it out"))
  }
}
