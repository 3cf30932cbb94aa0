import Components
import Datasets
import Determinism
import Diagnostics
import Foundation
import Results
import Tensors
import Testing
import _TestSupport

@testable import Simulation

/// Clients that are the users of the data.
@Suite struct NaturalClientsTests {
  private static func text(_ dataset: String, _ partition: String = "natural") -> String {
    ScenarioText.replacing(
      ("{use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}", dataset),
      ("{count: 6}", "{count: 6, partition: {kind: \(partition)}}"))
  }

  /// Eight users; user k has k + 2 examples whose feature is k.
  private func write(to folder: TemporaryFolder, first: String = "0") throws {
    var lines = ["who,x,y"]
    for user in 0..<8 {
      for row in 0..<user + 2 { lines.append("u\(user),\(user),\(row % 2)") }
    }
    lines[1] = "u0,\(first),0"
    try folder.write(lines.joined(separator: "\n"), to: "table.csv")
    try folder.write("who,x,y\nz,1,0\nz,2,1\n", to: "test.csv")
  }

  private static let csv = "{use: csv, file: table.csv, test: test.csv, client: who}"

  private func plan(_ text: String, in folder: TemporaryFolder) throws -> Plan {
    let file = try ScenarioFile(text: text, path: folder.path + "/s.yaml", catalog: .test)
    return try Plan(file, catalog: .test)
  }

  @Test func `a client has all examples of one user`() throws {
    let folder = try TemporaryFolder()
    try write(to: folder)
    let plan = try plan(Self.text(Self.csv), in: folder)
    #expect(plan.data.map(\.rows) == [46])
    let data = try FederationCache(plan: plan, indices: [0]).data(for: 0)
    #expect(data.shards.count == 6)
    for shard in data.shards {
      let user = shard.inputs.row(0)[0]
      #expect(shard.count == Int(user) + 2)
      #expect(Set((0..<shard.count).map { shard.inputs.row($0) }) == [[user]])
    }
    #expect(Set(data.shards.map { $0.inputs.row(0) }).count == 6)
  }

  @Test func `numbers and users are part of a trial's key, files are not`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try write(to: folder)
    try write(to: other, first: "0.0")
    let keys = try plan(Self.text(Self.csv), in: folder).trials.map(\.key)
    #expect(try plan(Self.text(Self.csv), in: other).trials.map(\.key) == keys)
    try write(to: other, first: "0.5")
    let changed = try plan(Self.text(Self.csv), in: other).trials.map(\.key)
    #expect(Set(changed).isDisjoint(with: keys))
  }

  @Test func `users are needed, enough of them`() throws {
    let folder = try TemporaryFolder()
    try write(to: folder)
    func problem(_ text: String) -> String {
      do {
        _ = try plan(text, in: folder)
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      problem(Self.text("{use: csv, file: table.csv, omit: [who]}")).contains(
        "clients.partition deals by users, but the examples of task.dataset belong to nobody"))
    #expect(
      problem(Self.text(Self.csv).replacing("count: 6", with: "count: 9")).contains(
        "clients.count is 9, but the examples belong to 8 users only"))
    #expect(problem(Self.text(Self.csv, "iid")).isEmpty)
  }

  @Test func `withheld examples may take a user's last`() throws {
    let folder = try TemporaryFolder()
    try write(to: folder)
    let entry = try #require(builtInDatasets.first { $0.manifest.id == "csv" })
    let source = try entry.open(
      Arguments(
        [
          "file": .text(folder.path + "/table.csv"), "test": .text(folder.path + "/test.csv"),
          "client": .text("who"),
        ], for: entry.manifest), DatasetSetup { (path) throws(DatasetError) in path })
    #expect {
      try FederationData(
        source: source, partition: NaturalPartition(), clientCount: 8, seed: SeedPath(root: 1),
        withheld: FederationData.Withheld(rootCount: 36))
    } throws: { "\($0)".contains("too few users with examples") }
  }
}
