import Components
import Datasets
import Determinism
import Diagnostics
import Foundation
import Results
import Synchronization
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

  /// Files are read once for all seeds; each seed deals them anew.
  @Test func `seeds share the examples of files`() throws {
    let folder = try TemporaryFolder()
    try write(to: folder)
    let text = Self.text(Self.csv).replacing("seeds: [1]", with: "seeds: [1, 2]")
    let plan = try plan(text, in: folder)
    let indices = plan.trials.indices
    let loads = Counter()
    var counting = Substitutions()
    counting.data = { source in CountingSource(source) { loads.increment() } }
    let cache = FederationCache(plan: plan, indices: Array(indices), substitutions: counting)
    let dealt = try indices.map { try cache.data(for: $0).shards.map(\.count) }
    #expect(Set(dealt).count == 2, "one dealing per seed")
    #expect(loads.count == 1)
    for index in indices { cache.release(index) }
  }

  private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func increment() { value.withLock { $0 += 1 } }
  }

  /// A source of files that says when it is read.
  private struct CountingSource: DataSource {
    let base: any DataSource
    let isLoaded: @Sendable () -> Void

    init(_ base: any DataSource, isLoaded: @escaping @Sendable () -> Void) {
      self.base = base
      self.isLoaded = isLoaded
    }

    var shape: InputShape { base.shape }
    var classCount: Int { base.classCount }
    var trainingCount: Int? { base.trainingCount }
    var userCount: Int? { base.userCount }
    var isFixed: Bool { base.isFixed }

    func load(trainingCount: Int, seed: SeedPath) throws(DatasetError) -> SplitData {
      isLoaded()
      return try base.load(trainingCount: trainingCount, seed: seed)
    }
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
