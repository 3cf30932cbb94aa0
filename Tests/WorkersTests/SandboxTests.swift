import Foundation
import JSON
import Testing
import _TestSupport

@testable import Workers

/// Workers in Bubblewrap, where it is there and may work.
@Suite struct SandboxTests {
  /// Whether a sandbox can be made here; in some containers it cannot.
  private static let isAvailable: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "bwrap --unshare-all --ro-bind / / --proc /proc true 2>/dev/null"]
    try? process.run()
    process.waitUntilExit()
    let isAvailable = process.terminationStatus == 0
    if !isAvailable {
      FileHandle.standardError.write(
        Data("SKIPPED: the sandbox is not tested; there is no working bwrap\n".utf8))
    }
    return isAvailable
  }()

  @Test(.enabled(if: isAvailable, "there is no working bwrap"))
  func aSandboxHasNoNetworkAndNothingToWriteTo() throws {
    let folder = try TemporaryFolder()
    let text = """
      import socket
      hello = read()
      found = []
      def tries(name, action):
          try: action()
          except OSError: return
          found.append(name)
      tries("root", lambda: open("/etc/gauntlet-test", "w"))
      tries("folder", lambda: open("written", "w"))
      tries("var", lambda: open("/var/tmp/gauntlet-test", "w"))
      tries("signal", lambda: os.kill(\(ProcessInfo.processInfo.processIdentifier), 0))
      tries("network", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2))
      tries("matrices", lambda: open(hello["files"]["result"], "r+b"))
      ready(name=" ".join(found))
      read()
      """
    let listener = try Listener()
    let words = try WorkerScript.python(text, in: folder) + ["\(listener.port)"]
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder.path, sandbox: .bwrap), arrays: ["result": 3])
    #expect(try channel.greet(.defense, [:]).name == "matrices")
    let group = channel.group
    channel.close()
    #expect(try ProcessGroup.isEmpty(group))
    // The same outside shows that there is something to be kept from.
    let open = try WorkerChannel(WorkerCommand(words, folder: folder.path), arrays: ["result": 3])
    #expect(try open.greet(.defense, [:]).name.contains("folder var signal network matrices"))
    open.close()
    try? FileManager.default.removeItem(atPath: "/etc/gauntlet-test")
    try? FileManager.default.removeItem(atPath: "/var/tmp/gauntlet-test")
  }

  @Test(.enabled(if: isAvailable, "there is no working bwrap"))
  func aProcessThatLeavesItsGroupIsEndedWithTheSandbox() throws {
    let folder = try TemporaryFolder()
    let name = "gauntlet-sleep-\(UUID().uuidString)"
    let text = """
      import subprocess
      read()
      subprocess.Popen(["sh", "-c", "sleep 600; : \(name)"], start_new_session=True)
      ready()
      read()
      """
    let channel = try WorkerChannel(
      WorkerCommand(
        try WorkerScript.python(text, in: folder), folder: folder.path, sandbox: .bwrap),
      arrays: [:])
    _ = try channel.greet(.defense, [:])
    // A command line is to be seen a moment after the program that has it.
    #expect(try Self.comesTrue { try Self.isRunning(name) })
    channel.close()
    #expect(try Self.comesTrue { try !Self.isRunning(name) })
  }

  @Test(
    .enabled(if: isAvailable, "there is no working bwrap"),
    .enabled(if: FileManager.default.isWritableFile(atPath: "/run"), "/run cannot be written to"))
  func socketsOfServicesAndTerminalsAreOutOfReach() throws {
    let folder = try TemporaryFolder()
    let path = "/run/gauntlet-\(UUID().uuidString).sock"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = """
      import socket
      read()
      service = socket.socket(socket.AF_UNIX)
      found = []
      try:
          service.connect("\(path)")
          found.append("socket")
      except OSError: pass
      # A session from outside has no number in here.
      if os.getsid(0) == 0: found.append("session")
      ready(name=" ".join(found) or "none")
      read()
      """
    let service = Process()
    service.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    service.arguments = [
      "python3", "-c",
      """
      import os, socket, sys, time
      service = socket.socket(socket.AF_UNIX)
      # It is there under its name only once it listens.
      service.bind(sys.argv[1] + ".new")
      service.listen()
      os.rename(sys.argv[1] + ".new", sys.argv[1])
      time.sleep(600)
      """, path,
    ]
    try service.run()
    // It may have SIGTERM blocked, as the thread that starts it has.
    defer { kill(service.processIdentifier, SIGKILL) }
    while service.isRunning, !FileManager.default.fileExists(atPath: path) { usleep(10_000) }
    let words = try WorkerScript.python(text, in: folder)
    func reached(_ sandbox: WorkerCommand.Sandbox) throws -> String {
      let channel = try WorkerChannel(
        WorkerCommand(words, folder: folder.path, sandbox: sandbox), arrays: [:])
      defer { channel.close() }
      return try channel.greet(.defense, [:]).name
    }
    #expect(try reached(.bwrap) == "none")
    // Without one, the session may still be of a namespace that has no number for it: that of a
    // container in which the tests were started from outside.
    #expect(try reached(.none).hasPrefix("socket"))
  }

  @Test(
    .enabled(if: isAvailable, "there is no working bwrap"),
    arguments: ["/", "/tmp"])
  func aFolderWithAllOthersInItBringsNothingBack(folder: String) throws {
    let scripts = try TemporaryFolder()
    let outside = try TemporaryFolder()
    let text = """
      import os
      read()
      ready(name="seen" if os.path.exists("\(outside.path)") else "hidden")
      """
    // By its whole path, for it runs elsewhere.
    let words = try WorkerScript.python(text, in: scripts).map {
      $0.hasSuffix(".py") ? scripts.path + "/" + $0 : $0
    }
    let channel = try WorkerChannel(
      WorkerCommand(words, folder: folder, sandbox: .bwrap), arrays: [:])
    #expect(try channel.greet(.defense, [:]).name == "hidden")
    channel.close()
  }

  /// Whether something is so within ten seconds.
  private static func comesTrue(_ condition: () throws -> Bool) throws -> Bool {
    for _ in 0..<1000 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }

  /// Whether the command line of some process has a word.
  private static func isRunning(_ word: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { entry in
      guard Int(entry) != nil,
        let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline")
      else { return false }
      return String(decoding: line, as: UTF8.self).contains(word)
    }
  }
}

/// A server on this machine that nobody answers at.
private final class Listener {
  let port: Int
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
        unsafe bind(descriptor, general, size) == 0 && listen(descriptor, 5) == 0
          && getsockname(descriptor, general, &size) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    try #require(isBound)
  }

  deinit { close(descriptor) }
}
