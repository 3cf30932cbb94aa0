import Components
import Testing

@Suite struct ArgumentsTests {
  private let manifest = ComponentManifest(
    id: "sample", summary: "A sample.", formula: "none",
    parameters: [
      ParameterSpec("rate", .real(0...1, orWords: ["auto"]), default: .real(0.5), help: "a rate"),
      ParameterSpec("count", .integer(1...9, orWords: ["all"]), default: .integer(3), help: "many"),
      ParameterSpec("mode", .choice(["fast", "slow", "2"]), default: .text("fast"), help: "how"),
      ParameterSpec("f", .integer(0...5), default: .plan(.declaredByzantine), help: "declared"),
      ParameterSpec(
        "target", .integer(0...9, orWords: ["none"]),
        default: .planned(.backdoor("target"), otherwise: .text("none"), unlessGiven: "source"),
        help: "a class"),
      ParameterSpec("bound", .positive(), default: .required, help: "a bound"),
      ParameterSpec(
        "rounds", .list(of: .integer(0...99), count: 1...3), default: .list([.integer(1)]),
        help: "some rounds"),
      ParameterSpec(
        "shares", .list(of: .real(0...1)), default: .list([.real(0.5)]), help: "some shares"),
      ParameterSpec("command", .text, default: .text("cat"), help: "any text"),
      ParameterSpec("folder", .path, default: .text("."), help: "a path"),
    ])

  private let facts: [PlanFact: ArgumentValue] = [
    .declaredByzantine: .integer(4), .backdoor("target"): .integer(7),
  ]

  private func make(
    _ given: [String: ArgumentValue], plan: [PlanFact: ArgumentValue] = [:]
  ) throws(ConfigurationError) -> Arguments {
    try Arguments(given, for: manifest, plan: plan)
  }

  private func problems(
    _ given: [String: ArgumentValue], plan: [PlanFact: ArgumentValue] = [:]
  ) -> [ConfigurationError.Problem] {
    do throws(ConfigurationError) {
      _ = try make(given, plan: plan)
      return []
    } catch {
      return error.problems
    }
  }

  @Test func defaultsComeFromTheSpecAndThePlan() throws {
    let arguments = try make(
      ["bound": .real(2)], plan: facts)
    #expect(arguments.real("rate") == 0.5)
    #expect(arguments.integer("count") == 3)
    #expect(arguments.word("mode") == "fast")
    #expect(arguments.integer("f") == 4)
    #expect(arguments.integer("target") == 7)
  }

  @Test func givenValuesWinOverThePlan() throws {
    let arguments = try make(
      ["bound": .real(2), "f": .integer(1), "target": .text("none")],
      plan: facts)
    #expect(arguments.integer("f") == 1)
    #expect(arguments.wholeNumber("target") == nil && arguments.word("target") == "none")
  }

