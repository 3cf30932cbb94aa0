public import Diagnostics
import Documents
import Tensors
import Yams

extension DumpMeta {
  /// The longest file that is read; that of 30,000 clients is shorter.
  private static let sizeLimit = 1 << 20

  /// Reads the file that belongs to a matrix of updates.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - rowCount: The rows that it is about.
  ///   - columnCount: The number of values of a row.
  /// - Throws: ``DocumentError`` with everything that is wrong with it.
  public init(path: String, rowCount: Int, columnCount: Int) throws(DocumentError) {
    func failure(_ message: String) -> DocumentError {
      DocumentError(file: path, problems: [.init(message)])
    }
    let bytes: [UInt8]
    do throws(UserFile.Problem) {
      bytes = try UserFile.contents(of: path, upTo: Self.sizeLimit)
    } catch {
      throw failure("cannot be read: \(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("is not UTF-8 text")
    }
    let sink = ProblemSink()
    self.init(
      try YAMLDocument.root(text, path: path, format: "JSON"), rowCount: rowCount,
      columnCount: columnCount,
      sink: sink)
    guard sink.problems.isEmpty else { throw DocumentError(file: path, problems: sink.problems) }
  }

  private init(_ root: Node, rowCount n: Int, columnCount d: Int, sink: ProblemSink) {
    let reader = MappingReader(root, path: "", sink: sink)
    if let node = reader.take("schema"), node.string != Self.schema {
      sink.report("schema is \(node.kindName); this version reads '\(Self.schema)'", at: node)
    }
    let lists = RowLists(reader, rowCount: n)
    round = reader.optionalInteger("round", in: 0...Int(Int32.max))
    rounds = reader.optionalInteger("rounds", in: 1...Int(Int32.max))
    if let round, let rounds, round >= rounds {
      sink.report("round is \(round), and the run has \(rounds), from 0", at: reader.take("round"))
    }
    isInWindow = reader.optionalBoolean("window") ?? true
    malicious = lists.rows("malicious")
    acting = lists.rows("acting")
    if let acting, !Set(acting).isSubset(of: malicious ?? []) {
      sink.report(
        "acting names a row that malicious does not name", at: reader.take("acting"))
    }
    ids = lists.names("ids")
    clients = lists.numbers("clients")
    clientCount = reader.optionalInteger("client_count", in: n...Int(Int32.max))
    if let clientCount, let number = clients?.first(where: { $0 >= clientCount }) {
      sink.report(
        "clients has \(number), and client_count is \(clientCount): they are numbered from 0",
        at: reader.take("clients"))
    }
    participantCount = reader.optionalInteger("participants", in: n...Int(Int32.max))
    if let participantCount, let clientCount, participantCount > clientCount {
      sink.report(
        "participants is \(participantCount), and client_count is \(clientCount)",
        at: reader.take("participants"))
    }
    samples = lists.numbers("samples")
    weights = lists.weights("weights")
    declaredByzantine = reader.optionalInteger("f", in: 0...1_000_000)
    layout = reader.take("layers").flatMap {
      DumpLayers($0, columnCount: d, sink: sink).layout
    }
    trial = reader.optionalText("trial")
    cell = reader.optionalText("cell")
    seed = reader.take("seed").flatMap { node in
      guard let seed = node.string.flatMap({ UInt64($0) }) else {
        sink.report("seed has to be a whole number from 0 on, not \(node.kindName)", at: node)
        return nil
      }
      return seed
    }
    engine = reader.optionalInteger("engine", in: 0...Int(Int32.max))
    aggregateSHA256 = reader.optionalText("aggregate_sha256")
    // For whoever writes it.
    _ = reader.take("note")
    reader.finish()
  }
}

extension MappingReader {
  fileprivate func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
    take(key) == nil ? nil : legalInteger(key, in: range)
  }

  fileprivate func optionalText(_ key: String) -> String? {
    guard take(key) != nil else { return nil }
    let text = text(key)
    return text.isEmpty ? nil : text
  }

  fileprivate func optionalBoolean(_ key: String) -> Bool? {
    guard let node = take(key) else { return nil }
    switch node.plain {
    case "true": return true
    case "false": return false
    default:
      sink.report("\(key) has to be true or false, not \(node.kindName)", at: node)
      return nil
    }
  }
}
