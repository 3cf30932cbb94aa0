import Federation
import Metrics
import Simulation
import Suite
import Testing

/// What every component promises, checked over the catalogs.
@Suite struct CatalogTests {
  private static let manifests =
    Catalog.builtIn.attacks.map(\.manifest) + Catalog.builtIn.aggregators.map(\.manifest)
    + Catalog.builtIn.stages.map(\.manifest)

  @Test func idsAreUniqueAndSortedWithinTheirKind() {
    let kinds = [
      Catalog.builtIn.attacks.map(\.manifest.id), Catalog.builtIn.aggregators.map(\.manifest.id),
      Catalog.builtIn.stages.map(\.manifest.id),
    ]
    for ids in kinds {
      #expect(ids == ids.sorted())
      #expect(Set(ids).count == ids.count)
    }
    #expect(Set(Self.manifests.map(\.id)).count == Self.manifests.count)
  }

  @Test(arguments: manifests.map(\.id.rawValue))
  func manifestIsComplete(id: String) throws {
    let manifest = try #require(Self.manifests.first { $0.id.rawValue == id })
    #expect(id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "kebab-case")
    #expect(!manifest.summary.isEmpty && manifest.summary.hasSuffix("."))
    #expect(!manifest.formula.isEmpty)
    #expect(!manifest.citation.isEmpty)
    for parameter in manifest.parameters { #expect(!parameter.help.isEmpty, "\(parameter.name)") }
    #expect(Set(manifest.parameters.map(\.name)).count == manifest.parameters.count)
  }

  /// Defaults that do not come from a plan are legal values.
  @Test(arguments: manifests.map(\.id.rawValue))
  func defaultsAreLegal(id: String) throws {
    let manifest = try #require(Self.manifests.first { $0.id.rawValue == id })
    for parameter in manifest.parameters {
      guard case .value(let value) = parameter.default else { continue }
      let spec = ComponentManifest(
        id: manifest.id, summary: "", formula: "", citation: "", parameters: [parameter])
      #expect(throws: Never.self) { try Arguments([parameter.name: value], for: spec) }
    }
  }

  @Test func metricIdsAreUnique() {
    let ids = MetricCatalog.builtIn.metrics.flatMap { $0.manifests.map(\.id) }
    #expect(Set(ids).count == ids.count)
    let flags = MetricCatalog.builtIn.flags.map { $0.id }
    #expect(Set(flags).count == flags.count)
  }
}
