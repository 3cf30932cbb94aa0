import Results
import Testing

@testable import Studies

@Suite struct StudyROCTests {
  private static func key(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "a", count: 64 - digits.count) + digits
  }

  private static func trial(
    _ seed: Int, _ roc: [String: [Double]], status: TrialStatus = .ok, defense: String = "krum"
  ) -> TrialRecordV1 {
    TrialRecordV1(
      key: key(seed), attack: "alie", defense: defense, seed: seed, engine: 3, status: status,
      roc: roc, rounds: status == .ok ? 2 : 0)
  }

  private static func study(_ trials: [TrialRecordV1]) -> Study {
    let manifest = RunManifestV1(
      tool: .init(version: "1", swift: "6", build: "release"), engine: 3,
      scenario: .init(name: "s", sha256: key(0), resolved: []), data: [],
      machine: .init(cores: 1, arch: "x", os: "y"), invocation: [], started: "", counts: [:])
    return Study(manifest, ResultSet(manifest, trials))
  }

  /// Such as 0.25 below the last point.
  private static func flat(_ rate: Double) -> [Double] {
    [Double](repeating: rate, count: 20) + [1]
  }

  @Test func curvesAreMeansOverTheSeedsThatHaveThem() {
    let study = Self.study([
      Self.trial(1, ["norm": Self.flat(0.25), "rule": Self.flat(0.5), "sign": Self.flat(1)]),
      Self.trial(2, ["norm": Self.flat(0.75), "sign": Self.flat(0)]),
      Self.trial(3, [:]), Self.trial(4, ["norm": Self.flat(0)], status: .error),
      Self.trial(1, ["norm": Self.flat(0)], defense: "mean"),
    ])
    let curves = study.roc(of: CellID(attack: "alie", defense: "krum"))
    #expect(curves.map(\.detector) == ["norm", "sign", "rule"])
    #expect(curves.map(\.rates) == [Self.flat(0.5), Self.flat(0.5), Self.flat(0.5)])
  }

  @Test func aCellWithoutCurvesHasNone() {
    let study = Self.study([Self.trial(1, [:])])
    #expect(study.roc(of: CellID(attack: "alie", defense: "krum")).isEmpty)
    #expect(study.roc(of: CellID(attack: "none", defense: "x")).isEmpty)
  }
}
