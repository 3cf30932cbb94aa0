public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Gives each attacker a part of the trigger; examples with all of it are what should succeed.
///
/// The trigger's pixels, in the order of their positions, are cut into `parts` contiguous groups, as equal
/// as can be, the larger ones first; features of a vector and characters of a phrase are cut likewise. The controlled client of rank k (from 0, by id) poisons with part k mod
/// `parts`; on a bare matrix everybody has part 0. Success is measured with the whole trigger, and
/// besides with each part where there are several. The resolved factor is recorded as `gamma`.
///
/// The single-shot attack of the paper is `gamma: auto` under the schedule `in-turn`.
///
/// - Complexity: O(examples) once per client, and O(f d) per round if boosted.
/// - Note: Xie, Huang, Chen, Li, ICLR 2020. Deviations: parts come from cutting any trigger with fixed
///   positions, not from four bars with gaps of their own; a fixed part of the shard is poisoned once.
public struct DistributedBackdoor: Attack {
  public static let manifest = ComponentManifest(
    id: "dba",
    summary: "Gives each attacker a part of the trigger; all of it is evaluated.",
    formula: """
      the trigger's pixels (features of a vector) in ascending order are cut into `parts` groups; the \
      attacker of rank k poisons floor(ratio · m) of its m examples with group k mod parts; \
      Δ_a = gamma · (X − G)
      """,
    preconditions: [
      "the trigger fits the input and has as many fixed pixels as parts at least",
      "target and source are different classes of the task",
    ],
    citations: [
      Citation(
        ["Xie", "Huang", "Chen", "Li"],
        "DBA: distributed backdoor attacks against federated learning", "ICLR", 2020)
    ],
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "parts", .integer(1...1_000_000), default: .integer(4),
        help: "number of groups that the trigger is cut into"),
      BoostFactor.parameter(default: .real(1)),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.dataOnly

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let boost: BoostFactor
  private let parts: [Trigger]
  /// The rank of each controlled client, by id.
  private let ranks: [ClientID: Int]

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    boost = BoostFactor(arguments, setup: setup, component: id, problems: &problems)
    ranks = Dictionary(uniqueKeysWithValues: zip(setup.controlled.sorted(), 0...))
    let partCount = arguments.integer("parts")
    let channels = setup.shape.channelCount
    if let trigger = poisoning?.trigger,
      let reason = Self.problem(trigger, parts: partCount, channels: channels)
    {
      problems.append(.invalid(component: id, reason: reason))
    }
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
    parts = Self.cut(poisoning.trigger, into: partCount, channels: channels)
  }

  /// Says why a trigger cannot be cut into so many parts.
  private static func problem(_ trigger: Trigger, parts partCount: Int, channels: Int) -> String? {
    if trigger.drawnCount > 0 {
      return "a trigger that is drawn anew for each example cannot be cut into parts"
    }
    let size = pixels(of: trigger, channels: channels).count
    return size < partCount
      ? "a trigger of \(size) \(channels == 1 ? "features" : "pixels") cannot be cut into "
        + "\(partCount) parts" : nil
  }

  /// The places of the trigger's positions that are of one pixel, for each of them.
  private static func pixels(of trigger: Trigger, channels: Int) -> [Range<Int>] {
    var pixels: [Range<Int>] = []
    for (place, position) in trigger.positions.enumerated() {
      if let last = pixels.last,
        trigger.positions[last.lowerBound] / channels == position / channels
      {
        pixels[pixels.count - 1] = last.lowerBound..<place + 1
      } else {
        pixels.append(place..<place + 1)
      }
    }
    return pixels
  }

  /// Cuts a trigger into contiguous parts of as many pixels as can be equal, the larger ones first.
  ///
  /// - Precondition: At least as many pixels as parts.
  static func cut(_ trigger: Trigger, into partCount: Int, channels: Int = 1) -> [Trigger] {
    let pixels = pixels(of: trigger, channels: channels)
    let (size, larger) = pixels.count.quotientAndRemainder(dividingBy: partCount)
    return (0..<partCount).map { part in
      let start = part * size + min(part, larger)
      let end = start + size + (part < larger ? 1 : 0)
      return trigger.part(pixels[start].lowerBound..<pixels[end - 1].upperBound)
    }
  }

  /// The place among the parts of what a client poisons with.
  func part(of client: ClientID) -> Int {
    (ranks[client] ?? 0) % parts.count
  }

  public var threatModel: ThreatModel {
    var surface = ThreatModel.Surface.data
    if schedule.isOwn { surface.insert(.training) }
    if !boost.isNone { surface.insert(.update) }
    return ThreatModel(surface: surface)
  }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public var evaluated: [Backdoor] {
    guard parts.count > 1 else { return [] }
    let whole = poisoning.backdoor
    return parts.map { Backdoor(trigger: $0, target: whole.target, source: whole.source) }
  }

  public func poisonRequest(of client: ClientID) -> PoisonRequest? {
    poisoning.request(with: parts[part(of: client)])
  }

  public func poison(_ shard: inout Shard, of client: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, with: parts[part(of: client)], random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    job.train(with: &trainer, schedule: schedule.applied(to: job.schedule), random: &random)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    boost.apply(to: &rows, view, as: "gamma")
  }
}
