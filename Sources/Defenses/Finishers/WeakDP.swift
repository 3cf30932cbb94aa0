public import Components
public import Federation

/// Adds normal noise to the new global model.
///
/// The noise is added once, to what the rule made of all updates, so its deviation is sigma however
/// many clients took part. It comes in every round, the last one too, and in rounds in which the
/// update is zero; a round without any finite update is not finished. The paper shortens each
/// client's update first: that is the stage `clipping` or the rule `norm-clipping`. With a learning
/// rate of the server other than 1 the noise is that of the model, not of the update. Each
/// parameter gets one draw of the finisher's stream, in the order of the parameters; sums are formed
/// in double precision and rounded once. A sigma of 0 changes nothing.
///
/// - Complexity: O(d) per round.
/// - Note: Sun, Kairouz, Suresh, McMahan, "Can you really backdoor federated learning?", 2019.
public struct WeakDP: ModelFinisher {
  public static let manifest = ComponentManifest(
    id: "weak-dp",
    summary: "Adds a little normal noise to the global model.",
    formula: "N(0, σ²) is added to each parameter after the server's step, in every round",
    citations: [
      Citation(
        ["Sun", "Kairouz", "Suresh", "McMahan"], "Can you really backdoor federated learning?",
        "arXiv", 2019, arXiv: "1911.07963")
    ],
    origin: """
      σ is that of the paper's experiments, which clip updates to a norm of 3 to 5: take the stage \
      `clipping` with it. Noise on each update before the average has a deviation of σ / √n instead.
      """,
    parameters: [
      ParameterSpec(
        "sigma", .real(0 ... .greatestFiniteMagnitude), default: .real(0.025),
        help: "standard deviation of the noise on each parameter")
    ])

  private let sigma: Double

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    sigma = arguments.real("sigma")
  }

  public mutating func finish(
    _ global: inout [Float], in round: RoundContext
  ) throws(DefenseError) {
    round.addNoise(of: sigma, to: &global)
  }
}
