import Diagnostics
import Federation
import Results
import Simulation
import Testing

@Suite struct PlanProblemsTests {
  private static let cases: [(change: (String, String), problem: String)] = [
    (
      ("[mean, strict]", "[maen, strict]"),
      "t.yaml:13:12: unknown defense 'maen'; did you mean 'mean'?"
    ),
    (
      ("use: fixed-row", "use: fixde-row"),
      "t.yaml:12:17: push: unknown attack 'fixde-row'; did you mean 'fixed-row'?"
    ),
    (
      ("value: 2", "valeu: 2"),
      "t.yaml:12:44: push: fixed-row: unknown parameter 'valeu'; did you mean 'value'?"
    ),
    (
      ("value: 2", "value: 1e9"),
      "t.yaml:12:51: push: fixed-row: value is '1000000000'; it has to be a number from -1000000 "
        + "to 1000000"
    ),
    (
      ("value: 2", "value: [2]"),
      "t.yaml:12:51: push: fixed-row: value is '[2]'; it has to be a number from -1000000 to 1000000"
    ),
    (
      ("value: 2", "stages: [scaling]"),
      "t.yaml:12:44: push: fixed-row: unknown parameter 'stages'; known: value, f"
    ),
    (
      ("value: 2", "f: 1.5"),
      "t.yaml:12:47: push: fixed-row: f is '1.5'; it has to be a whole number from 0 to 1000"
    ),
    (
      ("[mean, strict]", "[{id: a, use: mean, stages: [scalign]}]"),
      "t.yaml:13:40: a: unknown stage 'scalign'; did you mean 'scaling'?"
    ),
    (
      ("[mean, strict]", "[{id: a, use: mean, stages: [scaling]}]"),
      "t.yaml:13:40: a: scaling: by is missing"
    ),
    (
      ("{count: 2}", "{count: 2}\n  backdoor: {size: 5, target: 0}"),
      "t.yaml:12:13: threat.backdoor: a 'square' trigger of size 5 does not fit inputs of 4"
    ),
    (
      ("{count: 2}", "{count: 2}\n  backdoor: {size: 1, target: 3}"),
      "t.yaml:12:13: threat.backdoor.target is 3; classes are 0 to 2"
    ),
    (
      ("{count: 2}", "{count: 2}\n  backdoor: {size: 1, target: 0, source: 0}"),
      "t.yaml:12:13: threat.backdoor.source is 0; it has to be another class than the target, "
        + "0 to 2"
    ),
    (
      ("{count: 2}", "{count: 2}\n  auxiliary: {class: 3, train: 1, test: 1}"),
      "t.yaml:12:14: threat.auxiliary.class is 3; classes are 0 to 2"
    ),
    (
      ("use: fixed-row, value: 2", "use: marker, target: 0, size: 5"),
      "t.yaml:12:17: push: marker: the trigger does not fit"
    ),
    (
      ("use: fixed-row, value: 2", "use: marker"),
      "t.yaml:12:17: push: marker: target is missing; give it here, or for the whole scenario under "
        + "threat.backdoor"
    ),
    (
      ("features: 4, classes: 3, train: 60", "features: 10000000, classes: 3, train: 90000000"),
      "t.yaml:6:12: task.dataset: gaussian-classes: 90000000 examples of 10000000 features need about "
        + "6.4 PiB of memory, and 256 GiB are there (the most that a run may take): take fewer, or "
        + "set GAUNTLET_MEMORY if that figure is wrong"
    ),
    (
      ("train: 60", "train: 5"),
      "t.yaml:6:12: clients.count is 6, but there are only 5 training examples"
    ),
    (
      ("train: 60, ", ""),
      "t.yaml:6:12: task.dataset.train is missing: how many examples to draw for all clients "
        + "(only a partition that draws sizes, such as 'uniform-sizes', decides that itself)"
    ),
    (
      ("attacks:", "defense-knows: {malicious: unknown}\nattacks:"),
      "t.yaml:13:17: push: fixed-row: f is missing; give it here, or tell all defenses with "
        + "defense-knows.malicious\nt.yaml:14:18: strict: f is missing; give it here, or tell all "
        + "defenses with defense-knows.malicious"
    ),
    (
      ("[mean, strict]", "[{id: mean, use: strict}]"),
      "t.yaml:13:12: the id 'mean' is that of the undefended reference; give this defense another "
        + "'id:'"
    ),
    (
      ("[none, {id: push,", "[{id: none,"),
      "t.yaml:12:11: the id 'none' is that of the clean reference; give this attack another 'id:'"
    ),
  ]

  @Test(arguments: cases.indices)
  func `mistakes are found before any training, with their place`(_ index: Int) {
    let (change, problem) = Self.cases[index]
    #expect(ScenarioText.problems(ScenarioText.replacing(change), plans: true) == problem)
  }

  @Test func `mistakes of several components are reported at once`() {
    let problems = ScenarioText.problems(
      ScenarioText.replacing(("none,", "nnoe,"), ("[mean, strict]", "[meen, {use: strict, g: 1}]")),
      plans: true)
    #expect(
      problems.split(separator: "\n") == [
        "t.yaml:12:11: unknown attack 'nnoe'; did you mean 'none'?",
        "t.yaml:13:12: unknown defense 'meen'; did you mean 'mean'?",
        "t.yaml:13:32: strict: unknown parameter 'g'; did you mean 'f'?",
      ])
  }

  @Test func `a folder without data is named`() {
    let problems = ScenarioText.problems(
      ScenarioText.replacing(
        (
          "{use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}",
          "{use: idx, folder: no/such/folder}"
        )), plans: true)
    #expect(problems.hasPrefix("t.yaml:6:12: task.dataset: no/such/folder"))
  }

  @Test func `all cells infeasible is an error`() throws {
    let file = try ScenarioText.read()
    let only = try Selection("defense=strict")
    let error = #expect(throws: DocumentError.self) {
      try Plan(file, catalog: .test, options: Plan.Options(only: only))
    }
    #expect(
      error?.description
        == "t.yaml: no cell is feasible: strict: needs n >= 2f + 3, got f = 2")
  }

  @Test(arguments: [
    ("defense=mean", "defense=m*", "the selection leaves no cell to run"),
    ("defense=maen", nil, "selection: no defense is 'maen'; did you mean 'mean'?"),
    ("rule=mean", nil, "selection: unknown key 'rule'; known: attack, defense"),
    ("attack=none", "attack=nobody", "selection: no attack is 'nobody'; known: none, push"),
  ])
  func `selections that match nothing are errors`(
    only: String, skip: String?, message: String
  ) throws {
    let file = try ScenarioText.read()
    let options = Plan.Options(only: try Selection(only), skip: try skip.map { try Selection($0) })
    let error = #expect(throws: DocumentError.self) {
      try Plan(file, catalog: .test, options: options)
    }
    #expect(error?.description == "t.yaml: \(message)")
  }

  @Test func `a bad value of one combination is found in all`() {
    let text = ScenarioText.replacing(
      ("{count: 2}", "{count: 2}\n  backdoor: {size: 1, target: 0}"),
      ("attacks:", "matrix: {threat.backdoor.target: [0, 7]}\nattacks:"))
    #expect(
      ScenarioText.problems(text, plans: true)
        == "t.yaml:12:13: threat.backdoor.target is 7; classes are 0 to 2")
  }
}
