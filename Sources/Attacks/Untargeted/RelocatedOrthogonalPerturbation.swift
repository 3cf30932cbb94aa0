public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends the last global update, shifted at an angle to where training goes.
///
/// The server of a centered clipping starts from its last update, so that rows around it pass
/// whatever their direction. In update space: u is the last change of the global model over the
/// server's rate, μ the plain honest mean, r = lambda · u + (1 − lambda) · μ the reference, and p
/// the vector of ones without its part along r. The angle counts from r towards p: 0 pushes along
/// training, 90 across it, 180 against it. Until two global models were seen u is 0 and r is μ. All
/// attackers send the same row. Recorded is the length of the shift as `length`.
///
/// Where r is 0 the part along it is left out, and where r is a multiple of the ones (one
/// coordinate) the part across it. Where no honest client takes part rows stay what they are.
///
/// - Complexity: O((h + f) d) per round.
/// - Note: Özfatura, Özfatura, Küpçü, Gündüz, TIFS 2024, whose momenta of gradients are −u and −μ
///   here: an angle of 270 there is 90 here. Deviation: z counts in lengths of μ, because ours is
///   the scale of the client's learning rate; `unit` absolute is the paper's.
public struct RelocatedOrthogonalPerturbation: Attack {
  public static let manifest = ComponentManifest(
    id: "rop",
    summary: "Sends the last global update, shifted at an angle to where training goes.",
    formula: """
      Δ_a = pi · u + (1 − pi) · μ + L · (sin(angle) · p / ‖p‖ + cos(angle) · r / ‖r‖), where u is \
      (w_t − w_(t−1)) / server rate, μ the plain honest mean, r = lambda · u + (1 − lambda) · μ, \
      p = 1 − (⟨1, r⟩ / ‖r‖²) · r, and L = z · ‖μ‖, or z if the unit is absolute
      """,
    preconditions: ["knows the honest updates", "sees the global model of each round"],
    citations: [
      Citation(
        ["Özfatura", "Özfatura", "Küpçü", "Gündüz"],
        "Byzantines can also learn from history: fall of centered clipping in federated learning",
        "IEEE Transactions on Information Forensics and Security", 2024, arXiv: "2208.09894")
    ],
    origin: "Defaults as in the authors' library, but z.",
    parameters: [
      ParameterSpec(
        "angle", .real(0...360), default: .real(90),
        help: "degrees between the shift and the direction of training"),
      ParameterSpec(
        "pi", .real(0...1), default: .real(1),
        help: "where the shift starts: 1 at the last global update, 0 at the honest mean"),
      ParameterSpec(
        "lambda", .real(0...1), default: .real(0.9),
        help: "share of the last global update in the direction of training"),
      ParameterSpec("z", .positive(), default: .real(1), help: "length of the shift"),
      ParameterSpec(
        "unit", .choice(["mean", "absolute"]), default: .text("mean"),
        help: "whether z counts in lengths of the honest mean"),
    ])
  public static let tier = ThreatTier.omniscient

  private let sine: Double
  private let cosine: Double
  private let relocation: Double
  private let history: Double
  private let z: Double
  private let isRelative: Bool
  private let serverRate: Double
  private let parameterCount: Int
  private var direction = UpdateDirection()

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    let angle = arguments.real("angle") * (Double.pi / 180)
    sine = ElementaryFunctions.sin(angle)
    cosine = ElementaryFunctions.cos(angle)
    relocation = arguments.real("pi")
    history = arguments.real("lambda")
    z = arguments.real("z")
    isRelative = arguments.word("unit") == "mean"
    serverRate = setup.serverRate
    parameterCount = setup.layout.count
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func observe(_ broadcast: Broadcast) { direction.observe(broadcast) }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    direction.checkpoint(&pass, parameterCount: parameterCount)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let mean = view.honest?.meanAndDeviation(pool: view.pool)?.mean else {
      return [:]
    }
    let last = lastUpdate(mean.count)
    let reference = last.map { Self.blend($0, mean, share: history) } ?? mean
    let start = Self.blend(last ?? Double.zeros(mean.count), mean, share: relocation)
    let length = isRelative ? z * Double.squaredNorm(mean.span).squareRoot() : z
    let shift = shift(from: reference)
    rows.fill(with: zip(start, shift).map { $0 + length * $1 })
    return ["length": length]
  }

  /// `share` of the first vector and the rest of the second one.
  private static func blend(_ first: [Double], _ second: [Double], share: Double) -> [Double] {
    zip(first, second).map { share * $0 + (1 - share) * $1 }
  }

  /// The last change of the global model before the server's rate; `nil` where there is none.
  private func lastUpdate(_ count: Int) -> [Double]? {
    guard let values = direction.values, values.count == count, serverRate > 0 else { return nil }
    return values.map { Double($0) / serverRate }
  }

  /// The direction of the shift: a vector of length 1, shorter where one of its parts is left out.
  private func shift(from reference: [Double]) -> [Double] {
    let count = Double(reference.count)
    let squared = Double.squaredNorm(reference.span)
    let along = squared > 0 ? Double.sum(reference.span) / squared : 0
    let across = reference.map { 1 - along * $0 }
    let acrossSquared = Double.squaredNorm(across.span)
    // What is left of ones that are parallel is rounding alone.
    let acrossFactor = acrossSquared > 1e-12 * count ? sine / acrossSquared.squareRoot() : 0
    let alongFactor = squared > 0 ? cosine / squared.squareRoot() : 0
    return zip(across, reference).map { acrossFactor * $0 + alongFactor * $1 }
  }
}
