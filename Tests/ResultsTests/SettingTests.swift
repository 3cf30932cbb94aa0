import Testing
import _TestSupport

@testable import Results

/// Results of other parameters or data, where no trial tells: the seeds have nothing in common.
@Suite struct SettingTests {
  private static let before = Fixtures.manifest()

  struct Change: Sendable, CustomTestStringConvertible {
    var manifest: RunManifestV1
    /// Where it differs; `nil` if it goes with what was there.
    var difference: String?
    var testDescription: String { difference ?? "none" }
  }

  static let changes = [
    Change(manifest: Fixtures.manifest(rounds: 6), difference: "rounds was 60, is 6"),
    Change(
      manifest: Fixtures.manifest(attacks: ["backdoor": 2]),
      difference: "the attack 'backdoor': p was 1, is 2"),
    Change(
      manifest: Fixtures.manifest(defenses: ["krum": 3, "mean": 1]),
      difference: "the defense 'krum': p was 1, is 3"),
    Change(
      manifest: Fixtures.manifest(rounds: 6, attacks: ["backdoor": 2]),
      difference: "rounds was 60, is 6; the attack 'backdoor': p was 1, is 2"),
    Change(
      manifest: Fixtures.manifest(data: Fixtures.key(1)),
      difference: "the digests of the data were 0123456789ab, are 000000000000"),
    Change(manifest: before), Change(manifest: Fixtures.manifest(attacks: ["none": 1])),
    Change(manifest: Fixtures.manifest(rounds: 6, axes: ["a": "1"], data: Fixtures.key(1))),
  ]

  private func reason(_ run: () throws -> Void) -> String? {
    do {
      try run()
      return nil
    } catch ResultError.differs(_, let reason), ResultError.cannotJoin(_, let reason) {
      return reason
    } catch {
      return "\(error)"
    }
  }

  private func make(_ root: TemporaryFolder, _ name: String, _ seed: Int, _ manifest: RunManifestV1)
    throws -> String
  {
    let writer = try ResultWriter(folder: root.path + "/" + name)
    try writer.take(Fixtures.trial(seed))
    try writer.finish(manifest) { _ in nil }
    return writer.folder
  }

  @Test(arguments: changes) func runsAndMergesCompareThem(change: Change) throws {
    let root = try TemporaryFolder()
    let first = try make(root, "a", 1, Self.before)
    let second = try make(root, "b", 2, change.manifest)
    let expected = change.difference.map {
      "the results were run with other parameters or data: " + $0
    }
    let run = Fixtures.expectation([Fixtures.trial(2)], manifest: change.manifest)
    #expect(reason { _ = try ResultFolder.survey(first, for: run) } == expected)
    #expect(reason { _ = try ResultWriter(folder: first, run: run) } == expected)
    #expect(reason { _ = try ResultMerge([first, second]) } == expected)
    // Not only the folder before it.
    let third = try make(root, "c", 3, Fixtures.manifest(axes: ["a": "2"]))
    #expect(reason { _ = try ResultMerge([first, third, second]) } == expected)
  }

  @Test func theCombinationIsNamed() throws {
    let root = try TemporaryFolder()
    let folder = try make(root, "a", 1, Fixtures.manifest(axes: ["x": "1", "a": "2"]))
    let run = Fixtures.expectation(
      [], manifest: Fixtures.manifest(rounds: 5, axes: ["x": "1", "a": "2"]))
    #expect(
      reason { _ = try ResultFolder.survey(folder, for: run) }
        == "the results were run with other parameters or data: a=2: x=1: rounds was 60, is 5")
  }

  @Test func aFolderWithoutTrialsContradictsNothing() throws {
    let root = try TemporaryFolder()
    try ResultWriter(folder: root.path).finish(Fixtures.manifest()) { _ in nil }
    let run = Fixtures.expectation([], manifest: Fixtures.manifest(rounds: 6))
    #expect(try ResultFolder.survey(root.path, for: run).records.isEmpty)
  }

  @Test func joinedManifestsDescribeBoth() {
    let first = Fixtures.manifest(attacks: ["backdoor": 1, "none": 1])
    let second = Fixtures.manifest(
      attacks: ["none": 1, "push": 4], defenses: ["mean": 1], data: Fixtures.key(1))
    let third = Fixtures.manifest(axes: ["a": "1"], defenses: ["mean": 7])
    let joined = first.continuing(second).continuing(third)
    #expect(
      Setting.all(in: joined.scenario.resolved)
        == Setting.all(
          in: Fixtures.manifest(
            attacks: ["backdoor": 1, "none": 1, "push": 4], defenses: ["krum": 1, "mean": 1]
          ).scenario.resolved) + Setting.all(in: third.scenario.resolved))
    #expect(joined.data.map(\.sha256) == [Fixtures.key, Fixtures.key(1)])
    #expect(first.continuing(first) == first)
  }
}
