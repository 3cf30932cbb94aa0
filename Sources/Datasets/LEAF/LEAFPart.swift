import Tensors

/// The examples of the users of one folder, filled file by file.
struct LEAFPart {
  /// What limits a part before memory is taken.
  struct Limits {
    /// The first so many users; `nil`: all.
    let users: Int?
    let values: Int
  }

  private(set) var values: [Float] = []
  private(set) var labels: [Int] = []
  /// The user of each example, by the order in which they come.
  private(set) var users: [Int] = []
  /// Features of an example; 0: none was seen.
  private(set) var width = 0
  private(set) var isText = false
  private var known: Set<String> = []
  private let limits: Limits

  init(_ limits: Limits) { self.limits = limits }

  private var isFull: Bool { limits.users.map { known.count >= $0 } ?? false }

  /// Reads the files of a folder in the order of their names.
  mutating func read(folder: String) throws(DatasetError) {
    guard let names = FolderNames.sorted(in: folder) else {
      throw .malformed(
        path: folder, reason: "no such folder; the JSON files lie in the folders train and test")
    }
    let files = names.filter { $0.hasSuffix(".json") || $0.hasSuffix(".json.gz") }
    for name in files where !isFull { try read(file: folder + "/" + name) }
    guard !labels.isEmpty else {
      throw .malformed(
        path: folder, reason: files.isEmpty ? "holds no JSON file" : "its files hold no examples")
    }
    if let wanted = limits.users, known.count < wanted {
      throw .malformed(
        path: folder, reason: "holds \(known.count) users, and \(wanted) are asked for")
    }
  }

  private mutating func read(file path: String) throws(DatasetError) {
    let stream = try JSONStream(path: path)
    var listed: [String]?
    var counts: [Int]?
    var found: [String: Int]?
    try stream.object { (key) throws(DatasetError) in
      switch key {
      case "users" where listed == nil: listed = try texts(stream)
      case "num_samples" where counts == nil: counts = try numbers(stream)
      case "user_data" where found == nil: found = try readUsers(stream)
      case "users", "num_samples", "user_data":
        throw stream.failure("the key '\(key)' is given twice")
      default: try stream.skip()
      }
    }
    try stream.finish()
    guard let found else { throw stream.failure("has no 'user_data'") }
    guard let listed, let counts else { return }
    guard listed.count == counts.count else {
      throw stream.failure(
        "'users' has \(listed.count) elements, and 'num_samples' has \(counts.count)")
    }
    // Users beyond the limit are passed over.
    for (user, count) in zip(listed, counts)
    where found[user] != count && !(isFull && found[user] == nil) {
      throw stream.failure(
        "user '\(user.prefix(40))' has \(found[user].map(String.init) ?? "no") examples, and "
          + "'num_samples' says \(count)")
    }
  }

  private func texts(_ stream: JSONStream) throws(DatasetError) -> [String] {
    var texts: [String] = []
    try stream.array { () throws(DatasetError) in
      try requireRoom(texts.count, "users", stream)
      texts.append(try stream.string())
    }
    return texts
  }

  private func numbers(_ stream: JSONStream) throws(DatasetError) -> [Int] {
    var numbers: [Int] = []
    try stream.array { () throws(DatasetError) in
      try requireRoom(numbers.count, "users", stream)
      numbers.append(try stream.wholeNumber(in: 0..<Int.max))
    }
    return numbers
  }

  /// Refuses what a compressed file can have far more of than there may be numbers.
  private func requireRoom(
    _ count: Int, _ what: String, _ stream: JSONStream
  ) throws(DatasetError) {
    guard count < limits.values else {
      throw stream.failure("has more \(what) up to here than the memory there is holds")
    }
  }

  /// Reads the examples of users, and returns how many each has.
  private mutating func readUsers(_ stream: JSONStream) throws(DatasetError) -> [String: Int] {
    var found: [String: Int] = [:]
    try stream.object { (name) throws(DatasetError) in
      guard !isFull else {
        try stream.skip()
        return
      }
      try requireRoom(known.count, "users", stream)
      guard known.insert(name).inserted else {
        throw stream.failure("user '\(name.prefix(40))' is given twice")
      }
      found[name] = try readUser(stream, name)
    }
    return found
  }

  private mutating func readUser(
    _ stream: JSONStream, _ name: String
  ) throws(DatasetError) -> Int {
    let first = labels.count
    var inputCount: Int?
    var labelCount: Int?
    try stream.object { (key) throws(DatasetError) in
      switch key {
      case "x" where inputCount == nil:
        var count = 0
        try stream.array { () throws(DatasetError) in
          try readInput(stream)
          count += 1
        }
        inputCount = count
      case "y" where labelCount == nil:
        try stream.array { () throws(DatasetError) in
          try requireRoom(labels.count, "labels", stream)
          labels.append(try label(stream))
        }
        labelCount = labels.count - first
      case "x", "y": throw stream.failure("the key '\(key)' is given twice")
      default: try stream.skip()
      }
    }
    guard let inputCount, inputCount == labelCount else {
      throw stream.failure(
        "user '\(name.prefix(40))' has \(inputCount ?? 0) inputs ('x') and \(labelCount ?? 0) "
          + "labels ('y')")
    }
    users += repeatElement(known.count - 1, count: inputCount)
    return inputCount
  }

  private mutating func readInput(_ stream: JSONStream) throws(DatasetError) {
    let start = values.count
    let isText = try stream.isAtString()
    if isText {
      for byte in try stream.string().utf8 { values.append(Float(try Self.number(byte, stream))) }
    } else {
      try stream.array { () throws(DatasetError) in
        guard values.count < limits.values, width == 0 || values.count - start < width else {
          throw stream.failure(
            values.count < limits.values
              ? "an input of more than \(width) numbers, which the first has"
              : "has more numbers up to here than the memory there is holds")
        }
        values.append(try stream.number())
      }
    }
    let count = values.count - start
    if width == 0 {
      guard count > 0 else { throw stream.failure("an input without numbers") }
      width = count
      self.isText = isText
    }
    guard count == width, isText == self.isText else {
      throw stream.failure(
        "an input of \(count) \(isText ? "characters" : "numbers"), and the first has \(width) "
          + (self.isText ? "characters" : "numbers"))
    }
    guard values.count <= limits.values else {
      throw stream.failure("has more characters up to here than the memory there is holds")
    }
  }

  private func label(_ stream: JSONStream) throws(DatasetError) -> Int {
    guard try stream.isAtString() else {
      return try stream.wholeNumber(in: 0..<ArraysSource.classLimit)
    }
    let text = try stream.string()
    guard let byte = text.utf8.first, text.utf8.count == 1 else {
      throw stream.failure("the label '\(text.prefix(40))' is not one character")
    }
    return try Self.number(byte, stream)
  }

  private static func number(_ byte: UInt8, _ stream: JSONStream) throws(DatasetError) -> Int {
    guard let number = LEAFAlphabet.number(byte) else {
      throw stream.failure(
        byte < 0x80
          ? "the character '\(Unicode.Scalar(byte).escaped(asASCII: true))' is not in LEAF's alphabet"
          : "a character beyond ASCII is not in LEAF's alphabet")
    }
    return number
  }

  func shard(classCount: Int, shape: InputShape) -> Shard {
    Shard(
      inputs: Matrix(rowCount: labels.count, columnCount: width, values: values), labels: labels,
      classCount: classCount, shape: shape)
  }
}
