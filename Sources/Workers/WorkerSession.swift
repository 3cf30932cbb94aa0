import Diagnostics
import Foundation
import JSON
import Kernels
import Tensors

/// The two sides of a conversation with one process, in turn.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
struct WorkerSession {
  /// How long a worker may take to leave.
  private static let grace = 2.0

  private let command: WorkerCommand
  private let process: WorkerProcess
  private let folder: MatrixFolder?
  /// The number of requests since the greeting.
  private var callCount = 0
  private var isOver = false

  var isMapped: Bool { folder != nil }
  var group: Int32 { process.group }

  init(_ command: WorkerCommand, arrays: [String: Int]) throws(WorkerError) {
    self.command = command
    folder = command.transport == .mapped && !arrays.isEmpty ? MatrixFolder.make(arrays) : nil
    let words = command.launchWords(matrices: folder?.path)
    do throws(WorkerProcess.Failure) {
      process = try WorkerProcess(
        words, environment: command.environment(ProcessInfo.processInfo.environment))
    } catch {
      guard case .ended(let how) = error else { throw .lost("\(excerpt(command.text)): is gone") }
      throw .lost("\(excerpt(command.text)): \(how)")
    }
  }

  func fits(_ arrays: [String: Int]) -> Bool { folder?.fits(arrays) ?? true }

  // MARK: - Greeting and leave

  mutating func greet(
    _ kind: WorkerReady.Kind, _ members: [String: JSONValue]
  ) throws(WorkerError) -> WorkerReady {
    callCount = 0
    var members = members
    members["protocol"] = .integer(WorkerReady.protocolVersion)
    members["kind"] = .string(kind.rawValue)
    members["transport"] = .string(isMapped ? "mapped" : "inline")
    if let folder { members["files"] = JSONValue(folder.files.mapValues(\.path)) }
    let deadline = Deadline(seconds: 2 * command.timeout)
    try send("hello", members, [], by: deadline)
    let answer = try receive("ready", to: "hello", by: deadline)
    do throws(WorkerAnswer.Problem) {
      return try WorkerReady(answer, kind: kind)
    } catch {
      throw abandoned(because: error.reason)
    }
  }

  mutating func close() {
    guard !isOver else { return }
    isOver = true
    let line = Array("{\"type\":\"bye\"}\n".utf8)
    unsafe line.withUnsafeBytes { bytes in
      try? unsafe process.write(bytes, until: Deadline(seconds: 0.2))
    }
    process.end(grace: Self.grace)
  }

  /// Ends the process, and returns the error that says why.
  mutating func abandoned(because reason: String, hasEnded: Bool = false) -> WorkerError {
    isOver = true
    process.end(grace: 0)
    let isShort = process.logTail.says(Self.shortages) || hasEnded && callCount == 0 && isTight
    return .lost(told(reason) + (isShort ? shortage : ""))
  }

  // MARK: - Requests

  mutating func ask(
    _ type: String, answer: String, _ members: [String: JSONValue], arrays: [WorkerArray],
    results: inout [WorkerArray]
  ) throws(WorkerError) -> WorkerAnswer {
    callCount += 1
    let deadline = Deadline(seconds: callCount == 1 ? 2 * command.timeout : command.timeout)
    guard !isOver else { throw .lost(told("is gone")) }
    guard !process.hasOutput else {
      throw abandoned(because: "wrote something before it was asked for '\(type)'")
    }
    var members = members
    members["call"] = .integer(callCount)
    try put(arrays, expecting: results)
    try send(type, members, arrays, by: deadline)
    let reply = try receive(answer, to: type, by: deadline)
    try take(&results, reply, type, by: deadline)
    return WorkerAnswer(reply)
  }

  /// Writes the arrays into their files.
  private mutating func put(
    _ arrays: [WorkerArray], expecting results: [WorkerArray]
  ) throws(WorkerError) {
    guard let folder else { return }
    for array in arrays {
      guard let file = folder.files[array.name], file.writeHeader(shape: array.shape),
        file.write(array.matrix.span)
      else { throw abandoned(because: "has no space for '\(array.name)' in shared memory") }
    }
    // So that a worker that maps the file finds the shape that is wanted.
    for result in results {
      guard let file = folder.files[result.name],
        file.reserve(result.shape.reduce(1, *)), file.writeHeader(shape: result.shape)
      else {
        throw abandoned(because: "has no space for '\(result.name)' in shared memory")
      }
    }
  }

