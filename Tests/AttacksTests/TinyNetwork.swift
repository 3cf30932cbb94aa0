import Datasets
import Determinism
import Federation
import Tensors
import Training

/// A network of a fixture with the data of the controlled clients, which have every second example.
struct TinyNetwork {
  let model: Sequential
  let parameters: [Float]
  let data: Shard
  let shards: [Shard]

  init(
    _ sizes: [Int], parameters: [Double], inputs: [[Double]], labels: [Int], channels: Int = 1,
    clients: Int = 2
  ) {
    model = Sequential.perceptron(
      inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()),
      classes: sizes[sizes.count - 1], initialization: .glorot)
    self.parameters = parameters.map { Float($0) }
    let shape: InputShape =
      channels == 1
      ? .vector(sizes[0]) : .image(height: 1, width: sizes[0] / channels, channels: channels)
    let data = Shard(
      inputs: matrix(inputs), labels: labels, classCount: sizes[sizes.count - 1], shape: shape)
    self.data = data
    let size = labels.count / clients
    shards = (0..<clients).map { client in
      let end = client == clients - 1 ? labels.count : (client + 1) * size
      return data.selecting(Array(client * size..<end))
    }
  }

  func setup(shards: [Shard]? = nil, isFedSGD: Bool = false) -> AttackSetup {
    let shards = shards ?? self.shards
    return AttackSetup(
      participantCount: 10, controlled: shards.indices.map { ClientID($0) }, shards: shards,
      classCount: data.classCount, shape: data.shape, layout: model.layout, model: model,
      serverRate: 1, schedule: LocalSchedule(length: .epochs(1), batchSize: 64, learningRate: 0.25),
      isFedSGD: isFedSGD, seed: SeedPath(root: 1))
  }

  /// A broadcast of the network's parameters.
  func broadcast(round: Int = 0, isActing: Bool = true) -> Broadcast {
    Broadcast(round: round, global: parameters, isActing: isActing)
  }
}

/// Whether all values agree to a share of the largest expected one.
func agree(
  _ values: [Double], _ expected: [Double], ofLargest tolerance: Double = 1e-6
) -> Bool {
  let scale = expected.map { abs($0) }.max() ?? 0
  return values.count == expected.count
    && zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance * scale }
}
