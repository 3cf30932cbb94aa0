import Components
import Datasets
import Federation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing
import Training

/// What every component promises, checked over the catalogs.
@Suite struct CatalogTests {
  /// Attacks and what defenses are made of.
  private static let methods =
    Catalog.builtIn.attacks.map(\.manifest) + Catalog.builtIn.modifiers.map(\.manifest)
    + Catalog.builtIn.aggregators.map(\.manifest) + Catalog.builtIn.stages.map(\.manifest)
    + Catalog.builtIn.finishers.map(\.manifest)
  private static let parts = [
    Catalog.builtIn.datasets.map(\.manifest), Catalog.builtIn.partitions.map(\.manifest),
    Catalog.builtIn.models.map(\.manifest), Catalog.builtIn.learningRates.map(\.manifest),
    Catalog.builtIn.triggers.map(\.manifest), Catalog.builtIn.attackSchedules.map(\.manifest),
  ]
  private static let manifests = methods + parts.flatMap { $0 }

  @Test func idsAreUniqueAndSortedWithinTheirKind() {
    let kinds =
      [
        Catalog.builtIn.attacks.map(\.manifest.id), Catalog.builtIn.modifiers.map(\.manifest.id),
        Catalog.builtIn.aggregators.map(\.manifest.id), Catalog.builtIn.stages.map(\.manifest.id),
        Catalog.builtIn.finishers.map(\.manifest.id),
      ] + Self.parts.map { $0.map(\.id) }
    for ids in kinds {
      #expect(ids == ids.sorted())
      #expect(Set(ids).count == ids.count)
    }
    #expect(Set(Self.methods.map(\.id)).count == Self.methods.count)
  }

  @Test(arguments: methods.map(\.id.rawValue))
  func methodsNameTheirSource(id: String) throws {
    let manifest = try #require(Self.methods.first { $0.id.rawValue == id })
    #expect(!manifest.sources.isEmpty)
    for citation in manifest.citations {
      #expect(!citation.authors.isEmpty && !citation.title.isEmpty && !citation.venue.isEmpty)
      #expect((1950...2030).contains(citation.year))
    }
  }

  @Test(arguments: manifests.map(\.id.rawValue))
  func manifestIsComplete(id: String) throws {
    let manifest = try #require(Self.manifests.first { $0.id.rawValue == id })
    #expect(id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "kebab-case")
    #expect(!manifest.summary.isEmpty && manifest.summary.hasSuffix("."))
    #expect(!manifest.formula.isEmpty)
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
        id: manifest.id, summary: "", parameters: [parameter])
      #expect(throws: Never.self) { try Arguments([parameter.name: value], for: spec) }
    }
  }

  @Test func metricIdsAreUnique() {
    let ids = MetricCatalog.builtIn.metrics.flatMap { $0.manifests.map(\.id) }
    #expect(Set(ids).count == ids.count)
    let flags = MetricCatalog.builtIn.flags.map { $0.id }
    #expect(Set(flags).count == flags.count)
  }

  /// Before data are loaded, the outside examples of a plan are of the class that the scenario says.
  @Test func edgeCasesMayTargetAnyOtherClass() throws {
    func plan(target: Int) throws -> Plan {
      let text = """
        schema: gauntlet/scenario/1
        name: edge
        rounds: 2
        task:
          dataset: digits
          model: {kind: logistic}
          local: {epochs: 1, batch: 16, lr: 0.1}
        clients: {count: 5}
        threat:
          malicious: {count: 1}
          auxiliary: {class: 9, train: 5, test: 5}
        attacks: [{use: edge-case, target: \(target)}]
        defenses: [mean]
        """
      return try Plan(
        ScenarioFile(text: text, path: "edge.yaml", catalog: .builtIn), catalog: .builtIn)
    }
    for target in 0..<9 { #expect(try !plan(target: target).trials.isEmpty) }
    #expect(throws: (any Error).self) { try plan(target: 9) }
  }

  /// Sets one feature of its own parameter, which no built-in trigger has.
  private static let spot = TriggerEntry(
    manifest: ComponentManifest(
      id: "spot", summary: "One feature.", formula: "x_place = value",
      parameters: [
        ParameterSpec("size", .integer(1...10), default: .integer(1), help: "unused"),
        ParameterSpec("place", .integer(0...63), default: .integer(0), help: "which feature"),
      ])
  ) { arguments, setup throws(ConfigurationError) in
    setup.trigger(at: [arguments.integer("place")], value: 9)
  }

  @Test(arguments: ["backdoor", "model-replacement", "neurotoxin"])
  func attacksUseATriggerOfTheScenarioThatIsNotBuiltIn(attack: String) throws {
    let catalog = Catalog.builtIn.adding(triggers: [Self.spot])
    func digest(_ backdoor: String) throws -> String? {
      let text = """
        schema: gauntlet/scenario/1
        name: spot
        seeds: [1]
        rounds: 2
        task:
          dataset: digits
          model: {kind: logistic}
          local: {epochs: 1, batch: 16, lr: 0.1}
        clients: {count: 5}
        threat:
          malicious: {count: 1}
          backdoor: \(backdoor)
        attacks: [\(attack)]
        defenses: [mean]
        """
      let plan = try Plan(
        ScenarioFile(text: text, path: "spot.yaml", catalog: catalog), catalog: catalog)
      let digests = Mutex<[String: String]>([:])
      _ = try Runner(plan: plan, metrics: .builtIn, jobs: 1)
        .run(stop: StopSignal(), onProgress: { _ in }) { trial in
          digests.withLock { $0[trial.record.attack] = trial.record.parametersSHA256 }
        }
      return digests.withLock { $0[attack] }
    }
    let spot = try digest("{trigger: spot, size: 1, place: 20, target: 3}")
    #expect(spot != nil)
    #expect(spot != (try digest("{trigger: spot, size: 1, place: 21, target: 3}")))
    #expect(spot != (try digest("{trigger: square, size: 1, target: 3}")))
  }
}
