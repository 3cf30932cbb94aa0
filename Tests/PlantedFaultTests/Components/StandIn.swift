import Components
import Federation

/// A rule that is made by a changed catalog entry and never by name.
protocol StandIn: Aggregator {}

extension StandIn {
  static var manifest: ComponentManifest {
    ComponentManifest(id: "stand-in", summary: "")
  }

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    preconditionFailure("a stand-in is made by a catalog entry")
  }
}
