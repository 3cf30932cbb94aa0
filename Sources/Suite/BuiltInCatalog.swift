import Attacks
import Datasets
import Defenses
public import Federation
import Training

extension Catalog {
  /// Everything of the shipped tool: the only place that knows every module.
  public static let builtIn = Catalog(
    attacks: builtInAttacks, modifiers: builtInModifiers, aggregators: builtInAggregators,
    stages: builtInStages, finishers: builtInFinishers)
}
