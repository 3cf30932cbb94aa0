import Components
import Defenses
import Federation
import Testing

/// What `relax` lets through, and what not.
@Suite struct RelaxTests {
  private let rows: [[Double]] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]

  private func rule(
    _ id: String, _ given: [String: ArgumentValue] = [:], rows: Int = 3, f: Int = 1
  ) throws -> any Aggregator {
    try makeRule(
      id, given.merging(["f": .integer(f), "relax": .text("true")]) { $1 }, rows: rows)
  }

  /// All distances of neighboring rows are equal, so the lowest row has the lowest score.
  @Test func krumWorksOnThreeRowsWithOneNeighbor() throws {
    for neighbours in ["n-f-2", "n-f-1"] {
      let rule = try rule("krum", ["neighbours": .text(neighbours)])
      #expect(rule.isOutsideProof)
      #expect(try run(rule, on: makeUpdates(rows)).update == [1, 2, 3])
    }
    let farther = try rule("krum", ["neighbours": .text("n-f")])
    #expect(try run(farther, on: makeUpdates(rows)).update == [4, 5, 6])
    #expect(try run(rule("multi-krum"), on: makeUpdates(rows)).update == [2.5, 3.5, 4.5])
  }

  @Test func withoutItTheyAreInfeasible() {
    for (id, rows, f) in [
      ("krum", 3, 1), ("multi-krum", 4, 1), ("bulyan", 5, 1), ("meamed", 2, 1), ("mda", 2, 1),
      ("smea", 2, 1), ("cge", 2, 1), ("monna", 2, 1), ("dnc", 2, 1),
    ] {
      let error = #expect(throws: ConfigurationError.self, "\(id)") {
        try makeRule(id, ["f": .integer(f)], rows: rows)
      }
      #expect(error?.isInfeasibility == true, "\(id)")
      #expect((try? rule(id, rows: rows, f: f))?.isOutsideProof == true, "\(id)")
    }
  }

  @Test func aRowIsLeftWithoutTheProof() throws {
    let two: [[Double]] = [[0, 8], [6, 0]]
    for id in ["mda", "smea", "monna"] {
      #expect(try run(rule(id, rows: 2), on: makeUpdates(two)).update == [0, 8], "\(id)")
    }
    #expect(try run(rule("cge", rows: 2), on: makeUpdates(two)).update == [6, 0])
    // Both values are as far from the median; the lower one is kept.
    #expect(try run(rule("meamed", rows: 2), on: makeUpdates(two)).update == [0, 0])
    #expect(
      try run(rule("bulyan", rows: 5), on: makeUpdates([[0], [1], [2], [3], [99]])).update == [1])
  }

  @Test func theComputationHasItsLimits() {
    for (id, rows, f) in [
      ("krum", 2, 2), ("multi-krum", 1, 1), ("bulyan", 4, 1), ("meamed", 1, 1), ("mda", 3, 3),
      ("cge", 1, 1), ("dnc", 2, 2),
    ] {
      let error = #expect(throws: ConfigurationError.self, "\(id)") {
        try rule(id, rows: rows, f: f)
      }
      #expect(error?.isInfeasibility == true, "\(id)")
    }
  }

  @Test func withinTheProofItChangesNothing() throws {
    let updates = makeUpdates(makeNormal(rows: 11, columns: 5, seed: 4))
    for id in builtInAggregators.filter(\.isRelaxable).map(\.manifest.id.rawValue) {
      let relaxed = try rule(id, rows: 11, f: 2)
      #expect(!relaxed.isOutsideProof, "\(id)")
      let strict = try makeRule(id, ["f": .integer(2)], rows: 11)
      #expect(try run(relaxed, on: updates).update == run(strict, on: updates).update, "\(id)")
    }
  }

  /// Where the computation itself needs more rows, there is nothing to relax.
  @Test func othersDoNotHaveIt() {
    for id in ["trimmed-mean", "phocas", "caf", "median", "mean"] {
      #expect(throws: ConfigurationError.self, "\(id)") {
        try makeRule(id, ["relax": .text("true")], rows: 11, plan: plan)
      }
    }
  }

  @Test func stagesSayItToo() throws {
    let entry = try makeCatalog().stage("arc")
    let setup = DefenseSetup(participantCount: 3)
    #expect(throws: ConfigurationError.self) {
      try entry.make(Arguments(["f": .integer(2)], for: entry.manifest), setup)
    }
    let arguments = try Arguments(
      ["f": .integer(2), "relax": .text("true")], for: entry.manifest)
    let stage = try entry.make(arguments, setup)
    #expect(stage.isOutsideProof)
    #expect(
      DefensePipeline(stages: [stage], rule: try makeRule("mean", rows: 3)).isOutsideProof)
  }
}

extension AggregatorEntry {
  fileprivate var isRelaxable: Bool { manifest.parameters.contains { $0.name == "relax" } }
}
