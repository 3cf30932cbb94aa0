import Defenses
import Federation
import Kernels
import Testing

@Suite struct KnownAnswerTests {
  private func check<Element: Scalar>(_ known: RuleCase, tolerance: Double, _: Element.Type) throws
  {
    let rule = try makeRule(
      known.rule, known.arguments.mapValues(\.value), rows: known.matrix.count)
    let updates = makeUpdates(known.matrix, Element.self)
    let result = try run(rule, on: updates)
    let expected = known.expected
    // Cancelation makes small results of large rows relative to the rows that went in.
    let scale = expected.update.map(abs).reduce(0, max)
    #expect(
      agree(result.update, expected.update, tolerance: tolerance, scale: scale), "\(known.name)")
    #expect(result.verdicts.count == known.matrix.count)
    if let weights = expected.weights {
      #expect(
        agree(result.verdicts.map(\.weight), weights, tolerance: tolerance, scale: 1e-30),
        "\(known.name)")
    }
    if let suspicion = expected.scores ?? expected.norms {
      #expect(
        agree(result.verdicts.compactMap(\.suspicion), suspicion, tolerance: tolerance),
        "\(known.name)")
    }
    if let selected = expected.selected {
      #expect(result.report["selected"] == .rows(selected), "\(known.name)")
      for (row, verdict) in result.verdicts.enumerated() {
        #expect(verdict.disposition == (selected.contains(row) ? .accepted : .rejected))
      }
    }
    if let bound = expected.bound, case .number(let got)? = result.report["bound"] {
      #expect(abs(got - bound) <= tolerance * bound, "\(known.name)")
    } else {
      #expect(expected.bound == nil, "\(known.name) reports no bound")
    }
  }

  private func checkAll<Element: Scalar>(tolerance: Double, _: Element.Type) throws {
    for known in try RuleCase.load() {
      try check(known, tolerance: tolerance, Element.self)
    }
  }

  @Test func doubleAgreesWithReference() throws {
    try checkAll(tolerance: 1e-12, Double.self)
  }

  @Test func floatAgreesWithReference() throws {
    try checkAll(tolerance: 1e-5, Float.self)
  }

  @Test func infeasiblePairsAreRefused() throws {
    for known in try InfeasibleCase.load() {
      let error = #expect(throws: ConfigurationError.self, "\(known)") {
        _ = try makeRule(known.rule, known.arguments.mapValues(\.value), rows: known.rows)
      }
      // m = 0 is no legal value at all; everything else depends on the number of rows.
      #expect(error?.isInfeasibility == (known.reason != "m < 1"), "\(known)")
    }
  }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("krum", ["f": .integer(4)], rows: 9)
    }
    #expect(
      error?.description == "krum: needs n >= 2f + 3 = 11 submissions for f = 4, got 9")
  }
}
