import Diagnostics
import Federation
import JSON
import Tensors

extension TrainerFacts {
  /// The most parameters, clients or features that are taken.
  private static let limit = 1 << 31

  /// Reads what a trainer says of itself; the identity is left empty.
  init(_ ready: WorkerReady) throws(WorkerAnswer.Problem) {
    let answer = WorkerAnswer(ready.members)
    let clientCount = try answer.count("clients", in: 1...10_000_000)
    self.init(
      name: ready.name, version: ready.version, identity: "",
      layout: try Self.layout(answer),
      classCount: try answer.count("classes", in: 1...1_000_000),
      exampleCounts: try answer.counts("examples", count: clientCount),
      testCount: try answer.count("test_examples", in: 1...Self.limit),
      shape: try Self.shape(answer), poisons: Set(try answer.texts("poisons")),
      device: try answer.text("device", default: ""), isReusable: ready.isReusable)
  }

  /// The layers, which follow each other and have all parameters; one of all where none is named.
  private static func layout(
    _ answer: WorkerAnswer
  ) throws(WorkerAnswer.Problem) -> ParameterLayout {
    let dimension = try answer.count("dimension", in: 1...limit)
    guard let value = answer.value("layers"), value != .array([]) else {
      return ParameterLayout([
        .init(name: "parameters", role: .weight, shape: [dimension], range: 0..<dimension)
      ])
    }
    guard case .array(let items) = value, items.count <= 100_000 else {
      throw .init("has 'layers' that are no list")
    }
    var tensors: [(name: String, shape: [Int], range: Range<Int>)] = []
    var end = 0
    for item in items {
      guard case .object(let members) = item else { throw .init("has a layer that is no mapping") }
      let layer = WorkerAnswer(members)
      let name = try layer.text("name")
      let shape = try layer.sizes("shape") ?? []
      let (count, isOverflow) = shape.reduce((1, false)) { product, size in
        let (next, overflows) = product.0.multipliedReportingOverflow(by: size)
        return (next, product.1 || overflows)
      }
      let offset = layer.value("offset") == nil ? end : try layer.integer("offset")
      guard !isOverflow, count >= 1, count <= dimension - end, offset == end else {
        throw .init(
          "has a layer '\(excerpt(name))' that does not follow the one before it, or goes beyond "
            + "the \(dimension) parameters")
      }
      tensors.append((name, shape, end..<end + count))
      end += count
    }
    guard end == dimension else {
      throw .init("has layers of \(end) parameters together; it says \(dimension)")
    }
    return ParameterLayout(
      tensors.enumerated().map { place, tensor in
        // The last matrix and the last vector are taken for the output's.
        let isLast = place >= tensors.count - 2
        let role: ParameterLayout.Role =
          tensor.shape.count < 2 ? (isLast ? .outputBias : .bias) : isLast ? .outputWeight : .weight
        return .init(name: tensor.name, role: role, shape: tensor.shape, range: tensor.range)
      })
  }

  /// One size is a vector, two are a picture, three one with channels first.
  private static func shape(
    _ answer: WorkerAnswer
  ) throws(WorkerAnswer.Problem) -> InputShape? {
    guard let sizes = try answer.sizes("shape") else { return nil }
    guard (1...3).contains(sizes.count), sizes.allSatisfy({ (1...100_000).contains($0) }),
      sizes.reduce(1.0, { $0 * Double($1) }) <= 1e8
    else { throw .init("has a 'shape' that is not one to three sizes of an input") }
    switch sizes.count {
    case 1: return .vector(sizes[0])
    case 2: return .image(height: sizes[0], width: sizes[1], channels: 1)
    default: return .image(height: sizes[1], width: sizes[2], channels: sizes[0])
    }
  }
}

extension TrainerScores {
  /// Reads scores.
  init(
    _ answer: WorkerAnswer, classCount: Int, backdoorCount: Int
  ) throws(WorkerAnswer.Problem) {
    guard case .array(let classes)? = answer.value("classes"), classes.count == classCount else {
      throw .init("has 'classes' that are no list of \(classCount) pairs")
    }
    var (examples, hits): ([Int], [Int]) = ([], [])
    for (label, item) in classes.enumerated() {
      guard case .array(let pair) = item, pair.count == 2, let hit = pair[0].count,
        let all = pair[1].count, hit <= all
      else { throw .init("has 'classes' whose entry \(label) is no pair of hits and examples") }
      hits.append(hit)
      examples.append(all)
    }
    var backdoors: [JSONValue] = []
    if case .array(let items)? = answer.value("backdoors") { backdoors = items }
    guard backdoors.count == backdoorCount else {
      throw .init("scores \(backdoors.count) backdoors; it was asked for \(backdoorCount)")
    }
    var triggered: [Triggered] = []
    for item in backdoors { triggered.append(try Self.triggered(item)) }
    self.init(exampleCounts: examples, hitCounts: hits, triggered: triggered)
  }

  private static func triggered(_ item: JSONValue) throws(WorkerAnswer.Problem) -> Triggered {
    func wrong() -> WorkerAnswer.Problem {
      .init("scores a backdoor with counts that cannot be, such as more hits than examples")
    }
    guard case .object(let members) = item, let examples = members["examples"]?.count,
      let hits = members["hits"]?.count, hits <= examples
    else { throw wrong() }
    func optional(_ name: String, atMost limit: Int) throws(WorkerAnswer.Problem) -> Int? {
      guard let value = members[name], value != .null else { return nil }
      guard let count = value.count, count <= limit else { throw wrong() }
      return count
    }
    let robust = try optional("robust", atMost: examples - hits)
    let correct = try optional("correct", atMost: examples)
    let correctHits = try optional("correct_hits", atMost: min(hits, correct ?? 0))
    return Triggered(
      exampleCount: examples, hitCount: hits, robustCount: robust,
      correctCount: correctHits == nil ? nil : correct, correctHitCount: correctHits ?? 0)
  }
}

extension JSONValue {
  /// A whole number from 0 to 2^31 − 1: sums and products of such numbers fit everywhere.
  fileprivate var count: Int? {
    let limit = Int(Int32.max)
    return switch self {
    case .integer(let value) where value >= 0 && value <= limit: value
    case .number(let value) where value >= 0 && value <= Double(limit): Int(exactly: value)
    default: nil
    }
  }
}

extension WorkerAnswer {
  /// A whole number in a range.
  fileprivate func count(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int {
    let value = try integer(name)
    guard range.contains(value) else {
      throw Problem(
        "says that '\(name)' is \(value); it has to be from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return value
  }

  /// A list of so many whole numbers from 0 on.
  func counts(_ name: String, count: Int) throws(Problem) -> [Int] {
    var counts: [Int] = []
    if case .array(let items)? = value(name), items.count == count {
      counts = items.compactMap(\.count)
    }
    guard counts.count == count else {
      throw Problem(
        "has '\(name)' that are no list of \(count) whole numbers from 0 to \(Int32.max)")
    }
    return counts
  }

  /// A list of sizes of 1 and more; `nil` where it is missing.
  fileprivate func sizes(_ name: String) throws(Problem) -> [Int]? {
    guard let value = value(name) else { return nil }
    guard case .array(let items) = value, items.count <= 16 else {
      throw Problem("has a '\(name)' that is no list of sizes")
    }
    let sizes = items.compactMap(\.count)
    guard sizes.count == items.count, sizes.allSatisfy({ $0 >= 1 }) else {
      throw Problem("has a '\(name)' that is no list of sizes")
    }
    return sizes
  }
}
