import Diagnostics
import Simulation
import Testing
import _TestSupport

/// What a broken scenario is answered with; the texts are in `Goldens/scenario-problems.txt`.
@Suite struct ScenarioProblemsTests {
  /// Each case changes the valid scenario: replacements, then `--set` overrides.
  private static let cases: [(title: String, changes: [(String, String)], overrides: [String])] = [
    ("unknown key at the top", [("rounds: 4", "rounds: 4\nrouns: 4")], []),
    ("unknown key far from any other", [("rounds: 4", "rounds: 4\nzebra: 4")], []),
    ("unknown key in task", [("  model:", "  modl: 3\n  model:")], []),
    ("unknown key in a flow mapping", [("batch: 8", "bach: 8, batch: 8")], []),
    ("unknown key of a data set", [("features: 4", "features: 4, feature: 4")], []),
    ("key of another kind of model", [("kind: logistic", "kind: logistic, hidden: [3]")], []),
    ("unknown key of clients", [("count: 6", "count: 6, participations: 1")], []),
    (
      "unknown key of a partition", [("count: 6", "count: 6, partition: {kind: iid, alpha: 1}")], []
    ),
    ("unknown key of server", [("attacks:", "server: {momentun: 1}\nattacks:")], []),
    ("unknown key of threat", [("  malicious", "  windows: {start: 1}\n  malicious")], []),
    ("unknown key of a window", [("{count: 2}", "{count: 2}\n  window: {begin: 1}")], []),
    (
      "unknown key of defense-knows", [("attacks:", "defense-knows: {maliciuos: exact}\nattacks:")],
      []
    ),
    (
      "missing keys", [("name: test\n", ""), ("rounds: 4\n", ""), ("clients: {count: 6}\n", "")], []
    ),
    ("missing task", [("task:", "tasks:")], []),
    ("missing lists", [("attacks", "attack"), ("defenses", "defense")], []),
    ("missing width", [("kind: logistic", "kind: mlp")], []),
    ("missing alpha", [("count: 6", "count: 6, partition: {kind: dirichlet}")], []),
    ("other schema", [("scenario/1", "scenario/2")], []),
    ("text for a number", [("rounds: 4", "rounds: four")], []),
    ("real for a whole number", [("rounds: 4", "rounds: 4.5")], []),
    ("quoted number", [("rounds: 4", "rounds: '4'")], []),
    ("list for a number", [("rounds: 4", "rounds: [4]")], []),
    ("nothing for a number", [("rounds: 4", "rounds:")], []),
    ("number out of range", [("rounds: 4", "rounds: 0"), ("lr: 0.1", "lr: 0")], []),
    ("huge number", [("rounds: 4", "rounds: 99999999999999999999999")], []),
    ("word for a mapping", [("{count: 6}", "six")], []),
    ("list for a mapping", [("{kind: logistic}", "[logistic]")], []),
    ("word for a list", [("[none, {id: push, use: fixed-row, value: 2}]", "none")], []),
    ("empty list", [("[mean, strict]", "[]")], []),
    ("list in a list", [("[mean, strict]", "[[mean]]")], []),
    ("entry without use", [("id: push, use: fixed-row, ", "")], []),
    ("illegal id", [("id: push", "id: 'a/b'")], []),
    ("same id twice", [("[mean, strict]", "[mean, strict, mean]")], []),
    ("stages that are no list", [("[mean, strict]", "[{use: mean, stages: scaling}]")], []),
    ("key given twice", [("rounds: 4", "rounds: 4\nrounds: 5")], []),
    ("wrong choice", [("kind: logistic", "kind: logisitc")], []),
    ("unknown data set", [("use: gaussian-classes", "use: gausian-classes")], []),
    (
      "unknown partition",
      [("count: 6", "count: 6, partition: {kind: dirichlett, alpha: 1}")], []
    ),
    ("unknown rate", [("lr: 0.1", "lr: 0.1, schedule: {kind: cosin}")], []),
    ("unknown attack schedule", [("{count: 2}", "{count: 2}\n  schedule: often")], []),
    (
      "unknown attack schedule in a mapping",
      [("{count: 2}", "{count: 2}\n  schedule: {kind: in-tern, k: 2}")], []
    ),
    (
      "rounds of a schedule",
      [("{count: 2}", "{count: 2}\n  schedule: {kind: rounds, rounds: [1, x]}")], []
    ),
    ("rounds of a schedule missing", [("{count: 2}", "{count: 2}\n  schedule: rounds")], []),
    (
      "unknown trigger",
      [("{count: 2}", "{count: 2}\n  backdoor: {trigger: squar, size: 1, target: 0}")], []
    ),
    (
      "unknown data set of the server",
      [
        ("attacks:", "defense-knows: {out-of-distribution: {dataset: digit, samples: 3}}\nattacks:")
      ], []
    ),
    ("root samples", [("attacks:", "defense-knows: {root-samples: many}\nattacks:")], []),
    ("evaluation", [("attacks:", "evaluation: {every: 0, evry: 1}\nattacks:")], []),
    ("fixed seeds", [("attacks:", "fixed-seeds: {data: -1, init: x}\nattacks:")], []),
    ("normalization", [("train: 60", "normalize: {mean: [1, 2], std: 0}, train: 60")], []),
    ("modifiers that are no list", [("value: 2", "with: boost")], []),
    (
      "finishers that are no list", [("[mean, strict]", "[{use: mean, finishers: {use: crfl}}]")],
      []
    ),
    ("epochs and steps", [("batch: 8", "epochs: 1, steps: 1, batch: 8")], []),
    (
      "sizes the wrong way round",
      [("count: 6", "count: 6, partition: {kind: uniform-sizes, min: 9, max: 9}")], []
    ),
    ("seeds twice", [("[1]", "[1, 1]")], []),
    ("negative seed", [("[1]", "[-1]")], []),
    ("seed beyond what files hold", [("[1]", "[9223372036854775808]")], []),
    ("no seeds", [("[1]", "[]")], []),
    ("zero clients", [("count: 6", "count: 0")], []),
    ("no participation", [("count: 6", "count: 6, participation: 0")], []),
    ("all malicious", [("{count: 2}", "1.0")], []),
    ("more malicious than clients", [("{count: 2}", "{count: 6}")], []),
    ("negative share", [("{count: 2}", "-0.1")], []),
    ("a share for a count of attackers", [("{count: 2}", "{fraction: 0.25}")], []),
    ("a count of attackers that is none", [("{count: 2}", "{count: many}")], []),
    (
      "attackers that do not fit",
      [
        ("{count: 2}", "{count: 2}\n  participation: always"),
        ("count: 6", "count: 6, participation: 0.2"),
      ], []
    ),
    ("window beyond the rounds", [("{count: 2}", "{count: 2}\n  window: {start: 2, stop: 5}")], []),
    ("empty window", [("{count: 2}", "{count: 2}\n  window: {start: 2, stop: 2}")], []),
    ("window after the rounds", [("{count: 2}", "{count: 2}\n  window: {start: 4}")], []),
    ("negative window", [("{count: 2}", "{count: 2}\n  window: {start: -1}")], []),
    (
      "source that is no class",
      [("{count: 2}", "{count: 2}\n  backdoor: {size: 1, target: 0, source: one}")], []
    ),
    ("backdoor without size and target", [("{count: 2}", "{count: 2}\n  backdoor: {}")], []),
    ("what the defense knows", [("attacks:", "defense-knows: {malicious: 0.2}\nattacks:")], []),
    (
      "several at once, in order of the file",
      [
        ("rounds: 4", "rounds: x"), ("lr: 0.1", "lr: -1, momentun: 2"), ("count: 6", "count: no"),
        ("[mean, strict]", "[mean, mean]"),
      ], []
    ),
    ("override with an unknown key", [], ["task.local.lrr=1"]),
    ("override with a bad value", [], ["rounds=many"]),
    ("override that is not YAML", [], ["rounds=[1"]),
    ("override without a value", [], ["rounds="]),
    ("override without a key", [], ["task..lr=1", ".rounds=1", "rounds.=1"]),
    ("override of a scalar by a deeper key", [], ["rounds.deep=1"]),
    ("matrix axis without a dot", [("attacks:", "matrix: {rounds: [1, 2]}\nattacks:")], []),
    ("matrix axis without a list", [("attacks:", "matrix: {clients.count: 4}\nattacks:")], []),
    (
      "matrix axis with a value twice", [("attacks:", "matrix: {clients.count: [4, 4]}\nattacks:")],
      []
    ),
    (
      "matrix axis that is unknown", [("attacks:", "matrix: {clients.cuont: [4, 5]}\nattacks:")], []
    ),
    (
      "matrix axis with a bad value",
      [("attacks:", "matrix: {clients.count: [4, none]}\nattacks:")], []
    ),
    ("matrix that is no mapping", [("attacks:", "matrix: [1]\nattacks:")], []),
    ("exclude that is no list", [("attacks:", "matrix: {exclude: {attack: push}}\nattacks:")], []),
    (
      "exclude of several attacks at once",
      [("attacks:", "matrix: {clients.count: [4, 5], exclude: [{attack: [push]}]}\nattacks:")], []
    ),
    (
      "exclude of an unknown axis",
      [("attacks:", "matrix: {clients.count: [4, 5], exclude: [{client.count: 4}]}\nattacks:")], []
    ),
    (
      "exclude of an unknown value",
      [("attacks:", "matrix: {clients.count: [4, 5], exclude: [{clients.count: 6}]}\nattacks:")], []
    ),
    (
      "exclude of an unknown attack",
      [("attacks:", "matrix: {clients.count: [4, 5], exclude: [{attack: psh}]}\nattacks:")], []
    ),
    (
      "include of an unknown defense",
      [("attacks:", "matrix: {include: [{defense: maen, clients.count: 4}]}\nattacks:")], []
    ),
  ]

