import Attacks
import Defenses
public import Federation

extension Catalog {
  /// Every attack, rule and stage of the shipped tool: the only place that knows every module.
  public static let builtIn = Catalog(
    attacks: builtInAttacks, aggregators: builtInAggregators, stages: builtInStages)
}
