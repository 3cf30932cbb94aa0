public import Diagnostics
import Documents
import Yams

extension VerifiedFile {
  /// Reads the text of the keeper's file; `path` names it in messages.
  public init(text: String, path: String) throws(DocumentError) {
    let root = try YAMLDocument.root(text, path: path)
    let sink = ProblemSink()
    let reader = MappingReader(root, path: "", sink: sink)
    let schema = reader.text("schema")
    if !schema.isEmpty, schema != Self.schema {
      sink.report(
        "has the format '\(excerpt(schema))'; this version reads '\(Self.schema)'", at: root)
      throw DocumentError(file: path, problems: sink.problems)
    }
    let records = Self.records(reader.take("records"), sink)
    reader.finish()
    guard sink.problems.isEmpty else { throw DocumentError(file: path, problems: sink.problems) }
    self.init(records)
  }

  private static func records(_ node: Node?, _ sink: ProblemSink) -> [VerifiedRecord] {
    guard let node else { return [] }
    guard case .sequence(let items) = node else {
      sink.report("records has to be a list, not \(node.kindName)", at: node)
      return []
    }
    return items.enumerated().map { index, item in
      let reader = MappingReader(item, path: "records[\(index)]", sink: sink)
      let total = reader.integer("of", in: 1...1_000_000_000)
      let sampled = reader.integer("sampled", in: 1...1_000_000_000)
      let agreed = reader.integer("agreed", in: 0...1_000_000_000)
      if sampled > total || agreed > sampled {
        sink.report("\(reader.path): agreed is at most sampled, and sampled at most of", at: item)
      }
      let record = VerifiedRecord(
        entry: reader.text("entry"), contentSHA256: reader.text("sha256"),
        trialsSHA256: reader.text("trials-sha256"), date: reader.text("date"),
        tool: reader.text("tool"), engine: reader.integer("engine", in: 0...1_000_000),
        sampled: sampled, total: total, agreed: agreed,
        seed: reader.integer("seed", in: 0...Int.max))
      reader.finish()
      return record
    }
  }
}
