public import Components
public import Federation
import Kernels

/// Shortens the global model to a norm bound, adds noise to it, and predicts by the vote of noisy
/// copies.
///
/// The model is shortened in every round; noise comes in every round but the last, whose model is
/// the one to be smoothed. A zero model stays zero before the noise. Each parameter gets one draw of
/// the finisher's stream, in the order of the parameters; sums are formed in double precision and
/// rounded once. Wherever the global model is evaluated, `samples` copies with noise of the same
/// deviation vote on each example: before the last round on top of the noise that the model then has.
/// The bound is constant; the authors let theirs grow with the rounds. The certificate needs what only
/// the attackers and the clients know; of a simulated attack the metrics `certified.*` compute it.
///
/// - Complexity: O(d) per round, and `samples` times the work of an evaluation.
/// - Note: Xie, Chen, Chen, Li, ICML 2021, algorithms 1 and 2.
public struct CRFL: ModelFinisher {
  public static let manifest = ComponentManifest(
    id: "crfl",
    summary: "Clips the global model, adds noise, and predicts by the vote of noisy copies.",
    formula: """
      w becomes w · min(1, bound / ‖w‖); then N(0, σ²) is added to each parameter, in every round \
      but the last; predictions are the majority of M copies w + N(0, σ²)
      """,
    citations: [
      Citation(
        ["Xie", "Chen", "Chen", "Li"],
        "CRFL: certifiably robust federated learning against backdoor attacks", "ICML", 2021,
        arXiv: "2106.08283")
    ],
    origin: """
      Bound and σ are those of the authors' MNIST configuration, where the bound grows up to that and \
      M is 1000.
      """,
    parameters: [
      ParameterSpec(
        "bound", .positive(), default: .real(15), help: "largest norm of the global model, ρ"),
      ParameterSpec(
        "sigma", .real(0 ... .greatestFiniteMagnitude), default: .real(0.01),
        help: "standard deviation of the noise on each parameter"),
      ParameterSpec(
        "samples", .integer(1...1_000_000), default: .integer(100),
        help: "number of noisy copies that vote, M"),
    ])

  private let bound: Double
  private let sigma: Double
  private let samples: Int
  private let lastRound: Int

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    bound = arguments.real("bound")
    sigma = arguments.real("sigma")
    samples = arguments.integer("samples")
    lastRound = setup.roundCount - 1
  }

  public var smoothing: ParameterSmoothing? {
    ParameterSmoothing(votes: samples, deviation: sigma, modelBound: bound)
  }

  public mutating func finish(
    _ global: inout [Float], in round: RoundContext
  ) throws(DefenseError) {
    let norm = Float.squaredNorm(global.span).squareRoot()
    if norm > bound {
      var values = global.mutableSpan
      Float.scale(&values, by: clippingFactor(norm: norm, bound: bound))
    }
    guard round.round < lastRound else { return }
    round.addNoise(of: sigma, to: &global)
  }
}
