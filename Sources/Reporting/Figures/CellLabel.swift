import Results
import Studies

/// How a cell is called where people read it.
enum CellLabel {
  /// `attack against defense`, then the axes that are not the same everywhere.
  static func text(_ cell: CellID, _ axes: [(key: String, name: String)]? = nil) -> String {
    let values =
      axes.map { named in
        named.compactMap { key, name in cell.axes[key].map { "\(name)=\($0)" } }
      } ?? cell.axes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(cell.attack) / \(cell.defense)"
      + (values.isEmpty ? "" : " · " + values.joined(separator: " "))
  }
}
