import Tensors

/// What the rows change at the output layer of a model, class by class.
struct OutputLayerChanges: Sendable {
  /// The share of each class in the squared energies of each row, n × C.
  ///
  /// The energy of a class is the sum of the absolute changes of what leads to it. A row that does not
  /// change the layer has zeros.
  let energyShares: [[Double]]
  /// The number of classes of each row with a share above the larger of 1% and 1 / C of its largest.
  let exceedings: [Int]
  /// The changes of the biases, n × C; zeros for a model without.
  let biases: [[Double]]

  /// - Complexity: O(n) times the size of the layer.
  init(of rows: Matrix<Float>, layout: ParameterLayout, classCount: Int) {
    let segments = layout.segments
    let weights = segments.filter { $0.role == .outputWeight }.map(\.range)
    let offsets = segments.filter { $0.role == .outputBias }.map(\.range)
    var (shares, exceedings, biases): ([[Double]], [Int], [[Double]]) = ([], [], [])
    for row in 0..<rows.rowCount {
      var energies = [Double](repeating: 0, count: classCount)
      var changes = energies
      rows.withRow(row) { row in
        for range in offsets {
          for (label, column) in range.enumerated() {
            changes[label] = Double(row[column])
            energies[label] += abs(changes[label])
          }
        }
        for range in weights {
          for (place, column) in range.enumerated() {
            energies[place % classCount] += Double(abs(row[column]))
          }
        }
      }
      let squares = energies.map { $0 * $0 }
      let total = squares.reduce(0, +)
      let share = squares.map { total > 0 ? $0 / total : 0 }
      let limit = max(0.01, 1 / Double(classCount)) * share.reduce(0, max)
      shares.append(share)
      exceedings.append(share.count { $0 > limit })
      biases.append(changes)
    }
    (energyShares, self.exceedings, self.biases) = (shares, exceedings, biases)
  }
}