  private mutating func send(
    _ type: String, _ members: [String: JSONValue], _ arrays: [WorkerArray], by deadline: Deadline
  ) throws(WorkerError) {
    guard !isOver else { throw .lost(told("is gone")) }
    var members = members
    members["type"] = .string(type)
    if !arrays.isEmpty {
      members["arrays"] = .object(
        Dictionary(
          uniqueKeysWithValues: arrays.map { ($0.name, .array($0.shape.map { .integer($0) })) }))
      if !isMapped { members["order"] = JSONValue(arrays.map(\.name)) }
    }
    let line = Array((CanonicalJSON.string(.object(members)) + "\n").utf8)
    let isMapped = isMapped
    try attempt(type, deadline) { process throws(WorkerProcess.Failure) in
      try unsafe Self.write(line.span.bytes, to: process, until: deadline)
      guard !isMapped else { return }
      for array in arrays {
        try unsafe Self.write(array.matrix.span.bytes, to: process, until: deadline)
      }
    }
  }

  private static func write(
    _ bytes: borrowing RawSpan, to process: WorkerProcess, until deadline: Deadline
  ) throws(WorkerProcess.Failure) {
    try unsafe bytes.withUnsafeBytes { buffer throws(WorkerProcess.Failure) in
      try unsafe process.write(buffer, until: deadline)
    }
  }

  private mutating func receive(
    _ wanted: String, to request: String, by deadline: Deadline
  ) throws(WorkerError) -> [String: JSONValue] {
    var line: [UInt8] = []
    try attempt(request, deadline) { process throws(WorkerProcess.Failure) in
      line = try process.readLine(until: deadline)
    }
    let members: [String: JSONValue]
    do throws(WorkerAnswer.Problem) {
      members = try Self.members(of: line, answering: request)
    } catch {
      throw abandoned(because: error.reason)
    }
    let type = members["type"]
    if case .string("error") = type {
      var reason = "says that it cannot do '\(request)'"
      if case .string(let message)? = members["message"] { reason += ": " + Self.shown(message) }
      isOver = true
      process.end(grace: 0.2)
      let isShort = Self.shortages.contains(where: reason.contains)
      throw .declined(told(reason, withLog: false) + (isShort ? shortage : ""))
    }
    guard case .string(wanted) = type else {
      throw abandoned(because: "answers '\(request)' with \(Self.quoted(type))")
    }
    if request != "hello", members["call"] != .integer(callCount) {
      throw abandoned(
        because: "answers call \(Self.quoted(members["call"])); this is call \(callCount)")
    }
    return members
  }

  /// The members of an answer; the rest of it is checked where it is known what was asked.
  static func members(
    of line: [UInt8], answering request: String
  ) throws(WorkerAnswer.Problem) -> [String: JSONValue] {
    do throws(JSONScanner.Problem) {
      var scanner = JSONScanner(line)
      let value = try scanner.value()
      try scanner.finish()
      guard case .object(let members) = value else {
        throw scanner.problem("it is no object")
      }
      return members
    } catch {
      throw .init("answers '\(request)' with a line that is not JSON: \(excerpt(error.reason))")
    }
  }

  /// Reads what it made.
  private mutating func take(
    _ results: inout [WorkerArray], _ reply: [String: JSONValue], _ request: String,
    by deadline: Deadline
  ) throws(WorkerError) {
    let shapes: [String: [Int]]
    do throws(WorkerAnswer.Problem) {
      shapes = try WorkerAnswer(reply).shapes()
      for result in results {
        guard let shape = shapes[result.name] else {
          throw WorkerAnswer.Problem("answers '\(request)' without the array '\(result.name)'")
        }
        guard shape == result.shape else {
          throw WorkerAnswer.Problem(
            "answers '\(request)' with '\(result.name)' of shape \(shape); it has to be "
              + "\(result.shape)")
        }
      }
      if !isMapped, Set(shapes.keys) != Set(results.map(\.name)) {
        throw WorkerAnswer.Problem("answers '\(request)' with arrays that were not asked for")
      }
    } catch {
      throw abandoned(because: error.reason)
    }
    for place in try order(of: results, reply, request) {
      var matrix = Matrix<Float>(rowCount: 0, columnCount: 0)
      swap(&matrix, &results[place].matrix)
      defer { swap(&matrix, &results[place].matrix) }
      if let file = folder?.files[results[place].name] {
        var values = matrix.mutableSpan
        guard file.read(into: &values) else {
          throw abandoned(because: "cut the file of '\(results[place].name)' short")
        }
      } else {
        try attempt(request, deadline) { process throws(WorkerProcess.Failure) in
          var values = matrix.mutableSpan
          try unsafe values.withUnsafeMutableBytes { buffer throws(WorkerProcess.Failure) in
            try unsafe process.read(buffer, until: deadline)
          }
        }
      }
    }
  }

