import Synchronization
import Training

/// The buffers of one thread; made once per trial and reused in every round.
final class Worker: Sendable {
  struct State {
    var trainer: LocalTrainer
    var workspace: ModelWorkspace
    var scores: [Float]
  }

  /// The most examples of one evaluation block of a model: as many as stay near, at most 256.
  static func blockSize(_ model: any Model) -> Int {
    max(16, min(256, (1 << 18) / max(model.valuesPerExample, 1)))
  }

  /// The most examples of one evaluation block.
  let blockSize: Int
  /// Never contended: a worker's number is unique among the bodies that run at one time.
  let state: Mutex<State>

  init(model: any Model, batchSize: Int, stop: StopSignal = StopSignal()) {
    blockSize = Self.blockSize(model)
    state = Mutex(
      State(
        trainer: LocalTrainer(model: model, batchSize: batchSize) { stop.isStopped },
        workspace: model.makeWorkspace(batchSize: blockSize),
        scores: [Float](repeating: 0, count: blockSize * model.classCount)))
  }
}