  @Test func `every mistake has its message`() {
    var text = ""
    for test in Self.cases {
      let problems = ScenarioText.problems(ScenarioText.replacing(test.changes), test.overrides)
      #expect(!problems.isEmpty, "\(test.title) is accepted")
      text += "# \(test.title)\n\(problems)\n\n"
    }
    let difference = Goldens.difference(text, from: "scenario-problems.txt")
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test(arguments: ["", "\n\n", "# only a remark\n", "---\n"])
  func `an empty file is refused`(text: String) {
    #expect(ScenarioText.problems(text).contains("the file"))
  }

  @Test(arguments: [
    "a: [1", "a: {b", "a: 'x", "\t\ta", "a: b: c", "- a\nb", "%", "a: &x *x", "&a [*a]", "{a: b",
    "a: !!int x", "*x", "? [a]: b", "1: 2", "[]", "word", "a\u{0}b", "\u{1F600}: x",
    "a: 1\n---\nb: 2",
  ])
  func `what is not a scenario is refused, never a trap`(text: String) {
    #expect(ScenarioText.problems(text).hasPrefix("t.yaml"))
  }

  @Test func `problems are listed by line, then in the order found`() {
    let error = DocumentError(
      file: "f",
      problems: [
        .init("c"), .init("b", at: SourcePosition(line: 2, column: 1)),
        .init("a2", at: SourcePosition(line: 1, column: 9)),
        .init("a1", at: SourcePosition(line: 1, column: 2)), .init("d"),
      ])
    #expect(error.description == "f:1:2: a1\nf:1:9: a2\nf:2:1: b\nf: c\nf: d")
  }
}
