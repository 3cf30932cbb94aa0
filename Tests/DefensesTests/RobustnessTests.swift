import Components
import Defenses
import Federation
import Testing

/// Computed robustness: what a search finds lies between the bounds that are known.
@Suite struct RobustnessTests {
  static let n = 10
  static let f = 2

  /// A defense with what the search has to reach; 1/3 is the least that any rule allows.
  struct Known: Sendable, CustomTestStringConvertible {
    var stages: [String] = []
    var rule: String
    var given: [String: ArgumentValue] = [:]
    /// The number of coordinates; on one the geometric median is the median.
    var d = 1
    /// Where to start besides patterns.
    var start: [Float]?
    var reached: Double

    var testDescription: String { (stages + ["\(rule), d = \(d)"]).joined(separator: " + ") }
  }

  /// The best of many random starts: four rows in one direction, three pairs in another.
  private static let spread: [Float] = [
    -9.88, 3.53, 5.33, -1.76, 5.37, -1.66, -7.68, 2.82, 5.44, 0.04, 4.75, -2.94, -2.7, 0.95, 4.7,
    -2.83, -2.71, 0.92, -2.63, 0.92,
  ]

  static let known = [
    Known(rule: "trimmed-mean", reached: 1.0 / 3),
    Known(rule: "median", reached: 1),
    Known(rule: "meamed", reached: 1.5),
    Known(rule: "krum", reached: 2.8),
    Known(rule: "multi-krum", given: ["m": .integer(6)], reached: 1.69),
    Known(rule: "geometric-median", reached: 1),
    Known(
      rule: "geometric-median", given: ["max-iterations": .integer(3000)], d: 2, start: spread,
      reached: 1.54),
    Known(rule: "caf", reached: 0.65),
    Known(rule: "smea", reached: 1.0 / 3),
    Known(rule: "mda", reached: 1.0 / 3),
    Known(stages: ["nnm"], rule: "median", reached: 1.37),
    Known(stages: ["nnm"], rule: "trimmed-mean", reached: 1.03),
    Known(stages: ["nnm"], rule: "krum", reached: 1.47),
  ]

  private func pipeline(_ known: Known) throws -> (DefensePipeline, bound: Double?) {
    let catalog = makeCatalog()
    let setup = DefenseSetup(participantCount: Self.n)
    let entry = try catalog.aggregator(ComponentID(known.rule))
    var bound = entry.bound?.value(n: Self.n, f: Self.f)
    var stages: [any PreAggregator] = []
    for id in known.stages.reversed() {
      let stage = try catalog.stage(ComponentID(id))
      stages.insert(try stage.make(Arguments([:], for: stage.manifest, plan: plan), setup), at: 0)
      bound = bound.flatMap { kappa in
        stage.bound?.value(n: Self.n, f: Self.f, behind: kappa)
      }
    }
    let rule = try entry.make(Arguments(known.given, for: entry.manifest, plan: plan), setup)
    return (DefensePipeline(stages: stages, rule: rule), bound)
  }

  @Test(arguments: known) func searchStaysBelowTheProvenBound(known: Known) throws {
    let (defense, bound) = try pipeline(known)
    let search = RobustnessSearch(n: Self.n, f: Self.f, d: known.d, defense: defense)
    let found = try search.run(
      from: [known.start].compactMap(\.self), steps: 3000 / (known.d * known.d), seed: 1)
    #expect(found.kappa >= known.reached * (1 - 1e-3), "\(found)")
    if let bound { #expect(found.kappa <= bound, "\(found)") }
  }

  @Test func everyBoundIsSearched() {
    let bounded = builtInAggregators.filter { $0.bound != nil }.map(\.manifest.id.rawValue)
    #expect(Set(bounded).isSubset(of: Self.known.map(\.rule)))
  }

  @Test func theMeanHasNoBound() throws {
    let search = RobustnessSearch(
      n: Self.n, f: Self.f, defense: DefensePipeline(rule: try makeRule("mean", rows: Self.n)))
    #expect(try search.kappa([0, 1, 0, 1, 0, 1, 0, 1, 1e3, 1e3]) > 1e5)
  }

  /// Values of the formulas by hand; no rule can be better than f / (n − 2f).
  @Test func boundsByHand() throws {
    let catalog = makeCatalog()
    func bound(_ id: ComponentID) throws -> Double? {
      try catalog.aggregator(id).bound?.value(n: 10, f: 2)
    }
    #expect(RobustnessBound.universal(n: 10, f: 2) == 1.0 / 3)
    #expect(try abs((bound("trimmed-mean") ?? 0) - 8.0 / 3) < 1e-12)
    #expect(try abs((bound("krum") ?? 0) - 8) < 1e-12)
    #expect(try abs((bound("median") ?? 0) - 64.0 / 9) < 1e-12)
    #expect(try abs((bound("geometric-median") ?? 0) - 64.0 / 9) < 1e-12)
    #expect(try abs((bound("smea") ?? 0) - 16.0 / 9) < 1e-12)
    let mixing = try catalog.stage("nnm").bound?.value(n: 10, f: 2, behind: 8)
    #expect(abs((mixing ?? 0) - 18) < 1e-12)
    for entry in builtInAggregators {
      guard let bound = entry.bound else { continue }
      for (n, f) in [(10, 2), (11, 4), (50, 24), (3, 1)] {
        #expect(bound.value(n: n, f: f) >= RobustnessBound.universal(n: n, f: f))
      }
      #expect(bound.value(n: 10, f: 0) >= 0)
    }
  }
}
