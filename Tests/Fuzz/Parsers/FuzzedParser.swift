/// The readers of files and texts that come from anybody.
enum FuzzedParser: String, CaseIterable {
  case json
  case scenario
  case claims
  case baseline
  case entry
  case verified
  case meta
  case log
  case manifest
  case rounds
  case npy
  case npz
  case safetensors
  case idx
  case pattern
  case csv
  case leaf
  case image
  case cifar
  case png
  case tar
  case numbers
  case outside
  case initial
  case checkpoint
  case reply
  case expression
  case override

  /// Reads an input; what is wrong with it becomes an error, whose text is made too.
  func read(_ bytes: [UInt8]) {
    do {
      switch self {
      case .json: try DocumentParsers.json(bytes)
      case .scenario: try DocumentParsers.scenario(bytes)
      case .claims: try DocumentParsers.claims(bytes)
      case .baseline: try DocumentParsers.baseline(bytes)
      case .entry: try DocumentParsers.entry(bytes)
      case .verified: try DocumentParsers.verified(bytes)
      case .meta: try DocumentParsers.meta(bytes)
      case .log: try ResultParsers.log(bytes)
      case .manifest: try ResultParsers.manifest(bytes)
      case .rounds: try ResultParsers.rounds(bytes)
      case .npy: try ArrayParsers.npy(bytes)
      case .npz: try ArrayParsers.npz(bytes)
      case .safetensors: try ArrayParsers.safetensors(bytes)
      case .idx: try ArrayParsers.idx(bytes)
      case .pattern: try ArrayParsers.pattern(bytes)
      case .csv: try TableParsers.csv(bytes)
      case .leaf: try TableParsers.leaf(bytes)
      case .image: try ImageParsers.image(bytes)
      case .cifar: try ImageParsers.cifar(bytes)
      case .png: try FetchedParsers.png(bytes)
      case .tar: try FetchedParsers.tar(bytes)
      case .numbers: try DataArrayParsers.numbers(bytes)
      case .outside: try DataArrayParsers.outside(bytes)
      case .initial: try ArrayParsers.initial(bytes)
      case .checkpoint: try CheckpointParsers.checkpoint(bytes)
      case .reply: try ReplyParser.reply(bytes)
      case .expression: try DocumentParsers.expression(bytes)
      case .override: try DocumentParsers.override(bytes)
      }
      if isShowing { print("\(rawValue): read") }
    } catch {
      let text = "\(error)"
      require(!text.isEmpty, "an error without a text")
      if isShowing { print("\(rawValue): \(text)") }
    }
  }
}

/// Whether to say what comes of each input, for a look at a few of them.
private let isShowing = environment("SHOW") == "1"
