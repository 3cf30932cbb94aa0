public import Components
public import Datasets
public import Determinism
public import Federation

/// Trains honestly on wrong labels.
///
/// `pair` turns every example of the source class into the target class; `inverse` turns y into
/// C − 1 − y, which leaves the middle class of an odd C alone; `random` turns every label into one
/// of the others, all equally likely; `all-to-one` turns every label into the target class. Every
/// class may be source or target, class 0 too.
///
/// - Complexity: O(examples) once per client.
/// - Note: Tolpegin, Truex, Gursoy, Liu, ESORICS 2020 (pair); Fang, Cao, Jia, Gong, USENIX Security
///   2020 (inverse).
public struct LabelFlip: Attack {
  /// Which label replaces which.
  enum Mode: String, CaseIterable {
    case pair
    case inverse
    case random
    case allToOne = "all-to-one"
  }

  public static let manifest = ComponentManifest(
    id: "label-flip",
    summary: "Trains honestly on wrong labels.",
    formula: """
      pair: y = source becomes target; inverse: y becomes C − 1 − y; random: y becomes one of the \
      other C − 1 classes, uniformly; all-to-one: y becomes target
      """,
    preconditions: ["at least two classes", "pair: source and target are different classes"],
    citations: [
      Citation(
        ["Tolpegin", "Truex", "Gursoy", "Liu"],
        "Data poisoning attacks against federated learning systems", "ESORICS", 2020,
        arXiv: "2007.08432"), Citation.fangAttacks,
    ], origin: "The first has pair, the second inverse; random and all-to-one are folklore.",
    parameters: [
      ParameterSpec(
        "mode", .choice(Mode.allCases.map(\.rawValue)), default: .text("pair"),
        help: "which label replaces which"),
      ParameterSpec(
        "source", .integer(0...1_000_000), default: .integer(1),
        help: "class that pair relabels; unused by the other modes"),
      ParameterSpec(
        "target", .integer(0...1_000_000), default: .integer(7),
        help: "class that pair and all-to-one relabel to; unused by the other modes"),
    ])
  public static let tier = ThreatTier.dataOnly

  private let mode: Mode
  private let source: Int
  private let target: Int
  private let classCount: Int

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    func refuse(_ reason: String) {
      problems.append(.invalid(component: Self.manifest.id, reason: reason))
    }
    classCount = setup.classCount
    mode = Mode(rawValue: arguments.word("mode") ?? "") ?? .pair
    source = arguments.integer("source")
    target = arguments.integer("target")
    if classCount < 2 { refuse("needs at least 2 classes, the task has \(classCount)") }
    let used = mode == .pair ? [("source", source), ("target", target)] : [("target", target)]
    if mode == .pair || mode == .allToOne {
      for (name, label) in used where label >= classCount {
        refuse("\(name) \(label) is not one of the \(classCount) classes (counted from 0)")
      }
    }
    if mode == .pair && source == target {
      refuse("source and target are the same class, \(target)")
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .data) }

  public var goal: AttackGoal { mode == .pair ? .misclassify(source: source) : .degrade }

  public func poisonRequest(of _: ClientID) -> PoisonRequest? {
    switch mode {
    case .pair: .labelFlip(.pairs([.init(from: source, to: target)]))
    case .inverse: .labelFlip(.reverse)
    // What is drawn for each example has no rule.
    case .random: nil
    case .allToOne:
      .labelFlip(
        .pairs((0..<classCount).filter { $0 != target }.map { .init(from: $0, to: target) }))
    }
  }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    for i in shard.labels.indices {
      let label = shard.labels[i]
      switch mode {
      case .pair:
        if label == source { shard.labels[i] = target }
      case .inverse:
        shard.labels[i] = shard.classCount - 1 - label
      case .random:
        let other = random.index(below: shard.classCount - 1)
        shard.labels[i] = other < label ? other : other + 1
      case .allToOne:
        shard.labels[i] = target
      }
    }
  }
}
