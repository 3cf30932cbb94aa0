public import Diagnostics
import Documents
import Foundation
import Yams

extension Entry {
  /// Reads `entry.yaml`, a regular file: entries come from anybody, and a pipe would hold the program.
  ///
  /// - Throws: ``DocumentError`` with every problem: unknown and missing keys, values of the wrong
  ///   kind, a path of results that leads elsewhere than into the entry or beside it.
  public init(path: String) throws(DocumentError) {
    let bytes: [UInt8]
    do {
      bytes = try UserFile.contents(of: path, upTo: 1 << 20)
    } catch {
      throw DocumentError(file: path, problems: [.init("\(error)")])
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw DocumentError(file: path, problems: [.init("is not UTF-8 text")])
    }
    try self.init(text: text, path: path)
  }

  /// Reads the text of an entry; `path` names it in messages.
  public init(text: String, path: String) throws(DocumentError) {
    let root = try YAMLDocument.root(text, path: path)
    let sink = ProblemSink()
    self = EntryDecoder(sink: sink).decode(root)
    guard sink.problems.isEmpty else { throw DocumentError(file: path, problems: sink.problems) }
  }
}

private struct EntryDecoder {
  let sink: ProblemSink

  func decode(_ root: Node) -> Entry {
    let reader = MappingReader(root, path: "", sink: sink)
    let schema = reader.text("schema")
    var entry = Entry(
      name: "", submitter: "", paper: "", licence: "", defense: "", version: "")
    if !schema.isEmpty, schema != Entry.schema {
      sink.report(
        "has the format '\(excerpt(schema))'; this version reads '\(Entry.schema)'", at: root)
      return entry
    }
    entry.name = reader.text("name")
    entry.submitter = reader.text("submitter")
    entry.paper = reader.text("paper")
    entry.licence = reader.text("licence")
    entry.defense = reader.text("defense")
    entry.version = reader.text("version")
    entry.results = results(reader)
    if let node = reader.take("preliminary") {
      if let value = node.bool {
        entry.isPreliminary = value
      } else {
        sink.report("preliminary has to be true or false, not \(node.kindName)", at: node)
      }
    }
    entry.content = texts("content", reader)
    entry.flags = texts("flags", reader)
    entry.workers = texts("workers", reader)
    entry.note = reader.take("note") == nil ? nil : reader.text("note")
    entry.links = texts("links", reader)
    entry.claimsRecomputation = reader.take("recomputed") != nil
    reader.finish()
    return entry
  }

  /// No path may lead out of the folder that holds the entries.
  private func results(_ reader: MappingReader) -> String {
    let path = reader.text("results", default: "results")
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let inner = parts.first == ".." ? parts.dropFirst() : parts[...]
    if inner.isEmpty || inner.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
      sink.report(
        "results has to be a folder in the entry, such as 'results', or beside it, such as "
          + "'../full-results', not '\(excerpt(path))'", at: reader.take("results"))
    }
    return path
  }

  private func texts(_ key: String, _ reader: MappingReader) -> [String] {
    guard let node = reader.take(key) else { return [] }
    guard case .sequence(let items) = node else {
      sink.report("\(key) has to be a list, not \(node.kindName)", at: node)
      return []
    }
    return items.compactMap { item in
      guard case .scalar(let scalar) = item, !scalar.string.isEmpty else {
        sink.report("\(key) has to be a list of texts, not of \(item.kindName)", at: item)
        return nil
      }
      return scalar.string
    }
  }
}
