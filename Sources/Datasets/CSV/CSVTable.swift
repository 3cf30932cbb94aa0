/// The numbers, labels and clients of one file.
struct CSVTable {
  /// What holds for all files of a data set.
  struct Options {
    let separator: UInt8
    /// Whether the first record has names; `nil`: where none of its fields is a number.
    let hasHeader: Bool?
    let choice: CSVColumns.Choice
    /// The most features of all examples together.
    var valueLimit: Int
  }

  let path: String
  private(set) var values: [Float] = []
  /// The number of each label's name.
  private(set) var labels: [Int] = []
  /// The number of each client's name; empty where there is no such column.
  private(set) var clients: [Int] = []
  let columns: CSVColumns

  /// Reads a file, and numbers the labels and clients that are new.
  init(
    path: String, _ options: Options, labelNames: inout NameTable, clientNames: inout NameTable
  ) throws(DatasetError) {
    self.path = path
    let reader = try CSVReader(path: path, separator: options.separator)
    guard try reader.next() else { throw .malformed(path: path, reason: "has no records") }
    var fields: [String] = []
    for field in 0..<reader.fieldCount { fields.append(try reader.text(field)) }
    let isNames =
      options.hasHeader
      ?? !reader.ranges.contains { DecimalNumeral.value(reader.bytes, in: $0) != nil }
    columns = try CSVColumns(
      count: fields.count, names: isNames ? fields : nil, choice: options.choice, path: path)
    var isMore = isNames ? try reader.next() : true
    guard isMore else { throw .malformed(path: path, reason: "has a header, but no records") }
    while isMore {
      try append(reader, options, &labelNames, &clientNames)
      isMore = try reader.next()
    }
  }

  private mutating func append(
    _ reader: CSVReader, _ options: Options, _ labelNames: inout NameTable,
    _ clientNames: inout NameTable
  ) throws(DatasetError) {
    guard reader.fieldCount == columns.count else {
      throw reader.failure(
        "has \(reader.fieldCount) \(reader.fieldCount == 1 ? "field" : "fields"), and the first "
          + "record has \(columns.count)")
    }
    guard values.count + columns.features.count <= options.valueLimit else {
      throw reader.failure("has more numbers up to here than the memory there is holds")
    }
    for column in columns.features {
      guard let value = DecimalNumeral.value(reader.bytes, in: reader.ranges[column]) else {
        let text = try reader.text(column)
        throw reader.failure(
          "\(columns.name(column)) "
            + (text.isEmpty ? "is empty" : "is '\(text.prefix(40))', which is no finite number")
            + "; 'omit' leaves a column out")
      }
      values.append(value)
    }
    let label = try reader.text(columns.label)
    guard !label.isEmpty else {
      throw reader.failure("\(columns.name(columns.label)) has no label")
    }
    labels.append(labelNames.number(label))
    guard labelNames.names.count <= ArraysSource.classLimit else {
      throw reader.failure("has more than \(ArraysSource.classLimit) different labels up to here")
    }
    guard let client = columns.client else { return }
    let name = try reader.text(client)
    guard !name.isEmpty else { throw reader.failure("\(columns.name(client)) has no client") }
    clients.append(clientNames.number(name))
  }
}
