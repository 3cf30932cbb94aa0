import Datasets
import Determinism
import Federation
import Tensors
import Testing

@testable import Simulation

@Suite struct AttackWindowTests {
  private let window = "threat.window={start: 1, stop: 3}"

  @Test func `controlled rows are replaced in the window alone`() throws {
    let bench = try TrialBench([window])
    var loop = bench.loop(attack: FixedRow(7))
    for round in 0..<4 {
      let observation = try loop.advance()
      #expect(observation.isInWindow == (1..<3).contains(round))
      for row in 0..<6 {
        let isFixed = observation.updates.row(row).allSatisfy { $0 == 7 }
        #expect(isFixed == (observation.isInWindow && observation.isControlled[row]))
      }
      #expect(observation.isControlled.count { $0 } == 2)
    }
    #expect(loop.resolved == ["share": 1.0 / 3, "sees": -1])
  }

  @Test func `before the window a trial and its clean twin are equal to the bit`() throws {
    let bench = try TrialBench([window, "clients.participation=0.7", "threat.placement=random"])
    var honest = bench.loop()
    var attacked = bench.loop(attack: Spy())
    for round in 0..<4 {
      let (a, b) = (try honest.advance(), try attacked.advance())
      #expect(a.clients == b.clients && a.isControlled == b.isControlled)
      #expect((a.updates == b.updates) == (round < 1))
    }
  }

  @Test func `honest clients send the same under attack and in the clean twin`() throws {
    let bench = try TrialBench()
    var honest = bench.loop()
    var attacked = bench.loop(attack: Spy())
    let (a, b) = (try honest.advance(), try attacked.advance())
    for row in 0..<6 where !a.isControlled[row] {
      #expect(a.updates.row(row) == b.updates.row(row))
    }
  }

  @Test func `outside the window controlled clients train on clean data`() throws {
    let bench = try TrialBench([window])
    let spy = Spy()
    var loop = bench.loop(attack: spy)
    for _ in 0..<4 { _ = try loop.advance() }
    // Data are poisoned once per controlled client, and used in two rounds.
    #expect(spy.poisoned.entries == bench.controlled)
    let trained = spy.trained.entries
    #expect(trained.map(\.round).sorted() == [1, 1, 2, 2])
    #expect(Set(trained.map(\.client)) == Set(bench.controlled))
    #expect(trained.allSatisfy { $0.labels == [2] })
    #expect(spy.views.entries.map(\.round) == [1, 2])
  }

  @Test func `an attack that does not touch data is never given any`() throws {
    let bench = try TrialBench()
    let spy = Spy(surface: .update)
    var loop = bench.loop(attack: spy)
    _ = try loop.advance()
    #expect(spy.poisoned.entries.isEmpty)
    #expect(spy.trained.entries.allSatisfy { $0.labels.count > 1 })
  }

  @Test func `absent attackers send nothing outside the window`() throws {
    let bench = try TrialBench([window, "threat.outside=absent"])
    var loop = bench.loop(attack: FixedRow(7))
    let sizes = try (0..<4).map { _ in try loop.advance().updates.rowCount }
    #expect(sizes == [4, 6, 6, 4])
  }

  @Test func `rounds without anybody leave the model as it is`() throws {
    let bench = try TrialBench([
      "threat={malicious: {count: 5}, outside: absent, window: {start: 0, stop: 1}}", "rounds=30",
      "clients.participation=0.16",
    ])
    var loop = bench.loop()
    var empty = 0
    for _ in 0..<30 {
      let before = loop.global
      let observation = try loop.advance()
      guard observation.clients.isEmpty else { continue }
      empty += 1
      #expect(loop.global == before && observation.aggregate == nil)
      #expect(observation.verdicts.isEmpty)
    }
    #expect(empty > 0)
  }

  @Test func `a view holds what the threat model grants, and nothing more`() throws {
    let bench = try TrialBench(["server.weighting=samples", "clients.participation=0.84"])
    let (own, all) = (Spy(surface: .update), Spy(surface: .update, knowledge: .honestUpdates))
    var blind = bench.loop(attack: own)
    var knowing = bench.loop(attack: all)
    for round in 0..<4 {
      let global = knowing.global
      let observation = try knowing.advance()
      _ = try blind.advance()
      let controlled = observation.clients.filter { bench.controlled.contains($0) }
      guard let view = all.views.entries.first(where: { $0.round == round }) else {
        #expect(controlled.isEmpty)
        continue
      }
      #expect(view.global == global && view.participantCount == 5)
      #expect(view.clients == controlled)
      let honest = try #require(view.honest)
      #expect(
        honest.rows == observation.isControlled.indices.filter { !observation.isControlled[$0] })
      for row in honest.rows {
        #expect(honest.all.row(row) == observation.updates.row(row))
      }
      let counts = observation.clients.map { bench.data.shards[$0.index].count }
      let share = zip(counts, observation.isControlled).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      #expect(abs(view.weightShare - Double(share) / Double(counts.reduce(0, +))) < 1e-12)
    }
    #expect(own.views.entries.allSatisfy { $0.honest == nil } && !own.views.entries.isEmpty)
  }

  @Test func `a scenario can keep the honest updates from an attack`() throws {
    let spy = Spy(surface: .update, knowledge: .honestUpdates)
    var loop = try TrialBench(["threat.knowledge=own"]).loop(attack: spy)
    _ = try loop.advance()
    #expect(spy.views.entries.map { $0.honest == nil } == [true])
  }
}
