import Attacks
import Components
import Defenses
import Federation

/// The attacks, stages and rules of the library, the same as those of the program.
enum MethodCatalog {
  static let builtIn = Catalog(
    attacks: builtInAttacks, modifiers: builtInModifiers, aggregators: builtInAggregators,
    stages: builtInStages, finishers: builtInFinishers)

  /// The methods of a kind with their summaries; `nil` for no kind.
  static func list(_ kind: String) -> JSONText? {
    let manifests: [ComponentManifest]
    switch kind {
    case "defense": manifests = builtIn.aggregators.map(\.manifest)
    case "stage": manifests = builtIn.stages.map(\.manifest)
    case "attack": manifests = builtIn.attacks.map(\.manifest)
    default: return nil
    }
    return .list(
      manifests.map { .object(["id": .text($0.id.rawValue), "summary": .text($0.summary)]) })
  }
}
