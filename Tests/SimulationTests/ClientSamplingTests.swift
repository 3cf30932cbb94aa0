import Determinism
import Federation
import Testing

@testable import Simulation

@Suite struct ClientSamplingTests {
  private func sampling(_ overrides: [String] = [], seed: UInt64 = 1) throws -> ClientSampling {
    let scenario = try ScenarioText.scenario(["clients.count=10", "rounds=40"] + overrides)
    return ClientSampling(
      clients: scenario.clients, threat: scenario.threat, seed: SeedPath(root: seed))
  }

  private func indices(_ clients: [ClientID]) -> [Int] { clients.map(\.index) }

  @Test func `all clients take part, in a fresh permutation each round`() throws {
    let sampling = try sampling()
    let rounds = (0..<40).map { indices(sampling.participants(round: $0)) }
    #expect(rounds.allSatisfy { $0.sorted() == Array(0..<10) })
    #expect(Set(rounds).count == 40)
    // A client's place says nothing: every place is taken by many different clients.
    for place in 0..<10 { #expect(Set(rounds.map { $0[place] }).count >= 8) }
  }

  @Test func `a share of the clients takes part, each about equally often`() throws {
    let sampling = try sampling(["clients.participation=0.3"])
    var counts = [Int](repeating: 0, count: 10)
    for round in 0..<1_000 {
      let clients = indices(sampling.participants(round: round))
      #expect(clients.count == 3 && Set(clients).count == 3)
      for client in clients { counts[client] += 1 }
    }
    #expect(counts.allSatisfy { (230...370).contains($0) })
  }

  @Test func `a round's participants do not depend on other rounds`() throws {
    let a = try sampling(["clients.participation=0.5"])
    let late = a.participants(round: 30)
    _ = (0..<30).map { a.participants(round: $0) }
    #expect(a.participants(round: 30) == late)
    let other = try sampling(["clients.participation=0.5"], seed: 2)
    #expect(
      (0..<5).map { a.participants(round: $0) } != (0..<5).map { other.participants(round: $0) })
  }

  @Test(arguments: [("first", [0, 1, 2]), ("last", [7, 8, 9])])
  func `controlled clients are the first or the last`(placement: String, expected: [Int]) throws {
    let sampling = try sampling(["threat={malicious: {count: 3}, placement: \(placement)}"])
    #expect(indices(sampling.controlled) == expected)
  }

  @Test func `random placement is fixed for the run and different between seeds`() throws {
    let placements = try (1...20).map {
      indices(
        try sampling(["threat={malicious: {count: 3}, placement: random}"], seed: $0).controlled)
    }
    #expect(placements.allSatisfy { Set($0).count == 3 && $0 == $0.sorted() })
    #expect(Set(placements).count > 10)
    let again = try sampling(["threat={malicious: {count: 3}, placement: random}"])
    #expect(indices(again.controlled) == placements[0])
  }

  @Test func `no attackers, no controlled clients`() throws {
    for placement in ["first", "last", "random"] {
      let sampling = try sampling(["threat={malicious: 0, placement: \(placement)}"])
      #expect(sampling.controlled.isEmpty)
    }
  }

  @Test func `with 'always' every attacker takes part in the window, honest ones fill up`() throws {
    let sampling = try sampling([
      "threat={malicious: {count: 3}, participation: always, window: {start: 5, stop: 20}}",
      "clients.participation=0.5",
    ])
    for round in 0..<40 {
      let clients = indices(sampling.participants(round: round))
      #expect(clients.count == 5 && Set(clients).count == 5)
      if (5..<20).contains(round) { #expect(Set(clients).isSuperset(of: [7, 8, 9])) }
    }
    let outside = (20..<40).map { indices(sampling.participants(round: $0)) }
    #expect(outside.contains { !Set($0).isSuperset(of: [7, 8, 9]) })
    let places = Set((5..<20).map { indices(sampling.participants(round: $0)).firstIndex(of: 9) })
    #expect(places.count > 2)
  }

  @Test func `with 'absent' attackers stay away outside the window`() throws {
    let sampling = try sampling([
      "threat={malicious: {count: 3}, outside: absent, window: {start: 5, stop: 20}}"
    ])
    for round in 0..<40 {
      let clients = Set(indices(sampling.participants(round: round)))
      #expect(clients == Set((5..<20).contains(round) ? 0..<10 : 0..<7))
    }
  }

  @Test func `with 'absent' a round may have nobody`() throws {
    let sampling = try sampling([
      "threat={malicious: {count: 9}, outside: absent, window: {start: 0, stop: 1}}",
      "clients.participation=0.1",
    ])
    let sizes = (1..<40).map { sampling.participants(round: $0).count }
    #expect(sizes.contains(0) && sizes.contains(1) && sizes.allSatisfy { $0 <= 1 })
  }
}
