public import Components
import Determinism
public import Federation

/// A rule of a list, drawn anew in each round with equal chances.
///
/// What the server does is then nothing that an attacker can aim at: one who rehearses the defense
/// knows the list, but not what will be drawn. The rules are built-in ones with their defaults, all
/// made for the same number of rows and the same f before the first round; an id that is named twice
/// has two chances. A rule with memory has one of its own and sees the rounds in which it is drawn,
/// no others. Rules that need more than the updates, such as data of the server, cannot be drawn.
///
/// Verdicts are those of the drawn rule, and so is the meaning of suspicion: scores of different
/// rounds do not compare. Of its report numbers are left out, since they are others in each round.
/// Fewer rows than announced, and everything else, is as the drawn rule has it.
///
/// - Complexity: that of the drawn rule.
/// - Note: Zhao, Xie, Ren, Ding, Yang, Li, arXiv 2024: the dynamic defense of a black-box server.
public struct RandomRule: Aggregator {
  public static let manifest = ComponentManifest(
    id: "random-rule",
    summary: "A rule of a list, drawn anew in each round.",
    formula: "in each round the result of one of the listed rules, each as likely as the others",
    preconditions: ["those of all listed rules"],
    citations: [
      Citation(
        ["Zhao", "Xie", "Ren", "Ding", "Yang", "Li"],
        "Understanding Byzantine robustness in federated learning with a black-box server", "arXiv",
        2024, arXiv: "2408.06042")
    ], origin: "The default list is ours.",
    parameters: [
      ParameterSpec(
        "rules", .list(of: .text, count: 1...100),
        default: .list([.text("krum"), .text("median"), .text("trimmed-mean")]),
        help: "ids of built-in rules that need nothing but the updates, used with their defaults"),
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions, for those of the rules that have one"),
    ])

  // As far as can be said of every list.
  public static let traits: DefenseTraits = .stateful
  public static let reports = ["drawn"]

  private let ids: [ComponentID]
  private var rules: [any Aggregator] = []

  public var isCopyable: Bool { rules.allSatisfy(\.isCopyable) }
  public var isOutsideProof: Bool { rules.contains(where: \.isOutsideProof) }

  /// That of the rule that takes most.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    choices.map { $0.workingBytes(rowCount, columnCount) }.reduce(0, max)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    ids = (arguments.list("rules") ?? []).map { ComponentID($0.description) }
    let plan: [PlanFact: ArgumentValue] = [.declaredByzantine: .integer(arguments.integer("f"))]
    var problems: [ConfigurationError.Problem] = []
    for id in ids {
      do {
        rules.append(try Self.make(id, plan: plan, setup: setup))
      } catch {
        for problem in error.problems where !problems.contains(problem) {
          problems.append(problem)
        }
      }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    for index in rules.indices {
      pass.mark(ids[index].rawValue)
      rules[index].checkpoint(&pass)
    }
  }

  /// The rules that can be drawn.
  ///
  /// The catalog of rules has this one in it and is asked when a rule is made, not before: nothing
  /// static that the catalog is made of may read it.
  private static var choices: [AggregatorEntry] {
    builtInAggregators.filter { $0.needs.isEmpty && $0.manifest.id != manifest.id }
  }

  private static func make(
    _ id: ComponentID, plan: [PlanFact: ArgumentValue], setup: DefenseSetup
  ) throws(ConfigurationError) -> any Aggregator {
    if let entry = builtInAggregators.first(where: { $0.manifest.id == id }),
      let reason = reasonAgainst(entry)
    {
      throw ConfigurationError(.invalid(component: manifest.id, reason: "\(id) \(reason)"))
    }
    let entry = try choices.entry(id, kind: "rule to draw")
    do {
      return try entry.make(Arguments([:], for: entry.manifest, plan: plan), setup)
    } catch {
      throw ConfigurationError(error.problems.map { $0.of(manifest.id, for: id) })
    }
  }

  /// Why a built-in rule cannot be drawn; `nil` if it can.
  private static func reasonAgainst(_ entry: AggregatorEntry) -> String? {
    if entry.manifest.id == manifest.id { return "cannot draw itself" }
    let needs = DefenseNeeds.names.filter { entry.needs.contains($0.need) }.map(\.name)
    guard !needs.isEmpty else { return nil }
    return "needs \(needs.joined(separator: ", ")), which cannot be had for a rule that is drawn"
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var random = round.seed.stream()
    let drawn = random.index(below: rules.count)
    var result = try rules[drawn].aggregate(
      updates, in: round.with(seed: round.seed.child(drawn)))
    result.report = result.report.filter {
      if case .number = $0.value { false } else { true }
    }
    result.report["drawn"] = .number(Double(drawn))
    result.report["rule"] = .text(ids[drawn].rawValue)
    return result
  }
}
