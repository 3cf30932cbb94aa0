/// What names a cell: an attack, a defense and the values of the matrix axes.
public struct CellID: Hashable, Sendable {
  /// The attack's id in the scenario.
  public var attack: String
  /// The defense's id in the scenario.
  public var defense: String
  /// Values of the matrix axes by dotted key; empty without a matrix.
  public var axes: [String: String]

  public init(attack: String, defense: String, axes: [String: String] = [:]) {
    self.attack = attack
    self.defense = defense
    self.axes = axes
  }
}

extension TrialRecordV1 {
  /// The cell that the trial belongs to.
  public var cellID: CellID { CellID(attack: attack, defense: defense, axes: axes) }
}
