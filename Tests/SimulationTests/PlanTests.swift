import Components
import Federation
import Results
import Testing

@testable import Simulation

@Suite struct PlanTests {
  private func plan(
    _ overrides: [String] = [], text: String = ScenarioText.valid,
    options: Plan.Options = Plan.Options()
  ) throws -> Plan {
    try Plan(try ScenarioText.read(text, overrides), catalog: .test, options: options)
  }

  /// Names each trial: seed, cell, `*` where it is implied, `-` where it is not applicable.
  private func names(_ plan: Plan) -> [String] {
    plan.trials.map {
      "\($0.seed) \($0.cell)\($0.isImplied ? "*" : "")\($0.feasibility == .ready ? "" : "-")"
    }
  }

  @Test func `trials come by combination, seed, attack and defense, twins first`() throws {
    let plan = try plan([
      "seeds=[2, 1]", "clients.count=9",
      "attacks=[{id: push, use: fixed-row}, {id: calm, use: none}]", "defenses=[strict, mean]",
      "matrix={task.local.lr: [0.1, 0.2]}",
    ])
    let cells = ["calm/mean", "calm/strict", "push/mean", "push/strict"]
    #expect(
      names(plan)
        == ["0.1", "0.2"].flatMap { axis in
          [2, 1].flatMap { seed in cells.map { "\(seed) \($0) task.local.lr=\(axis)" } }
        })
    #expect(plan.requestedCount == 16 && plan.roundCount == 64)
    for (index, trial) in plan.trials.enumerated() {
      let start = index / 4 * 4
      #expect(trial.undefendedTwin == start)
      #expect(trial.twin == start + index % 2)
      #expect(trial.undefended == start + index % 4 / 2 * 2)
      #expect([trial.twin, trial.undefended].allSatisfy { ($0 ?? .max) <= index })
    }
  }

  @Test func `trials that metrics need are implied`() throws {
    let all = try plan([
      "attacks=[{id: push, use: fixed-row}]", "defenses=[{id: s, use: strict, f: 0}]",
    ])
    #expect(names(all) == ["1 none/mean*", "1 none/s*", "1 push/mean*", "1 push/s"])
    #expect(all.requestedCount == 1)
    let one = try plan(
      ["clients.count=9"],
      options: .init(only: try Selection("attack=push defense=strict")))
    #expect(names(one) == ["1 none/mean*", "1 none/strict*", "1 push/mean*", "1 push/strict"])
    let clean = try plan(options: .init(only: try Selection("attack=none defense=mean")))
    #expect(names(clean) == ["1 none/mean"])
  }

  @Test func `only, skip, exclude and seeds choose trials`() throws {
    let options = Plan.Options(
      only: try Selection("defense=mean"), skip: try Selection("attack=none"), seeds: [8, 3])
    let chosen = names(try plan(options: options))
    #expect(
      chosen
        == ["8 none/mean*", "8 push/mean", "3 none/mean*", "3 push/mean"])
    let excluded = try plan(["matrix={exclude: [{attack: push}]}", "clients.count=9"])
    #expect(names(excluded) == ["1 none/mean", "1 none/strict"])
  }

  @Test func `selections look at axes`() throws {
    let plan = try plan(
      ["matrix={clients.count: [9, 10]}"],
      options: .init(only: try Selection("clients.count>9 attack=none")))
    #expect(
      names(plan) == ["1 none/mean clients.count=10", "1 none/strict clients.count=10"])
  }

  @Test func `an infeasible pair is not applicable, with its reason`() throws {
    // n = 6, f = 2: strict wants 7.
    let plan = try plan()
    #expect(names(plan) == ["1 none/mean", "1 none/strict-", "1 push/mean", "1 push/strict-"])
    #expect(
      plan.trials[3].feasibility == .notApplicable("strict: needs n >= 2f + 3, got f = 2"))
    #expect(plan.trials[3].twin == nil && plan.trials[3].undefended == nil)
    #expect(plan.roundCount == 8)
    for override in ["clients.count=7", "defense-knows.malicious.count=1"] {
      let feasible = names(try self.plan([override]))
      #expect(feasible.allSatisfy { !$0.hasSuffix("-") })
    }
  }

  @Test func `a rule is made for the rows that its stages leave`() throws {
    // f = 1: strict wants 5 rows; of 8 clients 4 are left, of 9 there are 5.
    for (count, isFeasible) in [(8, false), (9, true)] {
      let plan = try plan([
        "defenses=[mean, {id: halved, use: strict, stages: [halving]}]", "clients.count=\(count)",
        "defense-knows.malicious.count=1",
      ])
      let halved = plan.trials.filter { $0.defense == "halved" }
      #expect(!halved.isEmpty)
      #expect(halved.allSatisfy { ($0.feasibility == .ready) == isFeasible })
    }
  }

  @Test func `an attack that wants to know too much is not applicable`() throws {
    let plan = try plan(["attacks=[none, curious]", "defenses=[mean]", "threat.knowledge=own"])
    #expect(names(plan) == ["1 none/mean", "1 curious/mean-"])
    #expect(
      plan.trials[1].feasibility
        == .notApplicable("curious needs the honest updates; threat.knowledge is 'own'"))
  }

  @Test func `arguments are complete, from the plan where they depend on it`() throws {
    let plan = try plan(["clients.count=9"])
    #expect(
      plan.trials[3].attackChoice.attacks[0].attack.arguments.values == [
        "value": .real(2), "f": .integer(2),
      ])
    #expect(plan.trials[3].defenseChoice.rule.arguments.values == ["f": .integer(2)])
    #expect(plan.trials[3].attackerCount == 2 && plan.trials[3].rounds == 4)
  }

  @Test func `the resolved scenario of every combination goes to the manifest`() throws {
    let plan = try plan(["matrix={clients.count: [9, 10]}"])
    guard case .array(let variants) = plan.resolved, case .object(let first)? = variants.first
    else {
      Issue.record("the resolved scenario is no list of objects")
      return
    }
    #expect(variants.count == 2)
    #expect(first["rounds"] == .integer(4))
    #expect(first["axes"] == ["clients.count": "9"])
    #expect(plan.data.isEmpty)
    let digits = try self.plan(["task.dataset=digits"])
    #expect(digits.data.map(\.name) == ["digits"] && digits.data.first?.rows == 1797)
  }
}
