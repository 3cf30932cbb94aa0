import Synchronization
import Training

/// The buffers of one thread; made once per trial and reused in every round.
final class Worker: Sendable {
  struct State {
    var trainer: LocalTrainer
    var workspace: ModelWorkspace
    var scores: [Float]
    /// Room for inputs that are kept as bytes.
    var inputs: [Float] = []
  }

  /// The most examples of one evaluation block.
  let blockSize: Int
  /// Never contended: a worker's number is unique among the bodies that run at one time.
  let state: Mutex<State>

  init(model: any Model, batchSize: Int, stop: StopSignal = StopSignal()) {
    blockSize = model.examplesPerBlock
    state = Mutex(
      State(
        trainer: LocalTrainer(model: model, batchSize: batchSize) { stop.isStopped },
        workspace: model.makeWorkspace(batchSize: blockSize),
        scores: [Float](repeating: 0, count: blockSize * model.classCount)))
  }
}
