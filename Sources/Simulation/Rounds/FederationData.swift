public import Datasets
import Determinism

/// The data of one run, dealt to its clients; shared by all trials of a seed.
public struct FederationData: Sendable {
  /// The training examples of each client, by client number.
  public let shards: [Shard]
  public let test: Shard

  /// Loads, or draws, and deals the data of one seed.
  ///
  /// - Throws: ``DatasetError`` where files cannot be read or hold fewer examples than clients.
  init(
    source: any DataSource, partition: any Partition, clientCount: Int, seed: SeedPath
  ) throws(DatasetError) {
    var sizing = seed.child("partition").stream()
    let sizes = partition.sizes(clientCount: clientCount, random: &sizing)
    let wanted = source.trainingCount ?? sizes?.reduce(0, +) ?? 0
    let data = try source.load(trainingCount: wanted, seed: seed.child("data"))
    let needed = max(clientCount, sizes?.reduce(0, +) ?? 0)
    guard data.training.count >= needed else {
      throw .malformed(
        path: "training data",
        reason: "\(data.training.count) examples are too few for \(clientCount) clients"
          + (sizes == nil ? "" : " that want \(needed)"))
    }
    var dealing = seed.child("partition").stream()
    let rows = partition.assign(
      labels: data.training.labels, classCount: data.training.classCount, clientCount: clientCount,
      random: &dealing)
    shards = rows.map { data.training.selecting($0) }
    test = data.test
  }
}
