public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Pushes the model along one random direction for the whole run, with fake clients alone.
///
/// The attacker sees nothing but the global models. s is a vector of random signs, drawn once per
/// run. In each round all attackers send λ v ⊙ s: v, of length 1, is the size of the last change g
/// of the global model per coordinate, without the part that their own last row would explain, and
/// λ is c times the length of g. Every `test-every` rounds after the first one in which they act,
/// they test whether the model moved along s: X of the m coordinates that changed since the last
/// test did so with the sign of s, and c is multiplied by `decay` unless so many are unlikely of m
/// fair coins.
///
/// Until two global models were seen, and where the last change is zero or what they sent explains
/// all of it, zeros are sent. Their own last row counts only if they sent it in the round before.
/// Recorded are `c` and, as `length`, the length of the row.
///
/// - Complexity: O(d) per round, and memory for four vectors.
/// - Note: Xie, Fang, Gong, CVPR 2025. Deviations: the tail of the binomial distribution is exact;
///   coordinates that did not change are no coins, whereas the authors' code takes the sign of the
///   weight there; only a row of the round before is subtracted, there the last one that was sent.
///   That code does not lower c below 0.5, which is `floor`.
public struct PoisonedFL: Attack {
  public static let manifest = ComponentManifest(
    id: "poisoned-fl",
    summary: "Pushes the model along one random direction for the whole run.",
    formula: """
      Δ_a = λ · v ⊙ s with random signs s of the run, λ = c · ‖g‖, g = w_t − w_(t−1), and v = |g − \
      (‖g‖ / ‖k‖) · k| over its length, where k is what was sent in the round before; every \
      test-every rounds c = decay · c unless P(B(m, 1/2) >= X) <= 0.01 for the X of m changed \
      coordinates that moved with the sign of s
      """,
    preconditions: ["sees the global model of each round"],
    citations: [
      Citation(
        ["Xie", "Fang", "Gong"],
        "Model poisoning attacks to federated learning via multi-round consistency", "CVPR", 2025,
        arXiv: "2404.15611")
    ],
    parameters: [
      ParameterSpec(
        "c", .positive(), default: .real(8),
        help: "length of the row in lengths of the last change of the global model, at the start"),
      ParameterSpec(
        "test-every", .integer(1...1_000_000), default: .integer(50),
        help: "rounds between two tests whether the model follows"),
      ParameterSpec(
        "decay", .real(0...1), default: .real(0.7), help: "factor of c where it does not"),
      ParameterSpec(
        "floor", .real(0 ... .greatestFiniteMagnitude), default: .real(0),
        help: "c is not lowered below this"),
    ])
  public static let tier = ThreatTier.fakeClient

  /// Up to this probability of as many agreeing signs the model is taken to follow.
  static let level = 0.01

  private var c: Double
  private let testEvery: Int
  private let decay: Double
  private let floor: Double
  private let seed: SeedPath
  private let parameterCount: Int
  private var direction = UpdateDirection()
  private var signs: [Float] = []
  /// The model at the last test, and its round.
  private var tested: (round: Int, model: [Float])?
  private var sent: (round: Int, row: [Float])?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    c = arguments.real("c")
    testEvery = arguments.integer("test-every")
    decay = arguments.real("decay")
    floor = arguments.real("floor")
    seed = setup.seed.child("signs")
    parameterCount = setup.layout.count
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public mutating func observe(_ broadcast: Broadcast) {
    direction.observe(broadcast)
    guard let last = tested else {
      if broadcast.isActing { tested = (broadcast.round, broadcast.global) }
      return
    }
    guard broadcast.round - last.round >= testEvery else { return }
    if !follows(from: last.model, to: broadcast.global) && decay * c >= floor { c *= decay }
    tested = (broadcast.round, broadcast.global)
  }

  /// Signs are drawn again, always the same.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&c)
    pass.require(c.isFinite, "c is \(c)")
    direction.checkpoint(&pass, parameterCount: parameterCount)
    pass.visit(&tested, from: (round: 0, model: [])) { [parameterCount] pass, last in
      pass.visit(natural: &last.round)
      pass.visit(&last.model, count: parameterCount)
    }
    pass.visit(&sent, from: (round: 0, row: [])) { [parameterCount] pass, last in
      pass.visit(natural: &last.round)
      pass.visit(&last.row, count: parameterCount)
    }
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0 else { return [:] }
    drawSigns(rows.columnCount)
    let row = row(rows.columnCount, in: view.round)
    for slot in 0..<rows.rowCount { rows.setRow(slot, to: row.span) }
    sent = (view.round, row)
    return ["c": c, "length": Float.squaredNorm(row.span).squareRoot()]
  }

  private func row(_ count: Int, in round: Int) -> [Float] {
    guard let change = direction.values, change.count == count else { return Float.zeros(count) }
    let length = Float.squaredNorm(change.span).squareRoot()
    var factor = 0.0
    var own = Float.zeros(count)
    if let sent, sent.round == round - 1, sent.row.count == count {
      let sentLength = Float.squaredNorm(sent.row.span).squareRoot()
      factor = sentLength > 0 ? length / sentLength : 0
      own = sent.row
    }
    let sizes = zip(change, own).map { abs(Double($0) - factor * Double($1)) }
    let total = Double.squaredNorm(sizes.span).squareRoot()
    guard total > 0 else { return Float.zeros(count) }
    return zip(sizes, signs).map { Float(c * length * ($0 / total)) * $1 }
  }

  /// Whether so many coordinates moved with the sign that it can hardly be chance.
  private mutating func follows(from old: [Float], to new: [Float]) -> Bool {
    guard old.count == new.count else { return true }
    drawSigns(new.count)
    var (moved, agreeing) = (0, 0)
    for index in new.indices where new[index] != old[index] {
      moved += 1
      if (new[index] > old[index]) == (signs[index] > 0) { agreeing += 1 }
    }
    return FairCoins.probability(ofAtLeast: agreeing, of: moved) <= Self.level
  }

  /// Draws the signs of the run, 32 from each word, the lowest bit first; a set bit is plus.
  private mutating func drawSigns(_ count: Int) {
    guard signs.count != count else { return }
    var random = seed.stream()
    signs = []
    signs.reserveCapacity(count)
    var word: UInt32 = 0
    for index in 0..<count {
      if index % 32 == 0 { word = random.word() }
      signs.append(word & 1 == 1 ? 1 : -1)
      word >>= 1
    }
  }
}
