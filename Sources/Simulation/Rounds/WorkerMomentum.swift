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
    let values: Mutex<[Float]>

    init(_ values: [Float] = []) { self.values = Mutex(values) }
  }

  private let beta: Float
  private let parameterCount: Int
  private let buffers: [Buffer]

  init(beta: Float, clientCount: Int, parameterCount: Int) {
    self.beta = beta
    self.parameterCount = parameterCount
    buffers = (0..<clientCount).map { _ in Buffer() }
  }

  private init(_ other: WorkerMomentum) {
    beta = other.beta
    parameterCount = other.parameterCount
    buffers = other.buffers.map { buffer in Buffer(buffer.values.withLock { $0 }) }
  }

  /// The same memory, on which steps of the original have no effect; values are shared until either
  /// side takes a step.
  var copy: WorkerMomentum { WorkerMomentum(self) }

  /// Passes over what the clients remember; nobody else may take a step meanwhile.
  func checkpoint(_ pass: inout CheckpointPass) {
    pass.mark("momentum of \(buffers.count)")
    for buffer in buffers {
      buffer.values.withLock { pass.visit(&$0, emptyOr: parameterCount) }
    }
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
