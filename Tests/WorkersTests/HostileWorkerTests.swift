import Foundation
import JSON
import Kernels
import Tensors
import Testing
import _TestSupport

@testable import Workers

/// Workers that do what they should not: each is contained, with its error, and leaves nothing.
@Suite struct HostileWorkerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// What the error has to say.
    let reason: String
    /// The time limit; much, but for those that use it up.
    var seconds = 20.0
    var testDescription: String { name }
  }

  /// What a worker does when it is greeted.
  static let greetings: [Case] = [
    Case(
      name: "exits", text: "sys.exit(3)",
      reason: "ended with status 3 instead of answering 'hello'"),
    Case(
      name: "raises", text: "raise ValueError('no such thing')",
      reason: "ended with status 1 instead of answering 'hello'; its log ends:"),
    Case(
      name: "is ended by a signal", text: "os.kill(os.getpid(), 9)",
      reason: "was ended by signal 9 instead of answering 'hello'"),
    Case(
      name: "hangs", text: "time.sleep(600)", reason: "did not answer 'hello' within 2 s",
      seconds: 1),
    Case(
      name: "hangs for a moment", text: "time.sleep(600)",
      reason: "did not answer 'hello' within 0.02 s, twice its timeout", seconds: 0.01),
    Case(
      name: "closes its output and stays", text: "os.close(1)\ntime.sleep(600)",
      reason: "closed its output instead of answering 'hello'"),
    Case(
      name: "says half a line",
      text: "sys.stdout.write('{\"type\":\"ready\"')\nsys.stdout.flush()\ntime.sleep(600)",
      reason: "did not answer 'hello' within 2 s", seconds: 1),
    Case(
      name: "says half a line and ends",
      text: "sys.stdout.write('{\"type\":\"ready\"')\nsys.stdout.flush()",
      reason: "ended with status 0 instead of answering 'hello'"),
    Case(
      name: "writes binary noise", text: "sys.stdout.buffer.write(bytes(range(256)) * 50)",
      reason: "with a line that is not JSON"),
    Case(
      name: "writes gigabytes without a line",
      text: "while True: sys.stdout.buffer.write(b'x' * (1 << 20))",
      reason: "wrote a line of more than 16 MiB instead of answering 'hello'"),
    Case(
      name: "writes gigabytes of lines",
      text: "while True: sys.stdout.buffer.write(b'x\\n' * (1 << 20))",
      reason: "with a line that is not JSON"),
    Case(
      name: "writes gigabytes to its log",
      text: "while True: sys.stderr.write('all is well\\n' * 100000)",
      reason:
        "did not answer 'hello' within 6 s, twice its timeout since it has just started; its log "
        + "ends: all is well / all is well",
      seconds: 3),
    Case(name: "says a list", text: "print('[1]')", reason: "that is not JSON: it is no object"),
    Case(
      name: "nests deeply", text: "print('[' * 1000000)",
      reason: "that is not JSON: is nested too deeply"),
    Case(
      name: "says something else", text: "say(type='crafted', call=1)",
      reason: "answers 'hello' with '\"crafted\"'"),
    Case(
      name: "speaks another version", text: "ready(protocol=2)",
      reason: "speaks version 2 of the protocol; this is version 1"),
    Case(
      name: "is of another kind", text: "ready(kind='attack')",
      reason: "is a worker of kind 'attack'; defense is needed"),
    Case(
      name: "has no name", text: "say(type='ready', protocol=1, kind='defense')",
      reason: "does not say 'name'"),
    Case(
      name: "has a name of a megabyte", text: "ready(name='x' * 1000000)",
      reason: "has a 'name' that is no text of at most 1000 bytes"),
    Case(
      name: "refuses", text: "say(type='error', message='not today\\nnor tomorrow')",
      reason: "says that it cannot do 'hello': not today / nor tomorrow"),
    Case(
      name: "escapes the terminal", text: "say(type='error', message='\\x1b[2J')",
      reason: "says that it cannot do 'hello': \\u{1b}[2J"),
  ]

  @Test(arguments: greetings) func greeted(_ worker: Case) throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python("read()\n" + worker.text, in: folder)
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path, timeout: worker.seconds), arrays: ["result": 3])
    let error = #expect(throws: WorkerError.self) { try channel.greet(.defense, [:]) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("python3 worker.py: ") && text.contains(worker.reason), "\(text)")
    #expect(try ProcessGroup.isEmpty(channel.group))
  }

  /// What a worker does when it is asked.
  static let requests: [Case] = [
    Case(
      name: "exits", text: "sys.exit(3)",
      reason: "ended with status 3 instead of answering 'aggregate'"),
    Case(
      name: "hangs", text: "time.sleep(600)",
      reason: "did not answer 'aggregate' within 8 s", seconds: 4),
    Case(
      name: "returns a matrix", text: "say(type='aggregated', call=1, arrays={'result': [1, 3]})",
      reason: "with 'result' of shape [1, 3]; it has to be [3]"),
    Case(
      name: "returns a shorter vector",
      text: "say(type='aggregated', call=1, arrays={'result': [2]})",
      reason: "with 'result' of shape [2]; it has to be [3]"),
    Case(
      name: "returns a vector of 10^18",
      text: "say(type='aggregated', call=1, arrays={'result': [10**18]})",
      reason: "with 'result' of shape [1000000000000000000]; it has to be [3]"),
    Case(
      name: "returns a negative size",
      text: "say(type='aggregated', call=1, arrays={'result': [-3]})",
      reason: "has an array 'result' whose shape is not one or two sizes"),
    Case(
      name: "returns a number beyond any",
      text: "sys.stdout.write('{\"type\":\"aggregated\",\"call\":1e999}\\n')\nsys.stdout.flush()",
      reason: "that is not JSON: the number '1e999' is too large"),
    Case(
      name: "returns nothing", text: "say(type='aggregated', call=1)",
      reason: "without the array 'result'"),
    Case(
      name: "answers another call",
      text: "say(type='aggregated', call=2, arrays={'result': [3]})",
      reason: "answers call '2'; this is call 1"),
    Case(
      name: "answers no call", text: "say(type='aggregated', arrays={'result': [3]})",
      reason: "answers call nothing; this is call 1"),
    Case(
      name: "greets again", text: "ready()", reason: "answers 'aggregate' with '\"ready\"'"),
    Case(
      name: "refuses", text: "say(type='error', call=1, message='singular matrix')",
      reason: "says that it cannot do 'aggregate': singular matrix"),
    Case(
      name: "cuts the file of the result short",
      text: """
        os.truncate(hello["files"]["result"], 130)
        say(type='aggregated', call=1, arrays={'result': [3]})
        """, reason: "cut the file of 'result' short"),
    Case(
      name: "leaves children behind",
      text: """
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
        """, reason: "ended with status 0 instead of answering 'aggregate'"),
  ]

  @Test(arguments: requests) func asked(_ worker: Case) throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python(
      "hello = read()\nready()\nread()\n" + worker.text, in: folder)
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path, timeout: worker.seconds),
      arrays: ["updates": 6, "result": 3])
    _ = try channel.greet(.defense, [:])
    let error = #expect(throws: WorkerError.self) { try ask(channel) }
    let text = error?.description ?? ""
    #expect(text.contains(worker.reason), "\(text)")
    #expect(try ProcessGroup.isEmpty(channel.group))
  }

  private func ask(_ channel: WorkerChannel) throws(WorkerError) {
    var results = [WorkerArray("result", [0, 0, 0])]
    _ = try channel.ask(
      "aggregate", answer: "aggregated", [:],
      arrays: [WorkerArray("updates", Matrix(rows: [[1, 2, 3], [4, 5, 6]]))], results: &results)
  }

  @Test func anAnswerBeforeTheQuestionIsAFault() throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python(
      """
      hello = read()
      ready()
      say(type='aggregated', call=1, arrays={'result': [3]})
      read()
      """, in: folder)
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path), arrays: ["updates": 6, "result": 3])
    _ = try channel.greet(.defense, [:])
    usleep(200_000)
    let error = #expect(throws: WorkerError.self) { try ask(channel) }
    #expect(error?.description.contains("before it was asked for 'aggregate'") == true)
    #expect(try ProcessGroup.isEmpty(channel.group))
  }

  @Test func twoAnswersToOneQuestionAreAFaultOfTheNext() throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python(
      """
      hello = read()
      ready()
      read()
      for call in 1, 2:
          say(type='aggregated', call=call, arrays={'result': [3]})
      read()
      """, in: folder)
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path), arrays: ["updates": 6, "result": 3])
    _ = try channel.greet(.defense, [:])
    try ask(channel)
    usleep(200_000)
    let error = #expect(throws: WorkerError.self) { try ask(channel) }
    #expect(error?.description.contains("before it was asked for 'aggregate'") == true)
  }

  @Test(arguments: ["it leaves", "it is abandoned", "it does not leave"])
  func childrenLeftBehindAreEnded(how: String) throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python(
      """
      read()
      if os.fork() == 0:
          while True: time.sleep(600)
      ready()
      read()
      if \(how == "it does not leave" ? "True" : "False"): time.sleep(600)
      """, in: folder)
    var channel: WorkerChannel? = try WorkerChannel(
      WorkerCommand(words, folder: folder.path), arrays: [:])
    _ = try channel?.greet(.defense, [:])
    let group = try #require(channel?.group)
    #expect(try ProcessGroup.members(of: group).count == 2)
    let start = ContinuousClock.now
    if how != "it is abandoned" { channel?.close() }
    channel = nil
    #expect(try ProcessGroup.isEmpty(group))
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test func moreMemoryThanAllowedIsNotToBeHad() throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python("read()\nx = bytearray(1 << 30)\nready()", in: folder)
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path, memory: 512 << 20), arrays: [:])
    let error = #expect(throws: WorkerError.self) { try channel.greet(.defense, [:]) }
    #expect(error?.description.contains("MemoryError") == true)
  }

  @Test func aProgramThatIsNotThereIsNamed() throws {
    let channel = try WorkerChannel(WorkerCommand(["no-such-program"]), arrays: [:])
    let error = #expect(throws: WorkerError.self) { try channel.greet(.defense, [:]) }
    #expect(error?.description.contains("no-such-program: not found") == true)
    let elsewhere = try WorkerChannel(
      WorkerCommand(["true"], folder: "/no/such/folder"), arrays: [:])
    #expect(throws: WorkerError.self) { try elsewhere.greet(.defense, [:]) }
  }

  @Test func aWorkerThatReadsNothingHoldsNobodyUp() throws {
    let channel = try WorkerChannel(
      WorkerCommand(WorkerScript.sh("sleep 600"), timeout: 0.5), arrays: [:])
    let error = #expect(throws: WorkerError.self) {
      try channel.greet(.defense, ["params": .string(String(repeating: "x", count: 4 << 20))])
    }
    #expect(error?.description.contains("did not answer 'hello' within 1 s") == true)
    #expect(try ProcessGroup.isEmpty(channel.group))
  }
}
