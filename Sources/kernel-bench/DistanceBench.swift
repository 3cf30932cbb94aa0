import Determinism
import Kernels

/// Pairwise squared distances on one thread, against the plain form of the same moment.
struct DistanceBench {
  /// Measures and prints one size.
  func run(rowCount: Int, columnCount: Int, repetitions: Int) {
    let matrix = sampleValues(rowCount * columnCount)
    let rows = (0..<rowCount).map { row in
      Array(matrix[(row * columnCount)..<((row + 1) * columnCount)])
    }
    var distances = [Double](repeating: 0, count: rowCount * rowCount)
    compare(
      "pairwise distances \(rowCount) x \(columnCount)", repetitions: repetitions,
      fast: {
        var span = distances.mutableSpan
        Float.pairwiseSquaredDistances(
          matrix.span, rowCount: rowCount, columnCount: columnCount, pool: WorkPool(width: 1),
          into: &span)
      },
      plain: { _ = ScalarReference<Float>.pairwiseSquaredDistances(rows) })
  }
}

/// Prints the time of a kernel and its ratio to the plain form, both measured in turn.
func compare(_ name: String, repetitions: Int, fast: () -> Void, plain: () -> Void) {
  var times: [Double] = []
  var ratios: [Double] = []
  for _ in 0..<repetitions {
    let time = secondsPerCall(calls: 1, fast)
    times.append(time)
    ratios.append(secondsPerCall(calls: 1, plain) / time)
  }
  print(
    label(name, 38) + column(median(times) * 1e3, 8) + " ms, the plain form takes"
      + column(median(ratios), 7) + " times as long")
}
