import Federation
import Testing

@Suite struct ArgumentsTests {
  private let manifest = ComponentManifest(
    id: "sample", summary: "A sample.", formula: "none", citation: "none",
    parameters: [
      ParameterSpec("rate", .real(0...1, orWords: ["auto"]), default: .real(0.5), help: "a rate"),
      ParameterSpec("count", .integer(1...9, orWords: ["all"]), default: .integer(3), help: "many"),
      ParameterSpec("mode", .choice(["fast", "slow", "2"]), default: .text("fast"), help: "how"),
      ParameterSpec("f", .integer(0...5), default: .plan(.declaredByzantine), help: "declared"),
      ParameterSpec(
        "target", .integer(0...9, orWords: ["none"]),
        default: .planned(.backdoorTarget, otherwise: .text("none"), unlessGiven: "source"),
        help: "a class"),
      ParameterSpec("bound", .positive(), default: .required, help: "a bound"),
    ])

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
      ["bound": .real(2)], plan: [.declaredByzantine: .integer(4), .backdoorTarget: .integer(7)])
    #expect(arguments.real("rate") == 0.5)
    #expect(arguments.integer("count") == 3)
    #expect(arguments.word("mode") == "fast")
    #expect(arguments.integer("f") == 4)
    #expect(arguments.integer("target") == 7)
  }

  @Test func givenValuesWinOverThePlan() throws {
    let arguments = try make(
      ["bound": .real(2), "f": .integer(1), "target": .text("none")],
      plan: [.declaredByzantine: .integer(4), .backdoorTarget: .integer(7)])
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
          known: ["rate", "count", "mode", "f", "target", "bound"]))
  }
}
