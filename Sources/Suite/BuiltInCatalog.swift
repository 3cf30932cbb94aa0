import Attacks
import Datasets
import Defenses
public import Federation
import Training
import Workers

extension Catalog {
  /// Everything of the shipped tool: the only place that knows every module.
  public static let builtIn = Catalog(
    attacks: builtInAttacks, modifiers: builtInModifiers, aggregators: builtInAggregators,
    stages: builtInStages, finishers: builtInFinishers)

  /// The same with components and trainers in other processes: whoever plans with it starts the
  /// programs that a scenario names, so that nothing from strangers is read with it.
  public static let withWorkers: Catalog = {
    var catalog = Catalog.builtIn.adding(attacks: [.external()], aggregators: [.external()])
    catalog.trainers = TrainerWorkers()
    return catalog
  }()
}
