import Metrics
public import Results
public import Simulation

extension MetricRanges {
  /// The legal values as the metrics of a catalog state them.
  public init(_ catalog: MetricCatalog) {
    let bounds = catalog.manifests.compactMap { manifest in
      manifest.bounds.map { (manifest.id, $0) }
    }
    self.init(Dictionary(bounds) { first, _ in first })
  }

  /// Those of the metrics that come with Gauntlet.
  public static let builtIn = MetricRanges(MetricCatalog.builtIn)
}
