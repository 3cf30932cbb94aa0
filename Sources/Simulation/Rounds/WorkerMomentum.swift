import Federation
import Kernels
import Synchronization

/// FedSGD's momentum of each client: m = βm + (1 − β)g over rounds, and the row −learning rate × m.
///
/// Clients step in parallel, each on a buffer of its own that is made when it first takes part.
///
/// - Note: Karimireddy, He, Jaggi, "Learning from history", ICML 2021; m starts at zero.
struct WorkerMomentum: Sendable {
  private final class Buffer: Sendable {
    /// Never contended: a client has one row per round.
    let values = Mutex<[Float]>([])
  }

  private let beta: Float
  private let parameterCount: Int
  private let buffers: [Buffer]

  init(beta: Float, clientCount: Int, parameterCount: Int) {
    self.beta = beta
    self.parameterCount = parameterCount
    buffers = (0..<clientCount).map { _ in Buffer() }
  }

  /// Takes one step of a client and writes what it sends.
  func step(
    of client: ClientID, gradient: [Float], learningRate: Float,
    into row: inout MutableSpan<Float>
  ) {
    Memory.copy(gradient.span, into: &row)
    buffers[client.index].values.withLock { values in
      if values.isEmpty { values = Float.zeros(parameterCount) }
      var momentum = values.mutableSpan
      Vectors.workerMomentum(&momentum, &row, beta: beta, learningRate: learningRate)
    }
  }
}
