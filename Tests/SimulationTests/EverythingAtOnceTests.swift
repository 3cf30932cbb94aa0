import Components
import Diagnostics
import Results
import Testing
import _TestSupport

@testable import Simulation

/// All problems of a scenario in one go, each once and none that follows from another.
@Suite struct EverythingAtOnceTests {
  /// Reads and plans a file, as commands do.
  private func problems(_ text: String, _ overrides: [(String, String)] = []) throws -> [String] {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "t.yaml")
    do {
      _ = try Plan(
        path: "\(folder.path)/t.yaml", catalog: .test,
        overrides: overrides.map { (key: $0.0, value: $0.1) })
      return []
    } catch {
      return error.description.replacing("\(folder.path)/", with: "").split(separator: "\n")
        .map(String.init)
    }
  }

  @Test func `names, parameters, values and the matrix`() throws {
    let text = ScenarioText.replacing(
      ("lr: 0.1", "lr: x"), ("none,", "nnoe,"), ("value: 2", "valeu: 2"),
      ("[mean, strict]", "[maen, {use: strict, f: 1.5}]"),
      ("attacks:", "matrix: {clients.count: [4, 5], exclude: [{client.count: 4}]}\nattacks:"))
    #expect(
      try problems(text) == [
        "t.yaml:8:25: task.local.lr has to be a number above 0 and up to 1000000, not 'x'",
        "t.yaml:12:43: matrix.exclude: unknown axis 'client.count'; did you mean 'clients.count'?",
        "t.yaml:13:11: unknown attack 'nnoe'; did you mean 'none'?",
        "t.yaml:13:44: push: fixed-row: unknown parameter 'valeu'; did you mean 'value'?",
        "t.yaml:14:12: unknown defense 'maen'; did you mean 'mean'?",
        "t.yaml:14:35: strict: f is '1.5'; it has to be a whole number from 0 to 1000",
      ])
  }

  @Test func `what a plan finds is told beside what reading finds`() throws {
    let text = ScenarioText.replacing(
      ("lr: 0.1", "lr: x"), ("{count: 2}", "{count: 2}\n  backdoor: {size: 9, target: 7}"),
      ("count: 6", "count: 61"))
    #expect(
      try problems(text) == [
        "t.yaml:6:12: clients.count is 61, but there are only 60 training examples",
        "t.yaml:8:25: task.local.lr has to be a number above 0 and up to 1000000, not 'x'",
      ])
    let other = text.replacing("count: 61", with: "count: 6")
    #expect(
      try problems(other) == [
        "t.yaml:8:25: task.local.lr has to be a number above 0 and up to 1000000, not 'x'",
        "t.yaml:12:13: threat.backdoor.target is 7; classes are 0 to 2",
        "t.yaml:12:13: threat.backdoor: a 'square' trigger of size 9 does not fit inputs of 4",
      ])
    // `bulky` wants so many features of the trigger: nothing is said about what stands in for it,
    // and about what it is given itself as ever.
    let backdoor = "{count: 2}\n  backdoor: {size: 9, target: 0}"
    for (own, problem) in [
      ("use: bulky", nil), ("use: bulky, least: 4", nil), ("use: bulky, least: 5", nil),
      (
        "use: bulky, leas: 5",
        "t.yaml:13:40: push: bulky: unknown parameter 'leas'; did you mean 'least'?"
      ),
      ("use: bulky, target: 3", "t.yaml:13:48: push: bulky: target 3 is no class"),
    ] {
      let text = ScenarioText.replacing(("{count: 2}", backdoor), ("use: fixed-row, value: 2", own))
      #expect(
        try problems(text) == [
          "t.yaml:12:13: threat.backdoor: a 'square' trigger of size 9 does not fit inputs of 4"
        ] + [problem].compactMap(\.self))
    }
    let missing = ScenarioText.replacing(
      (
        "{use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}",
        "{use: idx, folder: no/such}"
      ), ("count: 6", "count: six"))
    let found = try problems(missing)
    #expect(found.count == 2 && found[0].contains("task.dataset: no/such: no such file"))
  }

  @Test(arguments: [
    ("rounds: 4", "rounds: x\n", "window: {start: 1, stop: 3}"),
    ("count: 6", "count: six", "malicious: {count: 5}"),
    ("use: gaussian-classes", "use: gausian-classes", "backdoor: {size: 9, target: 9}"),
    ("train: 60", "train: many", "backdoor: {size: 1, target: 0}"),
    ("kind: logistic", "kind: mlp, hidden: [x]", "backdoor: {size: 1, target: 0}"),
    ("task:", "tasks:", "malicious: 0"), ("clients:", "client:", "malicious: 0"),
    ("rounds:", "round:", "malicious: 0"), ("attacks:", "attack:", "malicious: 0"),
    ("name:", "nam:", "malicious: 0"), ("dataset:", "datset:", "malicious: 0"),
    ("lr: 0.1", "lrr: 0.1", "malicious: 0"), ("count: 6", "cuont: 6", "malicious: 0"),
    ("malicious: {count: 2}", "malicious: {count: 2}", "backdoor: {size: 1, taget: 0}"),
  ])
  func `one mistake is one problem`(old: String, new: String, threat: String) throws {
    let text = ScenarioText.replacing((old, new), ("malicious: {count: 2}", threat))
    let found = try problems(text)
    #expect(found.count == 1, "\(found)")
  }

  @Test func `problems of options name the option`() throws {
    #expect(
      try problems(
        ScenarioText.valid,
        [
          ("rounds", "many"), ("attacks.push.value", "x"), ("attacks.psh.value", "1"),
          ("threat.windw.stop", "3"), ("task..lr", "1"), ("seeds", "[1"),
        ]) == [
          "t.yaml: --set attacks.psh.value: attacks has no entry with the id 'psh'; did you mean "
            + "'push'?",
          "t.yaml: --set task..lr: 'task..lr' is not a dotted key",
          "t.yaml: --set seeds: '[1' is not a YAML value",
          "t.yaml: --set attacks.push.value: push: fixed-row: value is 'x'; it has to be a number "
            + "from -1000000 to 1000000",
          "t.yaml: --set rounds: rounds has to be a whole number from 1 to 1000000, not 'many'",
          "t.yaml: --set threat.windw.stop: unknown key 'threat.windw'; did you mean 'window'?",
        ])
  }

  @Test func `an option reaches a parameter of an entry`() throws {
    let scenario = try ScenarioText.scenario(["attacks.push.value=7", "defenses.strict.f=1"])
    #expect(scenario.attacks[1].choice.given == ["value": .integer(7)])
    #expect(scenario.defenses[1].rule.given == ["f": .integer(1)])
  }

  @Test(arguments: ["mnist", "MNIST", "emnist"])
  func `files in IDX format are hinted at`(name: String) {
    #expect(
      ScenarioText.problems(ScenarioText.valid, ["task.dataset=\(name)"])
        .hasSuffix("{use: idx, folder: \(name.lowercased())}"))
  }

  @Test func `counts are those of the plan`() throws {
    let folder = try TemporaryFolder()
    try folder.write(ScenarioText.valid, to: "t.yaml")
    for only in [nil, "attack=push", "defense=strict attack=push"] {
      let options = Plan.Options(only: try only.map { try Selection($0) })
      if only?.contains("strict") == true { continue }
      let counts = try Plan.counts(
        path: "\(folder.path)/t.yaml", catalog: .test, options: options)
      let plan = try Plan(path: "\(folder.path)/t.yaml", catalog: .test, options: options)
      #expect(counts == plan.counts && counts.trials == plan.trials.count)
      #expect(counts.rounds == plan.roundCount)
      #expect(counts.impliedTrials == plan.trials.count { $0.isImplied })
      #expect(
        counts.requestedNotApplicable
          == plan.trials.count { $0.feasibility != .ready && !$0.isImplied })
    }
  }
}
