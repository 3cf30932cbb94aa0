/// One pass over what components remember, which writes it as bytes or reads it back.
///
/// Values are little endian, each behind a byte that says what it is, arrays behind their counts. The
/// first problem ends the pass: what is visited after it stays as it was, and ``problem`` says so.
/// Nothing that is read makes it trap, or take more memory than the bytes that are there.
public struct CheckpointPass {
  /// Takes bytes as they come; returns why it could not.
  public typealias Sink = (_ bytes: [UInt8]) -> String?

  private enum Direction {
    case writing(Sink)
    /// All bytes, and the place of the next.
    case reading([UInt8], next: Int)
  }

  /// What stands behind a byte.
  enum Kind: UInt8 {
    case mark = 1
    case boolean, integer, word, float, double, text
    case booleans, integers, floats, doubles
    case absent, present, count
    case bytes
  }

  private var direction: Direction
  /// Bytes that the sink has not got yet.
  private var pending: [UInt8] = []
  private static let pendingLimit = 1 << 20

  /// Why the pass came to no good end; `nil` so far.
  public private(set) var problem: String?

  /// A pass that writes; ``finish()`` hands over the last bytes.
  public init(writingTo sink: @escaping Sink) { direction = .writing(sink) }

  /// A pass that reads what another one wrote.
  public init(reading bytes: [UInt8]) { direction = .reading(bytes, next: 0) }

  /// Whether values are set to what was written.
  public var isReading: Bool {
    if case .reading = direction { return true }
    return false
  }

  /// Ends the pass; one that reads has to be at the end of its bytes.
  public mutating func finish() {
    guard problem == nil else { return }
    switch direction {
    case .writing: flush()
    case .reading(let bytes, let next):
      if next != bytes.count { fail("\(bytes.count - next) bytes are left over") }
    }
  }

  /// Ends the pass with a problem, if there was none; for values that cannot be.
  public mutating func fail(_ reason: String) { problem = problem ?? reason }

  // MARK: - Values

  /// Says whose memory comes next; a pass that reads has to find the same name.
  public mutating func mark(_ name: String) {
    var found = name
    visit(.mark, &found)
    if found != name { fail("it has '\(found)' where '\(name)' should be") }
  }

  public mutating func visit(_ value: inout Bool) {
    var number: UInt64 = value ? 1 : 0
    visit(.boolean, &number, bytes: 1)
    value = number != 0
  }

  public mutating func visit(_ value: inout Int) {
    var number = UInt64(bitPattern: Int64(value))
    visit(.integer, &number, bytes: 8)
    value = Int(Int64(bitPattern: number))
  }

  public mutating func visit(_ value: inout UInt64) { visit(.word, &value, bytes: 8) }

  public mutating func visit(_ value: inout Float) {
    var number = UInt64(value.bitPattern)
    visit(.float, &number, bytes: 4)
    value = Float(bitPattern: UInt32(truncatingIfNeeded: number))
  }

  public mutating func visit(_ value: inout Double) {
    var number = value.bitPattern
    visit(.double, &number, bytes: 8)
    value = Double(bitPattern: number)
  }

  public mutating func visit(_ value: inout String) { visit(.text, &value) }

  public mutating func visit(_ value: inout ClientID) {
    var index = value.index
    visit(&index)
    if isReading { value = ClientID(index) }
  }

  // MARK: - Arrays

  public mutating func visit(_ values: inout [Bool]) {
    visit(.booleans, &values, bytes: 1, { $0 ? 1 : 0 }, { $0 != 0 })
  }

  public mutating func visit(_ values: inout [Int]) {
    visit(
      .integers, &values, bytes: 8, { UInt64(bitPattern: Int64($0)) },
      { Int(Int64(bitPattern: $0)) })
  }

