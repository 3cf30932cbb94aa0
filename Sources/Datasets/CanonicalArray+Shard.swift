import Tensors

extension CanonicalArray {
  /// Returns inputs and labels of a shard, under the names that IDX files give the same data.
  ///
  /// Inputs that were bytes are bytes again; others are floats, 0 for −0. Labels are bytes where all
  /// of them are, else four bytes each.
  static func arrays(_ name: String, of shard: Shard, isBytes: Bool = false) -> [CanonicalArray] {
    var bytes = isBytes ? shard.inputs.bytes ?? [] : []
    if bytes.isEmpty {
      let values = shard.inputs.values
      bytes.reserveCapacity(values.count * (isBytes ? 1 : 4))
      for value in values {
        if isBytes {
          bytes.append(UInt8((value * 255).rounded()))
        } else {
          append((value == 0 ? 0 : value).bitPattern, to: &bytes)
        }
      }
    }
    var labels: [UInt8] = []
    let areSmall = shard.labels.allSatisfy { $0 < 256 }
    for label in shard.labels {
      if areSmall {
        labels.append(UInt8(label))
      } else {
        append(UInt32(label), to: &labels)
      }
    }
    return [
      CanonicalArray(
        name: name + (isBytes ? "-images" : "-inputs"), elementType: isBytes ? .uint8 : .float32,
        shape: [shard.count] + shard.shape.extents, bytes: bytes),
      CanonicalArray(
        name: name + "-labels", elementType: areSmall ? .uint8 : .uint32, shape: [shard.count],
        bytes: labels),
    ]
  }

  /// Returns the user of each example, as a column, so that they are not counted as examples.
  static func users(_ users: [Int]) -> CanonicalArray {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * users.count)
    for user in users { append(UInt32(user), to: &bytes) }
    return CanonicalArray(
      name: "train-users", elementType: .uint32, shape: [users.count, 1], bytes: bytes)
  }

  private static func append(_ bits: UInt32, to bytes: inout [UInt8]) {
    for shift in [0, 8, 16, 24] as [UInt32] {
      bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }
}

extension InputShape {
  /// The dimensions of an example; a single channel is none.
  var extents: [Int] {
    switch self {
    case .vector(let count): [count]
    case .image(let height, let width, 1): [height, width]
    case .image(let height, let width, let channels): [height, width, channels]
    }
  }
}
