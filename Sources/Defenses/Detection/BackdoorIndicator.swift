public import Components
import Datasets
import Determinism
public import Federation
import Kernels
import Tensors
import Training

/// The average of the rows whose models have forgotten a watermark that the server planted in the
/// global model.
///
/// The watermark is a task that no client has: examples of another distribution with labels that the
/// server draws, once or in each round, every class equally often. Honest training is meant to forget
/// it; a backdoor, which also maps unusual inputs to a class, keeps up the watermark of its class. A
/// client is malicious where its model w + x_i predicts the label of at least `threshold` of the
/// examples of some label. Small models without batch normalization forget little, so that fixed
/// labels, planted again and again, may get everybody rejected: look at `detection.clean-fpr`.
///
/// *Planting* is part of the update that the rule returns: it trains w plus the average on the
/// watermark, close to where it starts, and the result is the next global model, the one that is
/// evaluated, too. So the first round has no watermark, judges nobody and keeps all rows. A learning
/// rate of the server other than 1, its momentum, or a finisher moves the model off the planted one
/// and weakens the watermark; the rule does not know them. The authors plant before they broadcast
/// and evaluate a model with the watermark as well; they let the rate fall by 0.8 after 10, 20, 30,
/// 160, 200, … epochs and swap batch-normalization statistics, which models here do not have. Batches
/// come in a fresh order in each epoch.
///
/// *Empty selection*: where all are rejected, the update is what planting changes alone. Where
/// planting ends in values that are not finite, nothing is planted, and the next round judges nobody.
/// Lengths of rows are not looked at: a model whose scores overflow predicts nothing and is kept, so
/// put `clipping` before. Row weights are ignored. Suspicion is the largest share of a label that the
/// row's model predicts right, in 0...1. Few examples per label make chance hits likely.
///
/// - Complexity: `epochs` passes over the examples per round for planting, n of them for judging.
/// - Note: Li, Dai, "BackdoorIndicator", USENIX Security 2024.
public struct BackdoorIndicator: Aggregator {
  public static let manifest = ComponentManifest(
    id: "backdoor-indicator",
    summary: "Rejects updates whose models still know a watermark planted by the server.",
    formula: """
      S = the rows with max_c share of {z in D: label z = c} that w + x_i predicts as c < threshold; \
      u = w + mean of S; v = u trained on D by the loss cross-entropy + mu / 2 · ‖v − u‖; the result \
      is v − w; in the first round S = all rows; D = examples of another distribution with random \
      labels
      """,
    preconditions: [
      "examples of another distribution held by the server", "a learning rate of the server of 1",
    ],
    citations: [
      Citation(
        ["Li", "Dai"],
        "BackdoorIndicator: leveraging OOD data for proactive backdoor detection in federated learning",
        "USENIX Security", 2024, arXiv: "2405.20862")
    ],
    origin: """
      The defaults are those of the authors' code for CIFAR-10, with 800 examples; 2,000 for EMNIST. \
      Their proximity term is the distance, not its square.
      """,
    parameters: [
      ParameterSpec(
        "threshold", .real(.leastNonzeroMagnitude...1), default: .real(0.95),
        help: "share of a label's watermark examples from which a model is rejected"),
      ParameterSpec(
        "epochs", .integer(1...1_000_000), default: .integer(200),
        help: "passes over the examples when the watermark is planted"),
      ParameterSpec(
        "lr", .positive(), default: .real(0.005), help: "learning rate of planting"),
      ParameterSpec(
        "momentum", .real(0...1), default: .real(0.9), help: "momentum of planting"),
      ParameterSpec(
        "weight-decay", .real(0 ... .greatestFiniteMagnitude), default: .real(0.0005),
        help: "factor of the L2 term of planting"),
      ParameterSpec(
        "batch-size", .integer(1...1_000_000), default: .integer(64), help: "examples per step"),
      ParameterSpec(
        "labels", .choice(["fixed", "redrawn"]), default: .text("fixed"),
        help: "whether the examples keep their labels or get others in each round"),
      ParameterSpec(
        "mu", .real(0 ... .greatestFiniteMagnitude), default: .real(0.4),
        help: "strength of the pull to the model before planting"),
      ParameterSpec(
        "proximity", .choice(["distance", "square"]), default: .text("distance"),
        help: "what mu / 2 multiplies: the distance to the model before planting, or its square"),
    ])

