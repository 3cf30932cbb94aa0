import Components
import Datasets
import Federation
import Gating
import Metrics
import Simulation
import Studies
import Suite

extension MethodFacts {
  /// What this program knows about the methods that results name.
  static let builtIn = MethodFacts(.builtIn, .builtIn)

  /// The facts of a catalog: components by kind, threat tiers, metrics, and the flags of trials and
  /// cells.
  init(_ catalog: Catalog, _ metrics: MetricCatalog) {
    self.init(
      methods: [
        .attack: Self.byID(
          catalog.attacks.map { Method($0.manifest, tier: $0.tier.rawValue) }),
        .modifier: Self.byID(catalog.modifiers.map { Method($0.manifest) }),
        .rule: Self.byID(
          catalog.aggregators.map {
            Method($0.manifest, remarks: DefenseFacts($0.needs, $0.traits, $0.bound).remarks)
          }),
        .stage: Self.byID(
          catalog.stages.map {
            Method($0.manifest, remarks: DefenseFacts($0.needs, $0.traits, $0.bound).remarks)
          }),
        .finisher: Self.byID(
          catalog.finishers.map {
            Method($0.manifest, remarks: DefenseFacts($0.needs, $0.traits, nil).remarks)
          }),
        .dataset: Self.byID(catalog.datasets.map { Method($0.manifest) }),
      ],
      tiers: Glossary.tiers.map { Tier($0.id, $0.text) },
      metrics: metrics.manifests.map(Metric.init),
      flags: Glossary.flagDefinitions(metrics).map { (id: $0.id, text: $0.text) })
  }

  private static func byID(_ methods: [Method]) -> [String: Method] {
    Dictionary(methods.map { ($0.manifest.id.rawValue, $0) }) { first, _ in first }
  }
}

extension MethodFacts.Metric {
  fileprivate init(_ manifest: MetricManifest) {
    self.init(
      id: manifest.id, definition: manifest.definition, unit: manifest.unit,
      better: Score.Direction(manifest.better), tolerance: manifest.gateTolerance)
  }
}

extension Score.Direction {
  /// The direction as the results side has it.
  init(_ direction: MetricManifest.Direction) {
    switch direction {
    case .higher: self = .higher
    case .lower: self = .lower
    case .none: self = .none
    }
  }
}
