public import Gating
public import Simulation

extension Policy {
  /// The default policy: every metric that its manifest gates, with the tolerance given there.
  public static func gating(_ catalog: MetricCatalog) -> Policy {
    var metrics: [String: MetricPolicy] = [:]
    for manifest in catalog.manifests {
      guard let tolerance = manifest.gateTolerance else { continue }
      metrics[manifest.id] = MetricPolicy(better: manifest.gateDirection, abs: tolerance)
    }
    return Policy(metrics: metrics)
  }
}

extension MetricManifest {
  /// The direction in the gate's terms.
  public var gateDirection: Finding.Direction {
    switch better {
    case .higher: .higher
    case .lower: .lower
    case .none: .none
    }
  }
}

extension MetricCatalog {
  /// What every metric says about itself.
  public var manifests: [MetricManifest] { metrics.flatMap { $0.manifests } }

  /// The manifest of a metric; the one of a family for a member such as `accuracy.class.3`.
  public func manifest(of id: String) -> MetricManifest? {
    if let exact = manifests.first(where: { $0.id == id }) { return exact }
    let family = id.split(separator: ".").dropLast().joined(separator: ".")
    guard let last = id.split(separator: ".").last, Int(last) != nil else { return nil }
    return manifests.first { $0.id.hasPrefix(family + ".<") }
  }
}
