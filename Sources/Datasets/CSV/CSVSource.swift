import Components
import Tensors

/// Tables of numbers with a column of labels.
enum CSVSource {
  static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "csv", summary: "A table of numbers with a column of labels, and of clients if you like.",
      formula:
        "numbers as they are; classes are the sorted labels; a test file, or a share per seed",
      origin: """
        Fields as in RFC 4180. Labels that are all numbers are sorted by value, others by their \
        bytes. Without a test file each run draws test-share of every client's examples, or of every \
        class where there is no client column. A relative path is looked for where the program \
        starts, beside the scenario, in $GAUNTLET_DATA and in /usr/share/datasets.
        """,
      parameters: [
        ParameterSpec("file", .path, default: .required, help: "the table, gzip or plain"),
        ParameterSpec(
          "test", .path, default: .text("none"),
          help: "the table to test on; none: examples of the first are drawn"),
        ParameterSpec(
          "test-share", .real(0.001...0.999), default: .real(0.2),
          help: "without a test file, the share of examples to test on"),
        ParameterSpec(
          "label", .text, default: .text("last"),
          help: "the column of labels: its name, its number from 1, first or last"),
        ParameterSpec(
          "client", .text, default: .text("none"),
          help: "the column of the clients that examples belong to, for the partition natural"),
        ParameterSpec(
          "omit", .list(of: .text, count: 0...10_000), default: .list([]),
          help: "columns that are left out"),
        ParameterSpec(
          "header", .choice(["auto", "true", "false"]), default: .text("auto"),
          help: "whether the first record has names; auto: where none of its fields is a number"),
        ParameterSpec(
          "separator", .choice(["comma", "semicolon", "tab", "space"]), default: .text("comma"),
          help: "what stands between fields"),
      ])
  ) { (arguments, setup) throws(DatasetError) in try open(arguments, setup) }

  private static func open(
    _ arguments: Arguments, _ setup: DatasetSetup
  ) throws(DatasetError) -> any DataSource {
    let options = CSVTable.Options(
      separator: separator(arguments.text("separator")),
      hasHeader: arguments.text("header") == "auto" ? nil : arguments.text("header") == "true",
      choice: CSVColumns.Choice(
        label: arguments.text("label"),
        client: arguments.text("client") == "none" ? nil : arguments.text("client"),
        omitted: (arguments.list("omit") ?? []).map(\.description)),
      valueLimit: setup.valueLimit)
    var labelNames = NameTable()
    var clientNames = NameTable()
    let table = try CSVTable(
      path: try setup.locate(arguments.text("file")), options, labelNames: &labelNames,
      clientNames: &clientNames)
    var test: CSVTable?
    if arguments.text("test") != "none" {
      var unused = NameTable()
      var rest = options
      rest.valueLimit -= table.values.count
      let other = try CSVTable(
        path: try setup.locate(arguments.text("test")), rest, labelNames: &labelNames,
        clientNames: &unused)
      guard other.columns == table.columns else {
        throw .malformed(path: other.path, reason: "has other columns than \(table.path)")
      }
      test = other
    }
    let classes = labelNames.classes
    guard classes.count > 1 else {
      throw .malformed(
        path: table.path, reason: "has one class alone, '\(labelNames.names[0].prefix(40))'")
    }
    func shard(_ table: CSVTable) -> Shard {
      let width = table.columns.features.count
      return Shard(
        inputs: Matrix(rowCount: table.labels.count, columnCount: width, values: table.values),
        labels: table.labels.map { classes.ofName[$0] }, classCount: classes.count,
        shape: .vector(width))
    }
    let users = table.columns.client == nil ? nil : table.clients
    if let test {
      return HeldSource(
        data: SplitData(training: shard(table), test: shard(test), trainingUsers: users),
        isBytes: false)
    }
    let source = SplitSource(
      all: shard(table), users: users, share: arguments.real("test-share"))
    guard source.testCount > 0 else {
      throw .malformed(path: table.path, reason: "has too few examples to test on a share of them")
    }
    return source
  }

  private static func separator(_ word: String) -> UInt8 {
    switch word {
    case "semicolon": UInt8(ascii: ";")
    case "tab": 0x09
    case "space": 0x20
    default: UInt8(ascii: ",")
    }
  }
}