  public mutating func visit(_ values: inout [Float]) {
    visit(
      .floats, &values, bytes: 4, { UInt64($0.bitPattern) },
      { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
  }

  /// Visits bytes, such as those of another pass.
  public mutating func visit(_ values: inout [UInt8]) {
    visit(.bytes, &values, bytes: 1, { UInt64($0) }, { UInt8(truncatingIfNeeded: $0) })
  }

  public mutating func visit(_ values: inout [Double]) {
    visit(.doubles, &values, bytes: 8, { $0.bitPattern }, { Double(bitPattern: $0) })
  }

  // MARK: - What is made of values

  /// Visits a value that may be absent; `start` is where one that is read begins.
  public mutating func visit<Value>(
    _ value: inout Value?, from start: @autoclosure () -> Value,
    _ body: (inout CheckpointPass, inout Value) -> Void
  ) {
    guard isPresent(value != nil) else {
      if problem == nil { value = nil }
      return
    }
    var inner = value ?? start()
    body(&self, &inner)
    if problem == nil { value = inner }
  }

  /// Visits the elements of an array; `start` is where each that is read begins.
  public mutating func visit<Value>(
    _ values: inout [Value], from start: @autoclosure () -> Value,
    _ body: (inout CheckpointPass, inout Value) -> Void
  ) {
    let count = count(values.count)
    guard isReading else {
      for var value in values { body(&self, &value) }
      return
    }
    var read: [Value] = []
    for _ in 0..<count where problem == nil {
      var value = start()
      body(&self, &value)
      read.append(value)
    }
    if problem == nil { values = read }
  }

  /// Visits a dictionary in the order of its keys.
  public mutating func visit<Key: Comparable & Hashable, Value>(
    _ values: inout [Key: Value], key: @autoclosure () -> Key, from start: @autoclosure () -> Value,
    _ visitKey: (inout CheckpointPass, inout Key) -> Void,
    _ body: (inout CheckpointPass, inout Value) -> Void
  ) {
    var entries = values.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    visit(&entries, from: (key(), start())) { pass, entry in
      visitKey(&pass, &entry.key)
      body(&pass, &entry.value)
    }
    guard isReading, problem == nil else { return }
    values = Dictionary(entries.map { ($0.key, $0.value) }) { $1 }
  }

  /// Visits what is kept of each client, in ascending order.
  public mutating func visit<Value>(
    _ values: inout [ClientID: Value], from start: @autoclosure () -> Value,
    _ body: (inout CheckpointPass, inout Value) -> Void
  ) {
    visit(&values, key: ClientID(0), from: start(), { $0.visit(&$1) }, body)
  }

  /// Visits figures by their names.
  public mutating func visit(_ values: inout [String: Double]) {
    visit(&values, key: "", from: 0, { $0.visit(&$1) }, { $0.visit(&$1) })
  }

  /// Visits a set of clients, in ascending order.
  public mutating func visit(_ values: inout Set<ClientID>) {
    var indices = values.map(\.index).sorted()
    visit(&indices)
    if isReading, problem == nil { values = Set(indices.map { ClientID($0) }) }
  }

  // MARK: - Bytes

  /// Writes whether there is a value, or returns whether there was one.
  private mutating func isPresent(_ value: Bool) -> Bool {
    guard isReading else {
      put(value ? Kind.present.rawValue : Kind.absent.rawValue)
      return value
    }
    switch take() {
    case Kind.present.rawValue: return true
    case Kind.absent.rawValue: return false
    default:
      fail("a value is of another kind")
      return false
    }
  }

  /// Writes a count, or returns the one that was written; elements take a byte or more each.
  private mutating func count(_ value: Int) -> Int {
    var number = UInt64(value)
    visit(.count, &number, bytes: 8)
    guard case .reading(let bytes, let next) = direction, problem == nil else { return value }
    guard number <= UInt64(bytes.count - next) else {
      fail("it ends too early")
      return 0
    }
    return Int(number)
  }

  private mutating func visit(_ kind: Kind, _ text: inout String) {
    var bytes = Array(text.utf8)
    visit(kind, &bytes, bytes: 1, { UInt64($0) }, { UInt8(truncatingIfNeeded: $0) })
    if isReading, problem == nil { text = String(decoding: bytes, as: UTF8.self) }
  }

  private mutating func visit(_ kind: Kind, _ number: inout UInt64, bytes: Int) {
    guard problem == nil else { return }
    guard isReading else {
      put(kind.rawValue)
      put(number, bytes)
      return
    }
    guard isNext(kind) else { return }
    let found = take(bytes)
    if problem == nil { number = found }
  }

  private mutating func visit<Element>(
    _ kind: Kind, _ values: inout [Element], bytes: Int, _ encode: (Element) -> UInt64,
    _ decode: (UInt64) -> Element
  ) {
    guard problem == nil else { return }
    guard isReading else {
      put(kind.rawValue)
      put(UInt64(values.count), 8)
      for value in values { put(encode(value), bytes) }
      return
    }
    guard isNext(kind) else { return }
    let count = take(8)
    guard case .reading(let all, let next) = direction, problem == nil else { return }
    guard count <= UInt64((all.count - next) / bytes) else { return fail("it ends too early") }
    var place = next
    values = (0..<Int(count)).map { _ in
      defer { place += bytes }
      return decode(Self.number(all, place, bytes))
    }
    direction = .reading(all, next: place)
  }

  private mutating func isNext(_ kind: Kind) -> Bool {
    let found = take()
    if problem == nil, found != kind.rawValue { fail("a value is of another kind") }
    return problem == nil
  }

  private mutating func put(_ byte: UInt8) {
    guard problem == nil else { return }
    pending.append(byte)
    if pending.count >= Self.pendingLimit { flush() }
  }

  private mutating func put(_ number: UInt64, _ bytes: Int) {
    for place in 0..<bytes { put(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
  }

  private mutating func flush() {
    guard case .writing(let sink) = direction, problem == nil else { return }
    problem = sink(pending)
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func take() -> UInt8 { UInt8(truncatingIfNeeded: take(1)) }

  private mutating func take(_ bytes: Int) -> UInt64 {
    guard case .reading(let all, let next) = direction, problem == nil else { return 0 }
    guard bytes <= all.count - next else {
      fail("it ends too early")
      return 0
    }
    direction = .reading(all, next: next + bytes)
    return Self.number(all, next, bytes)
  }

  private static func number(_ all: [UInt8], _ start: Int, _ bytes: Int) -> UInt64 {
    (0..<bytes).reduce(0) { $0 | UInt64(all[start + $1]) << UInt64(8 * $1) }
  }
}
