import Federation
import JSON
import Tensors
import Training

/// What trainers are told, as the protocol writes it.
extension JSONValue {
  /// The value of a text that is JSON.
  init(text: String) {
    var scanner = JSONScanner(Array(text.utf8))
    self = (try? scanner.value()) ?? .object([:])
  }

  /// A seed: 63 bits, which JSON readers of all languages take for what it is.
  static func seed(_ seed: UInt64) -> JSONValue { .integer(Int(seed & (1 << 63 - 1))) }
}

extension LocalSchedule {
  var message: JSONValue {
    var members: [String: JSONValue] = [
      "batch_size": .integer(batchSize), "learning_rate": .number(Double(learningRate)),
      "momentum": .number(Double(momentum)), "weight_decay": .number(Double(weightDecay)),
      "proximal_mu": .number(0), "epochs": .null, "steps": .null,
    ]
    switch length {
    case .epochs(let count): members["epochs"] = .integer(count)
    case .steps(let count): members["steps"] = .integer(count)
    }
    return .object(members)
  }
}

extension TrainerPoison {
  func message(_ shape: InputShape?) -> JSONValue {
    var members: [String: JSONValue]
    switch request {
    case .labelFlip(.reverse):
      members = ["rule": "reverse", "pairs": .array([])]
    case .labelFlip(.pairs(let pairs)):
      members = [
        "rule": "pairs",
        "pairs": .array(pairs.map { .array([.integer($0.from), .integer($0.to)]) }),
      ]
    case .backdoor(let trigger, let target, let source, let ratio):
      members = TrainerBackdoor(trigger, target: target, source: source).message(shape)
      members["ratio"] = .number(ratio)
    }
    members["kind"] = .string(request.kind)
    members["seed"] = .seed(seed)
    return .object(members)
  }
}

extension TrainerBackdoor {
  /// The trigger's positions are those of channels first, as programs with pictures have them.
  func message(_ shape: InputShape?) -> [String: JSONValue] {
    let places = zip(trigger.positions.map { shape?.channelsFirst($0) ?? $0 }, trigger.values)
      .sorted { $0.0 < $1.0 }
    return [
      "target": .integer(target), "source": source.map { .integer($0) } ?? .null,
      "positions": .array(places.map { .integer($0.0) }),
      "values": .array(places.map { .number(Double($0.1)) }), "blend": .number(trigger.share),
    ]
  }
}

extension InputShape {
  /// The position of a feature where channels come first; ours come last.
  func channelsFirst(_ position: Int) -> Int {
    guard case .image(let height, let width, let channels) = self else { return position }
    let (pixel, channel) = position.quotientAndRemainder(dividingBy: channels)
    return channel * height * width + pixel
  }
}
