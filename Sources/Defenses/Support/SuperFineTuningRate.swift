/// The learning rates of super-fine-tuning: triangles from a base rate to a peak and back.
///
/// In epoch e of a run the rate is base + (peak − base) (1 − |2 (e mod cycle) / cycle − 1|), with a
/// high peak in the first epochs, which is to unlearn, and a low one later, which is to repair. A
/// cycle of one epoch stays at the base rate.
struct SuperFineTuningRate: Sendable {
  let base: Double
  let highPeak: Double
  let lowPeak: Double
  /// The number of epochs with the high peak.
  let highEpochs: Int
  /// The length of a triangle in epochs, at least 1.
  let cycle: Int

  /// - Precondition: `epoch >= 0`
  func rate(epoch: Int) -> Double {
    let peak = epoch < highEpochs ? highPeak : lowPeak
    let position = 2 * Double(epoch % cycle) / Double(cycle)
    return base + (peak - base) * (1 - abs(position - 1))
  }
}
