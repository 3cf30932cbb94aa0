import Federation
import Metrics
import Simulation
import Suite
import Testing

/// A mistake of the kind that a change to the engine may bring in, planted on purpose.
///
/// Components keep id and parameters of the right one, so trial keys are those of a sound engine.
struct Fault: Sendable, CustomTestStringConvertible {
  /// Such as `krum-neighbors`; names the test case.
  let name: String
  /// What is wrong, for the table.
  let summary: String
  /// The cells in which trials run otherwise, as in `--only`; `nil`: all of them.
  var cells: String?
  /// The cells whose numbers it can change, as in `--only`, if those are others.
  var touchedCells: String?
  /// The metrics that it can change in the other cells; of a misreading, those that it can change.
  var touchedMetrics: Set<String> = []
  var catalog = Catalog.builtIn
  var metrics = MetricCatalog.builtIn
  var substitutions = Substitutions.none
  /// Whether trials run as they should and only a metric misreads them.
  var isMisreading = false

  var testDescription: String { name }

  /// The sound engine.
  static let none = Fault(name: "none", summary: "nothing is wrong")
}
