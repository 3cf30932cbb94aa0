import BareRounds
import Components
import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct BareDefenseTests {
  private let rows = Matrix<Float>(rows: [[1, 10], [2, 20], [3, 90], [8, 40]])

  private func defense(
    _ rule: String?, stages: [String] = [], participants: Int = 4, clients: Int? = nil
  ) throws -> BareDefense {
    try BareDefense(
      DefenseExpression(stages: stages, rule: rule, catalog: .defenses),
      setup: DefenseSetup(participantCount: participants, clientCount: clients))
  }

  private func round(
    _ matrix: Matrix<Float>? = nil, clients: [Int]? = nil, weights: [Double]? = nil,
    root: [Float]? = nil, number: Int = 0
  ) -> BareRound {
    BareRound(
      matrix ?? rows, clients: clients.map { $0.map { ClientID($0) } }, weights: weights,
      rootUpdate: root, number: number, seed: 1, pool: WorkPool(width: 2))
  }

  @Test func `a rule gives one row`() throws {
    var median = try defense("median")
    let outcome = try median.apply(to: round())
    #expect(outcome.values == Matrix(rows: [[2.5, 30]]))
    #expect(outcome.verdicts.map(\.row) == [0, 1, 2, 3] && outcome.leftOut.isEmpty)
  }

  @Test func `stages alone give rows, and change only a copy`() throws {
    var stages = try defense(nil, stages: ["clipping:bound=1"])
    let outcome = try stages.apply(to: round())
    #expect(outcome.values.rowCount == 4 && outcome.verdicts.isEmpty && !stages.hasRule)
    #expect(abs(outcome.values.row(0)[1] - 0.995037) < 1e-5)
    #expect(rows.row(0) == [1, 10])
  }

  @Test func `weights are shares of what is left`() throws {
    var mean = try defense("mean")
    #expect(
      try mean.apply(to: round(weights: [2, 0, 2, 0])).values == Matrix(rows: [[2, 50]]))
    let broken = Matrix<Float>(rows: [[1, 10], [.nan, 20], [3, 90], [8, .infinity]])
    let outcome = try mean.apply(to: round(broken, weights: [3, 1, 1, 9]))
    #expect(outcome.values == Matrix(rows: [[1.5, 30]]) && outcome.leftOut == [1, 3])
    #expect(outcome.verdicts.map(\.row) == [0, 2])
    #expect(
      try mean.apply(to: round(weights: [1e308, 1e308, 1e308, 1e308])).values
        == Matrix(rows: [[3.5, 40]]))
  }

  /// A plain average is taken before anybody looks at the rows.
  @Test func `values that only the result shows are left out as others are`() throws {
    for value in [Float.nan, .infinity, -.infinity] {
      var mean = try defense("mean")
      let broken = Matrix<Float>(rows: [[1, 10], [2, value], [3, 90], [-value, value]])
      for weights in [nil, [1, 7, 1, 7], [2, 0, 2, 0]] as [[Double]?] {
        let outcome = try mean.apply(to: round(broken, weights: weights))
        #expect(outcome.values == Matrix(rows: [[2, 50]]) && outcome.leftOut == [1, 3])
        #expect(outcome.verdicts.map(\.row) == [0, 2])
      }
    }
  }

  @Test func `rows that a rule names are those of the matrix`() throws {
    let broken = Matrix<Float>(rows: [[.nan, 0], [90, 90], [1, 5], [1, 1.25], [1, 1.5]])
    var krum = try defense("krum:f=1", participants: 5)
    let outcome = try krum.apply(to: round(broken))
    let chosen = outcome.verdicts.filter { $0.verdict.weight > 0 }.map(\.row)
    #expect(chosen == [3] && outcome.values == Matrix(rows: [[1, 1.25]]))
  }

  @Test func `verdicts follow clients that are numbered in another way`() throws {
    var krum = try defense("cge:f=1", clients: 100)
    let plain = try krum.apply(to: round())
    var other = try defense("cge:f=1", clients: 100)
    #expect(try other.apply(to: round(clients: [3, 17, 40, 99])).verdicts == plain.verdicts)
  }

  @Test func `each round draws anew, and the first as a single one`() throws {
    let many = Matrix<Float>(rows: (0..<20).map { [Float($0), 1] })
    func mixed(_ number: Int) throws -> Matrix<Float> {
      var stages = try defense(nil, stages: ["bucketing:size=2"], participants: 20)
      return try stages.apply(to: round(many, number: number)).values
    }
    #expect(try mixed(0) == mixed(0) && mixed(1) == mixed(1))
    #expect(try mixed(0) != mixed(1) && mixed(1) != mixed(2))
  }

  @Test(arguments: [
    ([0, 0, 1, 2], "clients have to be different numbers of at least 0, ascending by row"),
    ([-1, 0, 1, 2], "clients have to be different numbers of at least 0, ascending by row"),
    ([0, 1, 2], "3 clients are given for 4 rows"),
    ([0, 1, 2, 4], "client 4, and the defense was made for 4, from 0 on"),
  ]) func `clients that do not fit are refused`(clients: [Int], reason: String) {
    #expect(throws: BareRoundError(reason)) {
      var mean = try defense("mean")
      _ = try mean.apply(to: round(clients: clients))
    }
  }

  @Test(
    arguments: [
      ([1, 1], "2 weights are given for 4 rows"),
      ([1, 1, 1, -1], "weights have to be finite and at least 0"),
      ([1, 1, 1, .nan], "weights have to be finite and at least 0"),
      ([0, 0, 0, 0], "the weights of the finite rows are all 0"),
    ] as [([Double], String)]) func `weights that do not fit are refused`(
      weights: [Double], reason: String
    )
  {
    #expect(throws: BareRoundError(reason)) {
      var mean = try defense("mean")
      _ = try mean.apply(to: round(weights: weights))
    }
  }

  @Test func `rounds that do not fit are refused`() throws {
    #expect(throws: BareRoundError("4 rows, and the defense was made for 3")) {
      var mean = try defense("mean", participants: 3)
      _ = try mean.apply(to: round())
    }
    #expect(throws: BareRoundError("fltrust: needs what the server's own data gives")) {
      var trust = try defense("fltrust")
      _ = try trust.apply(to: round())
    }
    #expect(throws: BareRoundError.self) {
      var trust = try defense("fltrust")
      _ = try trust.apply(to: round(root: [1]))
    }
    #expect(
      throws: BareRoundError("the global model has to be 2 finite values, one for each column")
    ) {
      var mean = try defense("mean")
      var round = round()
      round.global = [1]
      _ = try mean.apply(to: round)
    }
    #expect(throws: BareRoundError("round -1 is before round 0")) {
      var mean = try defense("mean")
      _ = try mean.apply(to: round(number: -1))
    }
    for empty in [Matrix<Float>(rowCount: 0, columnCount: 2), Matrix(rowCount: 2, columnCount: 0)] {
      #expect(throws: BareRoundError.self) {
        var mean = try defense("mean")
        _ = try mean.apply(to: round(empty))
      }
    }
    #expect(throws: DefenseError.noRows) {
      var mean = try defense("mean")
      _ = try mean.apply(to: round(Matrix(rows: [[.nan], [.infinity]])))
    }
  }

  @Test func `a copy is a snapshot of what a rule remembers`() throws {
    var one = try defense("foolsgold")
    _ = try one.apply(to: round())
    var two = one
    let next = Matrix<Float>(rows: [[1, -1], [1, -1], [5, 2], [-3, 4]])
    let first = try one.apply(to: round(next, number: 1))
    #expect(try two.apply(to: round(next, number: 1)).values == first.values)
    var fresh = try defense("foolsgold")
    #expect(try fresh.apply(to: round(next, number: 1)).values != first.values)
  }
}

extension Catalog {
  static let defenses = Catalog(attacks: [], aggregators: builtInAggregators, stages: builtInStages)
}
