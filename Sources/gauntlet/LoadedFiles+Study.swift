import Reporting
import Results
import Studies

extension LoadedFiles {
  /// A study of a folder, with its curves, that shows some of its cells.
  static func study(
    _ folder: String, _ results: ResultSet, isShown: (_ cell: [String: String]) -> Bool
  ) throws -> Study {
    let manifest = try ResultFolder.readManifest(folder)
    let curves = try CurveTable.read(
      folder: folder, records: results.records, series: CellCurves.seriesIDs)
    return Study(manifest, results, curves: curves, facts: .builtIn, isShown: isShown)
  }
}
