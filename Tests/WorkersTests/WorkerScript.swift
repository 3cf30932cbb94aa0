import Foundation
import Testing
import Workers
import _TestSupport

/// Workers for tests, in Python without anything to install, and in `sh`.
enum WorkerScript {
  /// Speaks the protocol; the text of a test says what it does with it.
  static let prelude = """
    import array, json, os, sys, time

    def read():
        line = sys.stdin.buffer.readline()
        return json.loads(line) if line else {"type": "bye"}

    def say(**members):
        sys.stdout.write(json.dumps(members) + "\\n")
        sys.stdout.flush()

    def size(shape):
        return shape[0] if len(shape) == 1 else shape[0] * shape[1]

    def load(hello, message, name):
        if "files" not in hello:
            return array.array("f", sys.stdin.buffer.read(4 * size(message["arrays"][name])))
        with open(hello["files"][name], "rb") as file:
            file.seek(128)
            return array.array("f", file.read(4 * size(message["arrays"][name])))

    def save(hello, name, values):
        if "files" in hello:
            with open(hello["files"][name], "r+b") as file:
                file.seek(128)
                file.write(array.array("f", values).tobytes())

    def put(hello, values):
        if "files" not in hello:
            sys.stdout.buffer.write(array.array("f", values).tobytes())
            sys.stdout.buffer.flush()

    def ready(kind="defense", **more):
        members = {"type": "ready", "protocol": 1, "kind": kind, "name": "test", "version": "1"}
        say(**{**members, **more})

    """

  /// A defense that returns the mean of the rows.
  static let mean = """
    hello = read()
    while hello["type"] == "hello":
        ready(reusable=True)
        message = read()
        while message["type"] == "aggregate":
            n, d = message["arrays"]["updates"]
            values = load(hello, message, "updates")
            result = [sum(values[j::d]) / n for j in range(d)]
            save(hello, "result", result)
            say(type="aggregated", call=message["call"], arrays={"result": [d]})
            put(hello, result)
            message = read()
        hello = message

    """

  /// Writes a script into a folder; returns the words that start it.
  static func python(
    _ text: String, in folder: TemporaryFolder, named name: String = "worker.py"
  ) throws -> [String] {
    try folder.write(prelude + text, to: name)
    return ["python3", name]
  }

  static func sh(_ text: String) -> [String] { ["/bin/sh", "-c", text] }
}

/// The processes of a group that are not over.
enum ProcessGroup {
  static func members(of group: Int32) throws -> [Int] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int($0) }.filter {
      // The name of the program, in parentheses, may have spaces.
      guard let text = try? String(contentsOfFile: "/proc/\($0)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { return false }
      let fields = text[end...].dropFirst(2).split(separator: " ")
      return fields.count > 2 && fields[2] == "\(group)" && fields[0] != "Z" && fields[0] != "X"
    }
  }

  /// Whether no process is left of it, after a moment for the system.
  static func isEmpty(_ group: Int32) throws -> Bool {
    for _ in 0..<200 {
      if try members(of: group).isEmpty { return true }
      usleep(10_000)
    }
    return false
  }
}
