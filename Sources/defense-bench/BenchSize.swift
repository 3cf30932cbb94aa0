/// How much a component is given.
struct BenchSize: Equatable {
  let rowCount: Int
  let columnCount: Int
  /// The declared number of Byzantine rows.
  let byzantineCount: Int
}
