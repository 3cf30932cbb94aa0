import Foundation
import Leaderboards
import Results
import Studies
import Testing
import _TestSupport

/// Entries against what their scenario makes when it is planned again.
@Suite struct EntryPlanTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func withoutAlie(_ message: String?) throws -> String {
    try Sample.pack(
      Sample.study(
        Sample.records.map { record in
          guard record.attack == "alie", record.defense == "krum" else { return record }
          return TrialRecordV1(
            key: record.key, attack: "alie", defense: "krum", seed: record.seed, engine: 3,
            status: .notApplicable, message: message)
        }), into: folder, name: message == nil ? "without" : "with")
  }

  @Test func whatCannotRunNeedsAReason() throws {
    for (message, expected) in [("needs n >= 4f + 3", [String]()), (nil, ["S007"])] {
      let path = try withoutAlie(message)
      var loader = Sample.loader(infeasible: ["alie/krum"])
      #expect(try Set(loader.check(path).errors.map(\.rule.id)) == Set(expected))
    }
  }

  @Test func whatCanRunIsNotNotApplicable() throws {
    let path = try withoutAlie("we did not like it")
    var loader = Sample.loader()
    let findings = try loader.check(path).errors
    #expect(Set(findings.map(\.rule.id)) == ["S007"])
    #expect(findings[0].message.contains("is not-applicable, and by the scenario it can run"))
    // Without a plan nobody can tell.
    var other = Sample.loader(plan: { _, _ in throw Sample.Unchanged() })
    #expect(try other.check(path).errors == [])
  }

  @Test func whatCannotRunDidNotRun() throws {
    var loader = Sample.loader(infeasible: ["flip/krum"])
    let findings = try loader.check(try Sample.pack(into: folder)).errors
    #expect(Set(findings.map(\.rule.id)) == ["S007"])
    #expect(findings[0].message.contains("the scenario says that it cannot run"))
  }

  @Test func seedsOfTheScenarioHaveToBeThere() throws {
    let path = try Sample.pack(into: folder)
    var loader = Sample.loader(seeds: [3, 7, 9])
    let findings = try loader.check(path).errors
    #expect(findings.map(\.rule.id) == ["S008"])
    #expect(findings[0].message.contains("the seeds 7, 9 of scenario.yaml"))
    // More of them are welcome.
    var fewer = Sample.loader(seeds: [2, 3])
    #expect(try fewer.check(path).errors == [])
  }

  private static func scenario(
    attacks: [String] = ["none", "alie", "flip"], defenses: [String: JSONValue]? = nil,
    axes: [String: String] = [:], malicious: Int = 2
  ) -> JSONValue {
    Sample.combination(
      attacks: attacks,
      defenses: defenses ?? ["krum": Sample.rule("krum"), "mean": Sample.rule("mean")],
      axes: axes, malicious: malicious)
  }

  /// What the scenario makes, and what run.json claims that Sample's trials are of.
  @Test(arguments: [
    ([scenario(malicious: 3)], "threat.malicious was 3, is 2"),
    ([scenario(attacks: ["none", "alie", "flip", "rop"])], "rop"),
    ([scenario(defenses: ["krum": Sample.rule("krum", f: 1)])], "rule.parameters.f was 1, is 2"),
    (
      [
        scenario(defenses: [
          "krum": Sample.rule("krum"), "mean": Sample.rule("mean", f: 9),
        ])
      ], "rule.parameters.f was 9, is 2"
    ),
    ([scenario(), scenario(axes: ["attacks.alie.z": "2"])], "attacks.alie.z=2: is missing"),
    ([scenario(axes: ["rounds": "10"])], "does not make it"),
  ])
  func aResolvedScenarioThatTheFileDoesNotMake(made: [JSONValue], message: String) throws {
    let path = try Sample.pack(into: folder)
    var loader = Sample.loader(resolved: .array(made))
    let findings = try loader.check(path).errors
    #expect(Set(findings.map(\.rule.id)) == ["S020"])
    #expect(findings.contains { $0.message.contains(message) }, "\(findings)")
  }

  @Test func otherDefensesOfTheScenarioAndSeedsAreNotNeeded() throws {
    var combination = Self.scenario(defenses: [
      "krum": Sample.rule("krum"), "median": Sample.rule("median"),
    ])
    if case .object(var members) = combination {
      members["seeds"] = [7]
      combination = .object(members)
    }
    let swept = Self.scenario(defenses: [:], axes: ["defenses.median.f": "3"])
    var loader = Sample.loader(resolved: .array([combination, swept]))
    #expect(try loader.check(try Sample.pack(into: folder)).errors == [])
  }
}
