import Components
import Federation

extension Catalog {
  /// Returns the catalog with one attack built otherwise, under the manifest of the right one.
  func replacing(
    attack id: ComponentID,
    by make:
      @escaping @Sendable (AttackEntry, Arguments, AttackSetup) throws(ConfigurationError)
      -> any Attack
  ) -> Catalog {
    var copy = self
    for (index, entry) in attacks.enumerated() where entry.manifest.id == id {
      copy.attacks[index].make = { (arguments, setup) throws(ConfigurationError) in
        try make(entry, arguments, setup)
      }
    }
    return copy
  }

  /// Returns the catalog with one rule built otherwise, under the manifest of the right one.
  func replacing(
    defense id: ComponentID,
    by make:
      @escaping @Sendable (AggregatorEntry, Arguments, DefenseSetup) throws(ConfigurationError)
      -> any Aggregator
  ) -> Catalog {
    var copy = self
    for (index, entry) in aggregators.enumerated() where entry.manifest.id == id {
      copy.aggregators[index].make = { (arguments, setup) throws(ConfigurationError) in
        try make(entry, arguments, setup)
      }
    }
    return copy
  }

  /// Returns the catalog with the right attack built from changed arguments.
  func changing(
    attack id: ComponentID, _ name: String,
    to value: @escaping @Sendable (Arguments) -> ArgumentValue
  ) -> Catalog {
    replacing(attack: id) { (entry, arguments, setup) throws(ConfigurationError) in
      try entry.make(
        arguments.setting(name, to: value(arguments), for: entry.manifest), setup)
    }
  }

  /// Returns the catalog with the right rule built from changed arguments.
  func changing(
    defense id: ComponentID, _ name: String,
    to value: @escaping @Sendable (Arguments, DefenseSetup) -> ArgumentValue
  ) -> Catalog {
    replacing(defense: id) { (entry, arguments, setup) throws(ConfigurationError) in
      try entry.make(
        arguments.setting(name, to: value(arguments, setup), for: entry.manifest), setup)
    }
  }
}

extension Arguments {
  /// Returns the arguments with one value replaced.
  func setting(
    _ name: String, to value: ArgumentValue, for manifest: ComponentManifest
  ) throws(ConfigurationError) -> Arguments {
    try Arguments(values.merging([name: value]) { $1 }, for: manifest)
  }
}