  public static let needs: DefenseNeeds = [.outOfDistributionData, .model]
  public static let traits: DefenseTraits = [.declaresMalicious, .stateful]
  public static let reports = ["accepted", "planted"]

  /// The models of the rows of a few threads, and a trainer.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    96 * Double(columnCount) + 64 * Double(rowCount)
  }

  private let threshold: Double
  private let schedule: LocalSchedule
  private let proximity: ProximityTerm
  private let redrawsLabels: Bool
  private let setup: DefenseSetup
  /// The one that was planted last; `nil` before the first round.
  private var task: IndicatorTask?
  private var isPlanted = false

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    threshold = arguments.real("threshold")
    schedule = LocalSchedule(
      length: .epochs(arguments.integer("epochs")), batchSize: arguments.integer("batch-size"),
      learningRate: Float(arguments.real("lr")), momentum: Float(arguments.real("momentum")),
      weightDecay: Float(arguments.real("weight-decay")))
    proximity = ProximityTerm(
      mu: arguments.real("mu"), isSquared: arguments.word("proximity") == "square")
    redrawsLabels = arguments.word("labels") == "redrawn"
    self.setup = setup
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    // Without them there is no round to remember.
    guard let model = setup.model, let examples = setup.outOfDistributionData else { return }
    // A task whose labels are overwritten.
    var random = SeedPath(root: 0).stream()
    pass.visit(&task, from: IndicatorTask(examples: examples, model: model, random: &random)) {
      $1.checkpoint(&$0)
    }
    pass.visit(&isPlanted)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    guard let model = setup.model, let examples = setup.outOfDistributionData, examples.count > 0,
      round.global.count == updates.columnCount, model.layout.count == updates.columnCount
    else {
      throw .failed(
        component: Self.manifest.id,
        reason: "needs a model and examples of another distribution; there is none here")
    }
    var random = round.seed.stream()
    let n = updates.rowCount
    let global = round.global
    let rows = (copy updates).values
    let accuracies = (isPlanted ? task : nil).map { task in
      round.pool.map(n) { row in task.accuracy(of: global.moved(by: rows, row: row)) }
    }
    let kept = (0..<n).filter { row in accuracies.map { $0[row] < threshold } ?? true }
    let start = kept.isEmpty ? global : global.moved(by: rows.mean(ofRows: kept, pool: round.pool))
    let fresh =
      (redrawsLabels ? nil : task)
      ?? IndicatorTask(examples: examples, model: model, random: &random)
    task = fresh
    let planted = fresh.planted(
      in: start, schedule: schedule, proximity: proximity, random: &random)
    isPlanted = planted.allSatisfy(\.isFinite)
    let next = isPlanted ? planted : start
    let isKept = Set(kept)
    return Aggregation(
      update: next.differences(from: global),
      verdicts: (0..<n).map { row in
        Verdict(
          isKept.contains(row) ? .accepted : .rejected,
          weight: isKept.contains(row) ? 1 / Double(kept.count) : 0, suspicion: accuracies?[row])
      },
      report: [
        "accepted": .number(Double(kept.count)), "planted": .number(fresh.accuracy(of: next)),
      ])
  }
}

extension [Float] {
  fileprivate func moved(by change: [Float]) -> [Float] { zip(self, change).map { $0 + $1 } }

  fileprivate func moved(by rows: Matrix<Float>, row: Int) -> [Float] {
    rows.withRow(row) { change in indices.map { self[$0] + change[$0] } }
  }

  fileprivate func differences(from origin: [Float]) -> [Float] {
    var result = Float.zeros(count)
    var target = result.mutableSpan
    Vectors.subtract(span, origin.span, into: &target)
    return result
  }
}
