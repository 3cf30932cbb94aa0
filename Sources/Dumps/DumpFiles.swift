import Datasets
import Diagnostics
import Foundation
import Kernels
import Results
import Simulation
import Tensors

/// The files of one dumped round.
///
/// As npy: `updates.npy`, `global.npy` and, where there is one, `root.npy`; else one file `updates.…` with
/// arrays of these names. `meta.json` comes last, so that a folder that has it is whole.
struct DumpFiles {
  static let updates = "updates"
  static let global = "global"
  static let root = "root"

  let folder: String
  let format: DumpFormat

  /// The folder of a round below that of its trial.
  static func name(ofRound round: Int) -> String {
    let digits = String(round)
    return "round-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Writes a round in place of what an earlier run left there.
  ///
  /// - Throws: `ResultError` or `DatasetError`; what is there then has no `meta.json`.
  func write(_ rows: ReceivedRows, _ meta: DumpMeta) throws {
    try TextFile.makeFolder(folder)
    let metaPath = UserPath.joined(folder, DumpMeta.fileName)
    let old = DumpFormat.allCases.map { "\(Self.updates).\($0.rawValue)" }
    for name in [DumpMeta.fileName] + old + ["\(Self.global).npy", "\(Self.root).npy"] {
      try TextFile.remove(UserPath.joined(folder, name))
    }
    switch format {
    case .npy:
      try NPYFile.write(rows.updates, to: path(Self.updates))
      try NPYFile.write(rows.global, to: path(Self.global))
      if let update = rows.rootUpdate { try NPYFile.write(update, to: path(Self.root)) }
    case .npz: try NPZFile.write(arrays(rows), to: path(Self.updates))
    case .safetensors: try SafeTensorsFile.write(arrays(rows), to: path(Self.updates))
    }
    try TextFile.replace(metaPath, with: meta.text)
  }

  private func path(_ name: String) -> String {
    UserPath.joined(folder, "\(name).\(format.rawValue)")
  }

  private func arrays(_ rows: ReceivedRows) -> [(name: String, array: NPZArray)] {
    let updates = rows.updates
    var arrays = [
      (
        name: Self.updates,
        array: NPZArray(shape: [updates.rowCount, updates.columnCount], values: updates.values)
      ),
      (name: Self.global, array: NPZArray(shape: [rows.global.count], values: rows.global)),
    ]
    if let update = rows.rootUpdate {
      arrays.append((Self.root, NPZArray(shape: [update.count], values: update)))
    }
    return arrays
  }
}
