public import Components
import Datasets
import Determinism
public import Federation
import Kernels
import Tensors
import Training

/// The average of the rows, weighted by how often their models are among the nearest of the others, by
/// what their last hidden layer makes of the server's examples.
///
/// The distance of two models is the unbiased estimate of the squared maximum mean discrepancy of
/// their representations of the first `samples` root examples, with a Gaussian kernel. Each row votes
/// for the k = floor(neighbours · n) others nearest to it, at least one; rows equally far from it share
/// what it has left for them. Trust is the softmax of the votes over their mean and the temperature.
///
/// Of a model without a hidden layer, where the layer before the last one is the input, the scores of
/// the classes are compared. A model whose representation is not finite is farthest from all. One
/// row has all trust. Row weights are ignored. Equal rows have equal trust.
///
/// *Deviations* from the authors' code: it takes 200 examples of one class; it raises negative estimates
/// to 0 and takes the first of the row's nearest for the row itself, which is wrong where several are 0,
/// and so votes for one fewer. `length: root` is a function there that nothing calls.
///
/// No row is rejected: trust differs by a factor of e^((n − 1) / (k · temperature)) at most. A row
/// with less than an equal share is downweighted. A verdict's weight is its trust, apart from the
/// scaling of its length; suspicion is the negative of the votes over their mean.
///
/// - Complexity: O(n d + n² m² w) for m examples and w values of each, and a pass through the model per
///   row and example.
/// - Note: Wang, Xiao, Chen, Hu, Lou, Hou, AsiaCCS 2022.
public struct Flare: Aggregator {
  public static let manifest = ComponentManifest(
    id: "flare",
    summary: "Updates weighted by how alike their models' last hidden layers are on the root data.",
    formula: """
      R_i = the last hidden layer of w + x_i on m root examples; D_ij = the unbiased MMD² of R_i and \
      R_j with the kernel exp(−γ ‖u − v‖²); C_i = the number of rows that have i among their k nearest \
      others, k = floor(neighbours · n); trust_i = softmax(C_i / (temperature · k)); the result is \
      Σ trust_i x_i
      """,
    preconditions: ["root data of the server", "the architecture"],
    citations: [
      Citation(
        ["Wang", "Xiao", "Chen", "Hu", "Lou", "Hou"],
        "FLARE: defending federated learning against model poisoning attacks via latent space "
          + "representations", "AsiaCCS", 2022, doi: "10.1145/3488932.3517395"),
      Citation(
        ["Gretton", "Borgwardt", "Rasch", "Schölkopf", "Smola"], "A kernel two-sample test",
        "Journal of Machine Learning Research", 2012),
    ],
    origin: """
      Kernel width and temperature are those of the authors' code, which votes for one neighbor fewer. \
      How votes are shared in ties, and the scores in place of a hidden layer, are ours.
      """,
    parameters: [
      ParameterSpec(
        "samples", .integer(1...100_000), default: .integer(20),
        help: "number of root examples that are looked at, all where there are fewer"),
      ParameterSpec(
        "neighbours", .real(.leastNonzeroMagnitude...1), default: .real(0.5),
        help: "share of the rows that each row takes for its neighbours"),
      ParameterSpec(
        "temperature", .real(1e-3...1e9), default: .real(1),
        help: "what votes over their mean are divided by in the softmax"),
      ParameterSpec(
        "gamma", .real(.leastNonzeroMagnitude...1e30, orWords: ["auto"]), default: .text("auto"),
        help: "factor of the squared distances in the kernel; auto: 1 / the width of the layer"),
      ParameterSpec(
        "length", .choice(["own", "root"]), default: .text("own"),
        help: "length of what is averaged: that of each row, or of the server's own update"),
    ])

  public static let needs: DefenseNeeds = [.rootData, .rootUpdate, .model]
  public static let laws: RuleLaws = [.equalRows, .singleRow, .order, .range]
  public static let reports = ["largest-trust"]

  /// Representations of twenty examples, half as wide as the model at most, and the distances.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    let n = Double(rowCount)
    return 64 * Double(columnCount) + 24 * n * n + 80 * n * Double(min(columnCount / 2, 2048))
  }

  private let samples: Int
  private let neighbours: DecimalShare
  private let temperature: Double
  /// `nil`: from the width.
  private let gamma: Double?
  private let isScaled: Bool
  private let model: (any Model)?
  private let examples: Matrix<Float>?

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    samples = arguments.integer("samples")
    neighbours = DecimalShare(arguments.real("neighbours"))
    temperature = arguments.real("temperature")
    gamma = arguments.number("gamma")
    isScaled = arguments.word("length") == "root"
    model = setup.model
    let count = samples
    examples = setup.rootData.map { data in
      (data.count > count ? data.selecting(Array(0..<count)) : data).inputs.numbers
    }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    guard let model, let examples, examples.rowCount > 0,
      model.layout.count == updates.columnCount, round.global.count == updates.columnCount
    else {
      throw .failed(
        component: Self.manifest.id,
        reason: "needs a model and root data of the server; there is none here")
    }
    let n = updates.rowCount
    let latent = LatentRepresentations(
      of: updates.values, global: round.global, model: model, examples: examples, pool: round.pool)
    let distances = latent.discrepancies(
      gamma: gamma ?? 1 / Double(latent.width), pool: round.pool)
    let count = min(max(neighbours.count(of: n), 1), n - 1)
    // The mean of the votes is their number per row.
    let votes = neighborVotes(distances, rowCount: n, count: count).map {
      count > 0 ? $0 / Double(count) : 0
    }
    let most = votes.reduce(0, max)
    let powers = votes.map { ElementaryFunctions.exp(($0 - most) / temperature) }
    let total = powers.reduce(0, +)
    let trusts = powers.map { $0 / total }
    let equalShare = (1 - 1e-9) / Double(n)
    return Aggregation(
      update: updates.values.combination(
        try factors(trusts, updates.values, round), pool: round.pool),
      verdicts: zip(trusts, votes).map { trust, votes in
        Verdict(
          trust < equalShare ? .downweighted : .accepted, weight: trust, suspicion: -votes)
      }, report: ["largest-trust": .number(trusts.reduce(0, max))])
  }

  /// The trusts, for `length: root` times what gives rows the length of the server's own update.
  private func factors(
    _ trusts: [Double], _ values: borrowing Matrix<Float>, _ round: RoundContext
  ) throws(DefenseError) -> [Double] {
    guard isScaled else { return trusts }
    guard let root = round.rootUpdate else {
      throw .failed(
        component: Self.manifest.id,
        reason: "needs the update that the server trains on its root data; there is none here")
    }
    let length = Float.squaredNorm(root.span).squareRoot()
    return zip(trusts, values.norms(pool: round.pool)).map { $1 > 0 ? $0 * (length / $1) : 0 }
  }
}
