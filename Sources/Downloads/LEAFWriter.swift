import Datasets

/// Writes one file of LEAF's Shakespeare: users, numbers of samples, and the samples of each user.
struct LEAFWriter {
  private let file: OutputFile
  private let stride: Int

  init(_ file: OutputFile, stride: Int) {
    self.file = file
    self.stride = stride
  }

  /// Writes the speeches of users; returns how many samples there are.
  func write(_ users: [(name: String, speeches: [[UInt8]])]) throws(DatasetError) -> Int {
    let counts = users.map { user in user.speeches.reduce(0) { $0 + ($1.count + stride) / stride } }
    var text = "{\"users\": ["
    text += users.map { "\"\($0.name)\"" }.joined(separator: ", ")
    text += "], \"num_samples\": [" + counts.map(String.init).joined(separator: ", ")
    text += "], \"user_data\": {"
    try put(Array(text.utf8))
    for (index, user) in users.enumerated() {
      try put(Array("\(index == 0 ? "" : ",")\n\"\(user.name)\": {\"x\": [".utf8))
      try put(user.speeches) { line, place in line[(place - Shakespeare.width)..<place] }
      try put(Array("], \"y\": [".utf8))
      try put(user.speeches) { line, place in line[place...place] }
      try put(Array("]}".utf8))
    }
    try put(Array("}}\n".utf8))
    return counts.reduce(0, +)
  }

  /// The places of what is predicted in a line: every so many characters, from the first one on.
  private func samples(of speech: [UInt8]) -> StrideTo<Int> {
    Swift.stride(
      from: Shakespeare.width, to: Shakespeare.width + speech.count + 1, by: stride)
  }

  /// Writes one text per sample, commas between them.
  private func put(
    _ speeches: [[UInt8]], _ part: (_ line: [UInt8], _ place: Int) -> ArraySlice<UInt8>
  ) throws(DatasetError) {
    var bytes: [UInt8] = []
    var isFirst = true
    for speech in speeches {
      let line = [UInt8](repeating: 0x20, count: Shakespeare.width) + speech + [0x0a]
      for place in samples(of: speech) {
        if !isFirst { bytes += [0x2c, 0x20] }
        isFirst = false
        bytes.append(0x22)
        for byte in part(line, place) {
          switch byte {
          case 0x0a: bytes += [0x5c, UInt8(ascii: "n")]
          case 0x22: bytes += [0x5c, 0x22]
          default: bytes.append(byte)
          }
        }
        bytes.append(0x22)
      }
      if bytes.count > 1 << 18 {
        try put(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try put(bytes)
  }

  private func put(_ bytes: [UInt8]) throws(DatasetError) {
    if !bytes.isEmpty { try file.write(bytes.span) }
  }
}
