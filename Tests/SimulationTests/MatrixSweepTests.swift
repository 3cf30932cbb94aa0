import Components
import Results
import Testing

@testable import Simulation

/// Axes that sweep a parameter of one attack or defense.
@Suite struct MatrixSweepTests {
  private func plan(_ matrix: String, _ options: Plan.Options = .init()) throws -> Plan {
    try Plan(
      try ScenarioText.read(text(matrix)), catalog: .test, options: options)
  }

  private func text(_ matrix: String) -> String {
    ScenarioText.replacing(
      ("count: 6", "count: 9"), ("id: push,", "id: push-0.5,"),
      ("attacks:", "matrix:\n\(matrix)\nattacks:"))
  }

  private func problems(_ matrix: String) -> String { ScenarioText.problems(text(matrix)) }

  /// Names each trial, `*` where it is implied.
  private func names(_ plan: Plan) -> [String] {
    plan.trials.map { $0.cell + ($0.isImplied ? "*" : "") }
  }

  @Test func `the cells of one entry multiply, and no other has the axis`() throws {
    let plan = try plan("  attacks.push-0.5.value: [3, 0.50]")
    #expect(
      names(plan) == [
        "none/mean", "none/strict", "push-0.5/mean attacks.push-0.5.value=3",
        "push-0.5/strict attacks.push-0.5.value=3", "push-0.5/mean attacks.push-0.5.value=0.5",
        "push-0.5/strict attacks.push-0.5.value=0.5",
      ])
    #expect(
      plan.trials.map { $0.attackChoice.attacks[0].attack.arguments.values["value"] }
        == [nil, nil, .real(3), .real(3), .real(0.5), .real(0.5)])
    #expect(Set(plan.trials.map(\.key)).count == 6)
    // Every value is compared to the same clean trials, and to its own undefended one.
    #expect(plan.trials.map(\.twin) == [0, 1, 0, 1, 0, 1])
    #expect(plan.trials.map(\.undefended) == [0, 0, 2, 2, 4, 4])
    #expect(plan.trials.allSatisfy { $0.undefendedTwin == 0 })
    #expect(plan.roundsLayout(.test, metrics: .test).axes == ["attacks.push-0.5.value"])
  }

  @Test func `each value of a defense has a clean twin`() throws {
    let plan = try plan("  defenses.strict.f: [1, 2]")
    #expect(
      names(plan) == [
        "none/mean", "none/strict defenses.strict.f=1", "none/strict defenses.strict.f=2",
        "push-0.5/mean", "push-0.5/strict defenses.strict.f=1",
        "push-0.5/strict defenses.strict.f=2",
      ])
    #expect(plan.trials.map(\.twin) == [0, 1, 2, 0, 1, 2])
    #expect(plan.trials.map(\.undefended) == [0, 0, 0, 3, 3, 3])
  }

  @Test func `a key is that of the same trial without a matrix`() throws {
    let swept = try plan("  attacks.push-0.5.value: [3]\n  defenses.strict.f: [1]")
    let fixed = try Plan(
      try ScenarioText.read(
        ScenarioText.replacing(
          ("count: 6", "count: 9"), ("value: 2", "value: 3"),
          ("[mean, strict]", "[mean, {use: strict, f: 1}]"))), catalog: .test)
    #expect(swept.trials.map(\.key) == fixed.trials.map(\.key))
  }

  @Test func `both kinds and settings multiply`() throws {
    let plan = try plan(
      """
        clients.count: [9, 12]
        attacks.push-0.5.value: [3, 4]
        defenses.strict.f: [1, 2]
      """)
    // (none + 2) x (mean + 2) cells for each number of clients.
    #expect(plan.counts.cells == 18 && plan.trials.count == 18)
    #expect(
      plan.trials[8].axes == [
        "clients.count": "9", "attacks.push-0.5.value": "4", "defenses.strict.f": "2",
      ])
    #expect(plan.trials[8].twin == 2 && plan.trials[8].undefended == 6)
    let settings = Setting.all(in: plan.resolved)
    for trial in plan.trials {
      let own = settings.filter { $0.axes == trial.axes }
      #expect(own.count == 1)
      #expect(own.first?.attacks[trial.attack] != nil)
      #expect(own.first?.defenses[trial.defense] != nil)
    }
  }

  @Test func `exclude, include, only and skip know the axis`() throws {
    let excluded = try plan(
      """
        attacks.push-0.5.value: [3, 4]
        exclude: [{attacks.push-0.5.value: 4.0, defense: strict}]
        include: [{attacks.push-0.5.value: 7, defense: strict}]
      """)
    #expect(
      names(excluded) == [
        "none/mean", "none/strict", "push-0.5/mean attacks.push-0.5.value=3",
        "push-0.5/strict attacks.push-0.5.value=3", "push-0.5/mean attacks.push-0.5.value=4",
        "push-0.5/mean attacks.push-0.5.value=7*", "push-0.5/strict attacks.push-0.5.value=7",
      ])
    let only = try plan(
      "  attacks.push-0.5.value: [3, 4]",
      .init(only: try Selection("attacks.push-0.5.value=4 defense=strict")))
    #expect(
      names(only) == [
        "none/mean*", "none/strict*", "push-0.5/mean attacks.push-0.5.value=4*",
        "push-0.5/strict attacks.push-0.5.value=4",
      ])
    let skip = try plan(
      "  defenses.strict.f: [1, 2]", .init(skip: try Selection("defenses.strict.f=1")))
    #expect(!names(skip).contains { $0.contains("f=1") } && skip.trials.count == 4)
  }

  @Test(arguments: [
    ("0.1, 1e-1", "0.1"), ("0.1, 0.10", "0.1"), ("1, 1.0", "1"), ("100, 1e2", "100"),
    ("-0.0, 0", "0"), ("+3, 3", "3"), ("0.1, '0.1'", "0.1"), (".5, 5e-1", "0.5"),
  ])
  func `numbers that are equal are one value`(values: String, label: String) {
    for key in ["attacks.push-0.5.value", "task.local.momentum"] {
      #expect(
        problems("  \(key): [\(values)]").contains(
          "matrix.\(key) has to be a list of different values; it has '\(label)' twice"))
    }
  }

  @Test func `cells are called by one spelling of a number`() throws {
    let one = try plan("  task.local.lr: [1e-1]\n  attacks.push-0.5.value: [2.50]")
    let other = try plan("  task.local.lr: [0.10]\n  attacks.push-0.5.value: [25e-1]")
    #expect(one.trials.map(\.cell) == other.trials.map(\.cell))
    #expect(one.trials.map(\.key) == other.trials.map(\.key))
    #expect(one.trials[0].cell == "none/mean task.local.lr=0.1")
  }

  @Test(arguments: [
    (
      "attacks.psh-0.5.value: [1]",
      "matrix.attacks.psh-0.5.value: no attack has the id 'psh-0.5'; did you mean 'push-0.5'?"
    ),
    (
      "attacks.fixed-row.value: [1]",
      "matrix.attacks.fixed-row.value: no attack has the id 'fixed-row'; the one that uses it has "
        + "the id 'push-0.5'"
    ),
    (
      "attacks.push-0.5.valeu: [1]",
      "matrix.attacks.push-0.5.valeu: fixed-row has no parameter 'valeu'; did you mean 'value'?"
    ),
    ("defenses.mean.f: [1]", "matrix.defenses.mean.f: mean has no parameter 'f'; it has none"),
    ("attacks.none: [1]", "it takes an entry and a parameter, attacks.ID.PARAMETER"),
    ("matrix.matrix: [1]", "matrix.matrix.matrix cannot be an axis: the matrix is what has axes"),
    ("matrix: [1]", "matrix.matrix cannot be an axis: the matrix is what has axes"),
    ("seeds.count: [1, 2]", "matrix.seeds.count cannot be an axis: every combination runs with"),
    ("name.x: [1, 2]", "matrix.name.x cannot be an axis: it has one value in a scenario"),
    ("schema.x: [1, 2]", "matrix.schema.x cannot be an axis"),
    ("clients..count: [1, 2]", "matrix.clients..count is not a dotted key"),
    (
      "include: [{attacks.push-0.5.value: 1, attack: none}]",
      "matrix.include: no cell is of both 'push-0.5' and 'none'"
    ),
    ("include: [{seeds.count: 3}]", "matrix.include: 'seeds.count' cannot be an axis"),
  ])
  func `what cannot be an axis is told at its line`(line: String, message: String) {
    let text = problems("  " + line)
    #expect(text.contains(message), "\(text)")
    #expect(text.hasPrefix("t.yaml:13:") && !text.contains("\n"), "\(text)")
  }

  @Test func `a value that a parameter does not take is told at its place`() {
    #expect(
      problems("  attacks.push-0.5.value: [1, x]")
        == "t.yaml:13:31: push-0.5: fixed-row: value is 'x'; it has to be a number from -1000000 to "
        + "1000000")
  }
}
