import Components
import Federation
import Kernels
import Tensors

/// Whose updates an attack learns from: those of the honest clients, or what its own ones trained.
struct AttackerKnowledge: Sendable {
  static let parameter = ParameterSpec(
    "knowledge", .choice(["full", "partial"]), default: .text("full"),
    help: "full: the honest updates; partial: only what the attackers themselves trained")

  let isFull: Bool

  /// Reads the parameter `knowledge`.
  init(_ arguments: Arguments) { isFull = arguments.word("knowledge") != "partial" }

  /// What a threat model has to grant.
  var level: ThreatModel.Knowledge { isFull ? .honestUpdates : .ownClients }

  /// Returns the updates that are taken for honest ones, attackers' own without those that are not
  /// finite; `nil` where there is none.
  ///
  /// Own updates share the storage of `rows`, so drop them before the rows are written.
  func updates(_ rows: Matrix<Float>, _ view: AttackerView) -> HonestUpdates? {
    guard isFull else {
      let finite = (0..<rows.rowCount).filter { rows.isFinite(row: $0) }
      let clients = finite.map { view.clients[$0] }
      return finite.isEmpty ? nil : HonestUpdates(all: rows, rows: finite, clients: clients)
    }
    return view.honest.flatMap { $0.rows.isEmpty ? nil : $0 }
  }
}
