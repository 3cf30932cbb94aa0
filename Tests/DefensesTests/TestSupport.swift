import Components
import Datasets
import Defenses
import Determinism
import Federation
import Tensors
import Training

// Inputs of all fixtures are exact in single precision, expected values are in double. A result is
// rounded to single precision once, so it may differ by 6e-8 of its largest value; 1e-6 leaves room for
// another order of summation.
let tolerance = 1e-6

/// The plan of the property tests.
let plan: [PlanFact: ArgumentValue] = [.declaredByzantine: .integer(2)]

/// Builds a rule of the catalog by its id.
///
/// One that needs a model or data of the server gets some, for an even number of columns.
func makeRule(
  _ id: String, _ given: [String: ArgumentValue] = [:], rows: Int, columns: Int = 36,
  plan: [PlanFact: ArgumentValue] = [:]
) throws -> any Aggregator {
  let entry = try makeCatalog().aggregator(ComponentID(id))
  return try entry.make(
    Arguments(given, for: entry.manifest, plan: plan),
    makeSetup(rows: rows, columns: columns, needs: entry.needs))
}

/// The setup of so many rows, with what is needed besides: logistic regression on two classes, and
/// ten examples.
func makeSetup(rows: Int, columns: Int, needs: DefenseNeeds) -> DefenseSetup {
  let server: DefenseNeeds = [.model, .rootData, .outOfDistributionData]
  guard !needs.isDisjoint(with: server) else { return DefenseSetup(participantCount: rows) }
  precondition(columns.isMultiple(of: 2) && columns >= 4, "\(columns) columns")
  let model = Sequential.perceptron(
    inputs: columns / 2 - 1, hidden: [], classes: 2, initialization: .glorot)
  func examples(_ seed: UInt64) -> Shard {
    let inputs = makeNormal(rows: 10, columns: model.inputCount, seed: seed)
    return Shard(
      inputs: Matrix(rows: inputs.map { $0.map { Float($0) } }), labels: (0..<10).map { $0 % 2 },
      classCount: 2, shape: .vector(model.inputCount))
  }
  return DefenseSetup(
    participantCount: rows, layout: model.layout, model: needs.contains(.model) ? model : nil,
    rootData: needs.contains(.rootData) ? examples(71) : nil,
    outOfDistributionData: needs.contains(.outOfDistributionData) ? examples(72) : nil)
}

func makeCatalog() -> Catalog {
  Catalog(
    attacks: [], aggregators: builtInAggregators, stages: builtInStages,
    finishers: builtInFinishers)
}

func makeRound(
  _ number: Int = 0, global: [Float] = [], root: [Float]? = nil, width: Int = 1
) -> RoundContext {
  RoundContext(
    round: number, global: global, rootUpdate: root, seed: SeedPath(root: 3).child(number),
    pool: WorkPool(width: width))
}

/// Rows in single precision, of the clients 0, 1, … with uniform weights.
func makeUpdates(_ rows: [[Double]]) -> UpdateMatrix {
  UpdateMatrix(Matrix(rows: rows.map { $0.map { Float($0) } }))
}

/// Runs a rule for one round, with the first row as the server's update unless one is given, and
/// from a global model if one is given or the rule needs one.
func run(
  _ rule: any Aggregator, on updates: UpdateMatrix, global: [Float]? = nil, root: [Float]? = nil,
  width: Int = 1
) throws -> Aggregation {
  var rule = rule
  let needed =
    type(of: rule).needs.contains(.model)
    ? makeNormal(rows: 1, columns: updates.columnCount, seed: 73)[0].map { Float($0) } : []
  let global = global ?? needed
  return try rule.aggregate(
    updates, in: makeRound(global: global, root: root ?? updates.values.row(0), width: width))
}

/// A matrix of standard normal values that single precision holds exactly.
func makeNormal(rows: Int, columns: Int, seed: UInt64) -> [[Double]] {
  var random = SeedPath(root: seed).stream()
  return (0..<rows).map { _ in (0..<columns).map { _ in Double(Float(random.normal())) } }
}

/// Whether two vectors agree to `tolerance`, relative to the larger of the value and `scale`.
func agree(_ a: [Double], _ b: [Double], tolerance: Double, scale: Double = 0) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(abs($1), scale) }
}

/// Whether two vectors agree to `tolerance`, relative to the largest value of the second.
func agree(_ a: [Float], _ b: [Double], tolerance: Double = tolerance) -> Bool {
  agree(
    a.map { Double($0) }, b, tolerance: tolerance, scale: b.map(abs).reduce(0, max))
}