  @Test func withoutAPlanItsFactsHaveToBeGiven() throws {
    #expect(
      problems(["bound": .real(1)]) == [.missingValue(component: "sample", name: "f")])
    let arguments = try make(["bound": .real(1), "f": .integer(0)])
    #expect(arguments.word("target") == "none")
  }

  @Test func wholeNumbersAreRealsButNotTheOtherWayRound() throws {
    let f: [String: ArgumentValue] = ["f": .integer(0), "bound": .integer(3)]
    #expect(try make(f).real("bound") == 3)
    #expect(problems(f.merging(["count": .real(2)]) { $1 }).count == 1)
  }

  @Test func wordsStandInForNumbersWhereAllowed() throws {
    let arguments = try make(
      ["bound": .real(1), "f": .integer(0), "rate": .text("auto"), "count": .text("all")])
    #expect(arguments.number("rate") == nil && arguments.word("rate") == "auto")
    #expect(arguments.wholeNumber("count") == nil && arguments.word("count") == "all")
  }

  @Test func numbersMayNameAChoice() throws {
    let arguments = try make(["bound": .real(1), "f": .integer(0), "mode": .integer(2)])
    #expect(arguments.word("mode") == "2")
  }

  @Test(arguments: [
    ("rate", ArgumentValue.real(1.5)), ("rate", .real(-0.1)), ("rate", .real(.nan)),
    ("rate", .text("often")), ("count", .integer(0)), ("count", .integer(10)),
    ("count", .text("none")), ("mode", .text("medium")), ("mode", .integer(3)),
    ("f", .integer(-1)), ("bound", .real(0)), ("bound", .real(.infinity)), ("bound", .text("1")),
    ("rounds", .list([])), ("rounds", .integer(3)), ("rounds", .list([.integer(100)])),
    ("rounds", .list([.integer(1), .text("2")])), ("rounds", .list([.real(2)])),
    ("rounds", .list([.integer(1), .integer(2), .integer(3), .integer(4)])),
    ("shares", .list([.real(0.5), .real(1.5)])), ("command", .text("")), ("command", .list([])),
    ("folder", .text("")), ("folder", .integer(3)),
  ])
  func illegalValuesAreRefused(name: String, value: ArgumentValue) {
    var given: [String: ArgumentValue] = ["bound": .real(1), "f": .integer(0)]
    given[name] = value
    let found = problems(given)
    #expect(found.count == 1)
    if case .badValue(component: "sample", name: name, value: _, allowed: _)? = found.first {
    } else {
      Issue.record("\(found)")
    }
  }

  @Test func everyProblemIsReportedAtOnce() {
    let found = problems([
      "zeta": .integer(1), "alpha": .integer(1), "rate": .real(2), "count": .text("x"),
    ])
    // Two unknown names, two bad values, and f and bound missing.
    #expect(found.count == 6)
    #expect(
      found.first
        == .unknownParameter(
          component: "sample", name: "alpha",
          known: [
            "rate", "count", "mode", "f", "target", "bound", "rounds", "shares", "command",
            "folder",
          ]))
  }

  @Test func listsTakeTheTypeOfTheirValues() throws {
    let needed: [String: ArgumentValue] = ["bound": .real(1), "f": .integer(0)]
    let plain = try make(needed)
    #expect(plain.integers("rounds") == [1] && plain.reals("shares") == [0.5])
    let given = try make(
      needed.merging([
        "rounds": .list([.integer(12), .integer(0), .integer(12)]),
        "shares": .list([.integer(1), .real(0.25)]),
      ]) { $1 })
    #expect(given.integers("rounds") == [12, 0, 12])
    #expect(given.reals("shares") == [1, 0.25])
    #expect(given.list("shares") == [.real(1), .real(0.25)])
    // A single number may stand for a list of one where a method takes either.
    #expect(given.reals("bound") == [1])
    #expect(given.list("bound") == nil)
  }

  @Test func textTakesWhatLooksLikeANumber() throws {
    let needed: [String: ArgumentValue] = ["bound": .real(1), "f": .integer(0)]
    func command(_ value: ArgumentValue) throws -> String {
      try make(needed.merging(["command": value]) { $1 }).text("command")
    }
    #expect(try make(needed).text("command") == "cat")
    #expect(try command(.text("python3 x.py")) == "python3 x.py")
    #expect(try command(.integer(3)) == "3")
    #expect(try command(.real(0.5)) == "0.5")
    #expect(try make(needed.merging(["folder": .text("data/x")]) { $1 }).text("folder") == "data/x")
  }

  @Test func factsOfThePlanThatWereUsedAreKnown() throws {
    #expect(
      try make(["bound": .real(2)], plan: facts).planFacts
        == [.declaredByzantine, .backdoor("target")])
    #expect(
      try make(["bound": .real(2), "f": .integer(1)], plan: facts).planFacts
        == [.backdoor("target")])
    // A parameter that is replaced by another one takes nothing from the plan.
    let manifest = ComponentManifest(
      id: "trim", summary: "A sample.",
      parameters: [
        ParameterSpec(
          "f", .integer(0...5, orWords: ["none"]),
          default: .planned(
            .declaredByzantine, otherwise: .text("none"), unlessGiven: "fraction"), help: "many"),
        ParameterSpec("fraction", .real(0...1), default: .real(0), help: "a share"),
      ])
    let replaced = try Arguments(["fraction": .real(0.1)], for: manifest, plan: facts)
    #expect(replaced.planFacts.isEmpty && replaced.word("f") == "none")
    #expect(try Arguments([:], for: manifest, plan: facts).wholeNumber("f") == 4)
  }
}
