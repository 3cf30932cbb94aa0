public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Trains a backdoor near the global model, hides it under noise that cancels among the attackers and
/// behind decoys, and learns from planted indicators what the server let through.
///
/// In each round with an attacker it trains a benign reference on the clean data of the first controlled
/// client. Attackers train on poisoned data with a term that holds them near the global model; an update
/// shorter than the reference is lengthened to it, at most by `scale`. Groups of `group` attackers, in
/// ascending order, add masks to the output layer (``NoiseMasks``) on `neurons` drawn classes other than the
/// target. Last, each attacker sets one coordinate that hardly moves to `indicator`
/// (``AcceptanceIndicators``). The next global model then says who was accepted, clipped or rejected, and with
/// it the masks' alpha and the number of decoys are adapted (``CamouflageTuning``).
///
/// Decoys are the last controlled clients; one attacker at least is none. They train on clean data and drive
/// one output weight away from the reference (``DecoyTerm``), where the backdoor of the round before differed
/// least from it, so that detectors that look for the largest deviation find them.
///
/// Recorded are the largest `lengthened` factor, the number of `decoys`, and of the last reading `accepted`,
/// `clipped`, `rejected` and `noisy` (1 once only noise explains what is read: then there are no decoys any
/// more, and alpha is the least). One attacker alone has no mask and no decoy. Without a model (a bare
/// matrix) rows are sent as they are; with a server rate of 0 nothing is read.
///
/// - Complexity: one honest client's training per round with an attacker; mask-steps · attackers · neurons ·
///   inputs of the output layer, and O(f d), per round; O(d) memory.
/// - Note: Li, Ye, Hu, Li, Wang, Fang, Shi, IEEE S&P 2023. Deviations: attackers train each a model of
///   their own on their data, where the authors send copies of one; the curvature of the loss is not
///   looked at where indicators go, since models give no second derivatives, and both vanish where a
///   feature is zero in all data; the masks' terms are in units of the update, and their sum is kept zero by
///   centering them instead of by dual ascent; masks are on the output layer alone, as in the authors'
///   code; an indicator is a fixed value, not 1e5 times the update's.
public struct ThreeDFed: Attack {
  public static let manifest = ComponentManifest(
    id: "3dfed",
    summary: "Hides a backdoor under canceling noise and behind decoys, and adapts to acceptance.",
    formula: """
      X minimizes (1 − constraint) · L + constraint · ‖X − G‖ on poisoned data; u = (X − G) · \
      max(1, min(‖B − G‖ / ‖X − G‖, scale)) with B trained on clean data; Δ_a = u + m_a, where the m_a of a \
      group sum to zero and go down alpha · Σ_j w / Σ |u_j + m_j| + (1 − alpha) · ‖m‖ / √(w · neurons); one \
      quiet coordinate of Δ_a is `indicator`, and its share in (w_(t+1) − w_t) / server rate says accepted \
      (above 0.8 of the largest), clipped, rejected (up to 1e-4) or noise (above 1 or below −1e-4); a decoy \
      minimizes (L − push · |X_p − B_p|) / 2 on clean data, until |X_p − B_p| > reach
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
      "local training (not FedSGD)",
    ],
    citations: [
      Citation(
        ["Li", "Ye", "Hu", "Li", "Wang", "Fang", "Shi"],
        "3DFed: adaptive and extensible framework for covert backdoor attack in federated learning",
        "IEEE S&P", 2023, doi: "10.1109/SP46215.2023.10179401")
    ],
    origin: """
      There: the constrained loss, noise masks, decoys, indicators and adaptive tuning. Not there: the \
      curvature in the choice of indicators (models give no second derivatives), masks on other layers than \
      the last, and extra devices as decoys (they are attackers). Units of the masks' loss, their centering \
      and the defaults of noise, mask-steps and mask-rate are ours.
      """,
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "constraint", .real(0...1), default: .real(0.4),
        help: "share of the distance from the global model in the loss"),
      ParameterSpec(
        "scale", .real(1...1e9), default: .real(5),
        help: "the most that a short update is lengthened by, towards a benign one's length"),
      ParameterSpec(
        "group", .integer(1...1_000_000), default: .integer(2),
        help: "attackers whose masks cancel"),
      ParameterSpec(
        "neurons", .integer(0...1_000_000), default: .integer(8),
        help: "output neurons that are masked, at most all but the target"),
      ParameterSpec(
        "noise", .real(0...1e6), default: .real(1),
        help:
          "standard deviation where masks start, in units of the output layer's root mean square"),
      ParameterSpec(
        "mask-steps", .integer(0...100_000), default: .integer(30), help: "steps of the masks"),
      ParameterSpec(
        "mask-rate", .positive(), default: .real(0.1), help: "size of such a step"),
      ParameterSpec(
        "alpha", .real(0...1), default: .real(0),
        help: "the least weight of neurons' changes against the masks' size"),
      ParameterSpec(
        "indicator", .positive(), default: .real(1e-3),
        help: "value that an attacker plants to see whether it was accepted"),
      ParameterSpec(
        "decoy-push", .real(0...1e9), default: .real(10),
        help: "how strongly a decoy drives its parameter away"),
      ParameterSpec(
        "decoy-reach", .real(0...1e9), default: .real(10), help: "how far a decoy drives it"),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let clean: [ClientID: Shard]
  private let controlled: [ClientID]
  private let benign: BenignReference?
  private let masks: NoiseMasks?
  private let indicators: AcceptanceIndicators
  private let layout: ParameterLayout
  private let constraint, scale, noise, maskRate, push, reach: Double
  private let groupSize, neuronLimit, maskSteps: Int
  private let serverRate: Double
  private let seed: SeedPath
  /// What is adapted.
  private(set) var tuning: CamouflageTuning
  private(set) var planted: [AcceptanceIndicators.Planted] = []
  private var reading: AcceptanceIndicators.Reading?
  /// The global model of the round, and the benign reference's update; empty where there is none.
  private var global: [Float] = []
  private(set) var reference: [Float] = []
  /// Where decoys deviate, for the first of them first.
  private(set) var decoyCoordinates: [Int] = []
  /// What benign references took.
  public private(set) var gradientCount = 0

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    if let problem = setup.localTrainingProblem(of: "a constrained loss", component: id) {
      problems.append(problem)
    }
    clean = Dictionary(
      zip(setup.controlled, setup.shards), uniquingKeysWith: { first, _ in first })
    controlled = setup.controlled
    benign = BenignReference(setup)
    masks = NoiseMasks(setup.layout)
    indicators = AcceptanceIndicators(value: arguments.real("indicator"))
    layout = setup.layout
    constraint = arguments.real("constraint")
    scale = arguments.real("scale")
    groupSize = arguments.integer("group")
    neuronLimit = arguments.integer("neurons")
    noise = arguments.real("noise")
    maskSteps = arguments.integer("mask-steps")
    maskRate = arguments.real("mask-rate")
    push = arguments.real("decoy-push")
    reach = arguments.real("decoy-reach")
    serverRate = setup.serverRate
    seed = setup.seed.child("3dfed")
    var random = seed.stream()
    tuning = CamouflageTuning(
      groupCount: (max(1, controlled.count) + groupSize - 1) / groupSize,
      decoyLimit: max(0, controlled.count - 1), least: arguments.real("alpha"), random: &random)
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel { ThreatModel(surface: [.data, .training, .update]) }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public mutating func observe(_ broadcast: Broadcast) {
    if !planted.isEmpty && serverRate > 0 {
      let (before, after, rate) = (global, broadcast.global, serverRate)
      let reading = indicators.read(planted) { (Double(after[$0]) - Double(before[$0])) / rate }
      var random = seed.child(broadcast.round).stream()
      if !tuning.isNoisy { self.reading = reading }
      tuning.adapt(to: reading, random: &random)
    }
    planted = []
    guard broadcast.isActing else { return }
    global = broadcast.global
    reference =
      benign?.update(at: global, seed: seed.child("benign").child(broadcast.round)) ?? []
    gradientCount += benign?.gradientCount ?? 0
  }

  /// The reference is made anew in every round with an attacker.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    let (clients, count) = (controlled, layout.count)
    tuning.checkpoint(&pass)
    pass.visit(&planted, from: .none) {
      $1.checkpoint(&$0, clients: clients, parameterCount: count)
    }
    pass.visit(&reading, from: AcceptanceIndicators.Reading()) {
      $1.checkpoint(&$0, clients: clients, parameterCount: count)
    }
    pass.visit(&global, emptyOr: count)
    pass.require(planted.isEmpty || !global.isEmpty, "what was planted is in no model")
    pass.visit(&decoyCoordinates)
    pass.require(
      decoyCoordinates.allSatisfy((0..<count).contains)
        && (decoyCoordinates.isEmpty || benign != nil), "decoys have no such coordinates")
    pass.visit(natural: &gradientCount)
  }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    let schedule = schedule.applied(to: job.schedule)
    if let decoy = decoy(job.client), let clean = clean[job.client] {
      let coordinate = decoy < decoyCoordinates.count ? decoyCoordinates[decoy] : nil
      var term = DecoyTerm(
        coordinate: coordinate,
        benign: coordinate.map { Double(job.global[$0]) + Double(reference[$0]) } ?? 0,
        push: push, reach: reach)
      job.train(with: &trainer, on: clean, hook: &term, random: &random)
      return
    }
    var term = DistanceTerm(
      .norm, lossShare: 1 - constraint, weight: constraint, center: job.global)
    job.train(with: &trainer, schedule: schedule, hook: &term, random: &random)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, !layout.segments.isEmpty else { return [:] }
    let slots = (0..<rows.rowCount).filter { decoy(view.clients[$0]) == nil }
    var figures = ["lengthened": lengthen(&rows, slots)]
    chooseDecoyCoordinates(rows, slots)
    let quiet = quietCoordinates(rows, slots)
    for (group, first) in stride(from: 0, to: slots.count, by: groupSize).enumerated() {
      hide(
        &rows, Array(slots[first..<min(first + groupSize, slots.count)]),
        alpha: tuning.alphas[min(group, tuning.alphas.count - 1)], random: &random)
    }
    planted = zip(view.clients.indices, quiet).map { slot, coordinate in
      rows.withMutableRow(slot) { $0[coordinate] = Float(indicators.value) }
      return AcceptanceIndicators.Planted(
        client: view.clients[slot], group: slots.firstIndex(of: slot).map { $0 / groupSize },
        coordinate: coordinate)
    }
    figures["decoys"] = Double(rows.rowCount - slots.count)
    if let reading {
      figures["accepted"] = Double(reading.count(.accepted))
      figures["clipped"] = Double(reading.count(.clipped))
      figures["rejected"] = Double(reading.count(.rejected))
      figures["noisy"] = tuning.isNoisy ? 1 : 0
    }
    return figures
  }

  /// Which decoy a client is, the last controlled one first; `nil`: none.
  private func decoy(_ client: ClientID) -> Int? {
    guard tuning.decoyCount > 0, let place = controlled.lastIndex(of: client) else { return nil }
    let number = controlled.count - 1 - place
    return number < tuning.decoyCount ? number : nil
  }

  /// Lengthens rows that are shorter than the reference, and returns the largest factor.
  private func lengthen(_ rows: inout Matrix<Float>, _ slots: [Int]) -> Double {
    let length = Float.squaredNorm(reference.span).squareRoot()
    var largest = 1.0
    for slot in slots {
      let norm = rows.norm(ofRow: slot)
      let factor = norm > 0 ? max(1, min(length / norm, scale)) : 1
      if factor > 1 { rows.scaleRow(slot, by: factor) }
      largest = max(largest, factor)
    }
    return largest
  }

  /// Hides a group under masks.
  private func hide(
    _ rows: inout Matrix<Float>, _ slots: [Int], alpha: Double, random: inout RandomStream
  ) {
    guard let masks, slots.count > 1 else { return }
    let others = (0..<masks.neuronCount).filter { $0 != poisoning.backdoor.target }
    let neurons = random.sample(min(neuronLimit, others.count), of: others.count).sorted()
      .map { others[$0] }
    let start = masks.noise(slots.count, neurons: neurons, random: &random).map { mask in
      mask.map { noise * $0 }
    }
    masks.apply(
      to: &rows, slots: slots, neurons: neurons, start: start, alpha: alpha, steps: maskSteps,
      rate: maskRate)
  }

  private func quietCoordinates(_ rows: Matrix<Float>, _ slots: [Int]) -> [Int] {
    AcceptanceIndicators.quietest(
      rows.rowCount, in: AcceptanceIndicators.room(in: layout), backdoor: mean(rows, slots),
      benign: reference)
  }

  /// Notes the output weights in which backdoor and reference differ least, one for each possible decoy.
  private mutating func chooseDecoyCoordinates(_ rows: Matrix<Float>, _ slots: [Int]) {
    guard !slots.isEmpty, reference.count == rows.columnCount, controlled.count > 1,
      let room = layout.segments.first(where: { $0.role == .outputWeight })?.range
    else { return }
    let mean = mean(rows, slots)
    let differences = room.map { Float(mean[$0] - Double(reference[$0])) }
    let isLeast = CoordinateMask.smallest(
      min(controlled.count - 1, differences.count), of: differences)
    decoyCoordinates = isLeast.indices.filter { isLeast[$0] }.map { room.lowerBound + $0 }
  }

  private func mean(_ rows: Matrix<Float>, _ slots: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: rows.columnCount)
    for slot in slots {
      rows.withRow(slot) { row in
        for index in row.indices { sums[index] += Double(row[index]) }
      }
    }
    return sums.map { $0 / Double(max(1, slots.count)) }
  }
}