  /// The places of the results in the order in which their bytes come.
  private mutating func order(
    of results: [WorkerArray], _ reply: [String: JSONValue], _ request: String
  ) throws(WorkerError) -> [Int] {
    guard !isMapped, results.count > 1 else { return Array(results.indices) }
    let names = (try? WorkerAnswer(reply).texts("order")) ?? []
    let places = names.compactMap { name in results.firstIndex { $0.name == name } }
    guard places.count == results.count, Set(places).count == places.count else {
      throw abandoned(because: "answers '\(request)' without the 'order' of its arrays")
    }
    return places
  }

  // MARK: - Words

  private mutating func attempt(
    _ request: String, _ deadline: Deadline,
    _ body: (WorkerProcess) throws(WorkerProcess.Failure) -> Void
  ) throws(WorkerError) {
    do throws(WorkerProcess.Failure) {
      try body(process)
    } catch {
      var isEnd = false
      if case .ended = error { isEnd = true }
      throw abandoned(
        because: words(for: error, of: "'\(request)'", deadline.seconds), hasEnded: isEnd)
    }
  }

  private func words(
    for failure: WorkerProcess.Failure, of request: String, _ limit: Double
  ) -> String {
    switch failure {
    case .timeout:
      "did not answer \(request) within \(Self.seconds(limit)) s"
        + (limit > command.timeout ? ", twice its timeout since it has just started" : "")
    case .ended(let how): "\(how) instead of answering \(request)"
    case .closedInput: "closed its input instead of answering \(request)"
    case .closedOutput: "closed its output instead of answering \(request)"
    case .tooLongLine:
      "wrote a line of more than \(WorkerProcess.lineLimit >> 20) MiB instead of answering \(request)"
    case .tooMuchOutput:
      "wrote more than \(WorkerProcess.lineLimit >> 20) MiB before it read \(request)"
    }
  }

  /// Three digits at least, and none that say nothing.
  private static func seconds(_ value: Double) -> String {
    value >= 100 ? "\(Int(value.rounded()))" : String(format: "%.3g", value)
  }

  // MARK: - Memory

  /// What programs say that get no more memory.
  private static let shortages = [
    "MemoryError", "annot allocate memory", "ut of memory", "bad_alloc", "failed to map segment",
    "nable to allocate", "emory allocation", "ailed to allocate",
  ]

  /// Whether hardly any interpreter starts with so few addresses.
  private var isTight: Bool { command.memory.map { $0 < 1 << 28 } ?? false }

  /// What limits the memory; nothing if nothing does.
  private var shortage: String {
    command.memory.map {
      "; 'memory' limits its addresses to \(MemoryAmount.text(Double($0))): give it more, or none"
    } ?? ""
  }

  /// A text of the worker, up to three lines of it.
  private static func shown(_ message: String) -> String {
    message.split(separator: "\n").prefix(3).map { excerpt(String($0)) }.joined(separator: " / ")
  }

  private static func quoted(_ value: JSONValue?) -> String {
    value.map { "'\(excerpt(CanonicalJSON.string($0)))'" } ?? "nothing"
  }

  /// The name of the worker, what it did, and the end of its log.
  private func told(_ reason: String, withLog: Bool = true) -> String {
    let log = withLog ? process.logTail.lastLines() : []
    return "\(excerpt(command.text)): \(reason)"
      + (log.isEmpty ? "" : "; its log ends: " + log.joined(separator: " / "))
  }
}
