/// Folders of results, seen as parts of one plan.
struct ShardedFolders {
  private let folders: [(name: String, shard: RunManifestV1.Shard?)]

  init(_ folders: [(name: String, shard: RunManifestV1.Shard?)]) { self.folders = folders }

  /// The places of the folders in the order of the plan; `nil` unless all are parts of one plan.
  var order: [Int]? {
    guard let shards else { return nil }
    return folders.indices.sorted {
      (shards[$0].first, shards[$0].number, $0) < (shards[$1].first, shards[$1].number, $1)
    }
  }

  /// All shards, if all folders have one and they are of one cut; the file may say anything.
  private var shards: [RunManifestV1.Shard]? {
    let shards = folders.compactMap(\.shard)
    guard let one = shards.first, shards.count == folders.count,
      (1...1_000_000).contains(one.count),
      shards.allSatisfy({ $0.count == one.count && $0.planned == one.planned })
    else { return nil }
    return shards
  }

  /// What is missing of the plan, in sentences.
  ///
  /// - Parameter settled: How many trials each folder has that ran, or cannot run.
  /// - Returns: One sentence for each folder that lacks trials, and one for the shards without a
  ///   folder.
  func missing(settled: [Int]) -> [String] {
    guard let shards, let one = shards.first else { return [] }
    var lines: [String] = []
    for (place, folder) in folders.enumerated() where settled[place] < shards[place].trials {
      lines.append(
        "\(folder.name): has \(settled[place]) of the \(shards[place].trials) trials of shard "
          + "\(shards[place].number)/\(one.count)")
    }
    let there = Set(shards.map(\.number))
    let absent = (1...one.count).filter { !there.contains($0) }
    if !absent.isEmpty {
      lines.append(
        "\(absent.count) of \(one.count) shards \(absent.count == 1 ? "is" : "are") missing: "
          + Self.text(absent))
    }
    return lines
  }

  /// `2, 5-7`.
  private static func text(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    let shown = runs.prefix(20).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    return shown.joined(separator: ", ") + (runs.count > 20 ? " …" : "")
  }
}
