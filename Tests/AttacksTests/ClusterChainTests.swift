import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@testable import Attacks

@Suite struct ClusterChainTests {
  @Test(arguments: try KnownCraft.load("cluster-chain.json"))
  func matchesReference(known: KnownCraft) throws {
    try known.check(ClusterChain.self)
  }

  private func units(_ rows: Matrix<Float>) -> [[Double]] {
    (0..<rows.rowCount).map { row in
      let length = rows.norm(ofRow: row)
      return rows.row(row).map { Double($0) / length }
    }
  }

  @Test(arguments: try KnownCraft.load("cluster-chain.json"))
  func singleLinkageTakesTheChainForHonest(known: KnownCraft) throws {
    let (rows, record) = try known.attack(ClusterChain.self)
      .crafted(known.ownRows, view: known.view())
    guard let step = record["step"], step > 0 else { return }
    let honest = units(matrix(known.honest.rows.filter { $0.contains { $0 != 0 } }))
    let pool = WorkPool(width: 2)
    let gap = CosineTree(honest, pool: pool).longest
    let group = CosineTree(honest, pool: pool).largerGroup
    let sent = units(rows)
    // Each attacker is nearer to the one before than the two honest groups are to each other.
    for (place, row) in sent.enumerated() {
      let before = place > 0 ? [sent[place - 1]] : group.map { honest[$0] }
      let nearest = before.map { 1 - Double.dot($0.span, row.span) }.min() ?? 2
      #expect(nearest < gap * (1 + 1e-6), "\(known.name), attacker \(place)")
    }
  }

  @Test func theChainMayEndAgainstTheMean() throws {
    let known = try #require(
      KnownCraft.load("cluster-chain.json").first { $0.name == "30+20 x6, to the other side" })
    let (rows, record) = try known.attack(ClusterChain.self)
      .crafted(known.ownRows, view: known.view())
    #expect(record["cosine"] == -1)
    let mean = matrix(known.honest.rows).mean(pool: WorkPool(width: 1))
    let last = rows.row(rows.rowCount - 1)
    let cosine =
      Float.dot(last.span, mean.span) / Float.squaredNorm(last.span).squareRoot()
      / Float.squaredNorm(mean.span).squareRoot()
    #expect(abs(cosine + 1) < 1e-6)
  }

  @Test func theTreeByHand() {
    let (a, b): (Double, Double) = (0.6, 0.8)
    // 0 and 2 are equal, 1 is at 0.4 of them, 3 at 1 of them and at 0.2 of 1.
    let tree = CosineTree([[1, 0], [a, b], [1, 0], [0, 1]], pool: WorkPool(width: 1))
    #expect(abs(tree.longest - 0.4) < 1e-12)
    #expect(tree.largerGroup == [0, 2])
    let larger = CosineTree([[0, 1], [1, 0], [1, 0]], pool: WorkPool(width: 1))
    #expect(larger.longest == 1 && larger.largerGroup == [1, 2])
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(ClusterChain.self)
    let (sent, record) = attack.crafted(matrix([[1, 2]]), view: makeView(1))
    #expect(sent == matrix([[1, 2]]) && record.isEmpty)
    #expect(attack.threatModel.knowledge == .honestUpdates)
    #expect(throws: ConfigurationError.self) {
      try make(ClusterChain.self, ["slack": .real(0)])
    }
  }
}
