import Components
import Testing

@Suite struct ConfigurationErrorTests {
  @Test(arguments: [
    (
      ConfigurationError.Problem.unknownComponent(
        kind: "defense", id: "krumm", known: ["krum", "mean"]),
      "unknown defense 'krumm'; did you mean 'krum'?"
    ),
    (
      .unknownParameter(component: "krum", name: "power2", known: ["f", "power"]),
      "krum: unknown parameter 'power2'; did you mean 'power'?"
    ),
    (
      .unknownParameter(component: "mean", name: "f", known: []),
      "mean: unknown parameter 'f' (it has none)"
    ),
    (
      .missingValue(component: "krum", name: "f"),
      "krum: parameter 'f' has to be given here (krum:f=…)"
    ),
    (
      .badValue(
        component: "c", name: "bound", value: .real(0), allowed: .positive(orWords: ["auto"])),
      "c: bound is '0'; it has to be a number above 0 or 'auto'"
    ),
    (
      .badValue(component: "c", name: "r", value: .real(1e300), allowed: .real(0...1)),
      "c: r is '1e+300'; it has to be a number from 0 to 1"
    ),
    (
      .badValue(
        component: "c", name: "sd", value: .text("x"),
        allowed: .real(0 ... .greatestFiniteMagnitude)),
      "c: sd is 'x'; it has to be a number of at least 0"
    ),
    (
      .badValue(
        component: "c", name: "m", value: .text("x"),
        allowed: .real(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude)),
      "c: m is 'x'; it has to be a number (finite)"
    ),
    (
      .badValue(component: "c", name: "n", value: .integer(0), allowed: .integer(1 ... .max)),
      "c: n is '0'; it has to be a whole number of at least 1"
    ),
    (
      .badValue(component: "c", name: "n", value: .real(1), allowed: .integer(1 ... .max)),
      "c: n is '1.0'; it has to be a whole number of at least 1"
    ),
    (
      .badValue(component: "c", name: "w", value: .text("z"), allowed: .choice(["x", "y"])),
      "c: w is 'z'; it has to be one of 'x', 'y'"
    ),
    (
      .badValue(
        component: "c", name: "rounds", value: .list([.integer(1), .text("x")]),
        allowed: .list(of: .integer(0...9))),
      "c: rounds is '[1, x]'; it has to be a list of at least 1, each a whole number from 0 to 9"
    ),
    (
      .badValue(
        component: "c", name: "pair", value: .list([]), allowed: .list(of: .text, count: 2...2)),
      "c: pair is '[]'; it has to be a list of 2, each a text"
    ),
    (
      .badValue(
        component: "c", name: "some", value: .text("x"),
        allowed: .list(of: .choice(["a"]), count: 1...3)),
      "c: some is 'x'; it has to be a list of 1 to 3, each one of 'a'"
    ),
    (
      .badValue(component: "c", name: "in", value: .integer(1), allowed: .path),
      "c: in is '1'; it has to be a path"
    ),
    (.infeasible(component: "krum", reason: "too few"), "krum: too few"),
  ])
  func textIsPinned(problem: ConfigurationError.Problem, text: String) {
    #expect(problem.description == text)
  }

  @Test func severalProblemsHaveOneLineEach() {
    let error = ConfigurationError([
      .infeasible(component: "a", reason: "one"), .invalid(component: "b", reason: "two"),
    ])
    #expect(error.description == "a: one\nb: two")
    #expect(!error.isInfeasibility)
    #expect(ConfigurationError(.infeasible(component: "a", reason: "one")).isInfeasibility)
  }
}
