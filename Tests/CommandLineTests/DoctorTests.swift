import Foundation
import Testing
import _TestSupport

/// `doctor`: what it finds on the machine that the tests run on, and on broken ones.
@Suite struct DoctorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func checks(
    _ environment: [String: String] = [:]
  ) throws -> (status: Int32, states: [String: String], errors: String) {
    let outcome = try Program.run(
      ["doctor", "--format", "json"], in: folder.path, environment: environment)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "gauntlet/doctor/1")
    let checks = try #require(object["checks"] as? [[String: Any]])
    let states = checks.compactMap { check in
      (check["name"] as? String).flatMap { name in (check["state"] as? String).map { (name, $0) } }
    }
    return (outcome.status, Dictionary(states) { _, last in last }, outcome.errors)
  }

  @Test func theBitsAreThoseThatWereRecorded() throws {
    let (status, states, errors) = try checks()
    #expect(status == 0 && errors.isEmpty)
    #expect(states["bits"] == "ok")
    #expect(!states.values.contains("failed"))
    for name in ["program", "processor", "memory", "folder", "data", "python", "slurm"] {
      #expect(states[name] != nil, "\(name)")
    }
    #expect(try folder.names().isEmpty)
  }

  @Test func whatIsWrongIsNamed() throws {
    let (status, states, errors) = try checks([
      "GAUNTLET_MEMORY": "much", "GAUNTLET_DATA": folder.path + "/nowhere",
    ])
    #expect(status == 1)
    #expect(states["memory"] == "failed" && states["GAUNTLET_DATA"] == "failed")
    #expect(errors == "gauntlet: failed: memory, GAUNTLET_DATA\n")
  }

  @Test func nothingOptionalIsAFailure() throws {
    // No programs at all are found.
    let (status, states, _) = try checks(["PATH": "/nowhere"])
    #expect(status == 0)
    for name in ["python", "sandbox", "slurm"] { #expect(states[name] == "absent", "\(name)") }
  }

  /// Programs that are there and fail are not absent.
  @Test func whatIsThereAndDoesNotWorkIsToldFromWhatIsAbsent() throws {
    let bin = folder.path + "/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: false)
    for (name, text) in [
      (
        "sbatch",
        "echo 'sbatch: error: fetch_config' >&2; echo 'sbatch: fatal: no configuration source' >&2; exit 1"
      ),
      ("bwrap", "kill -KILL $$"), ("python3", "echo \"No module named 'numpy'\" >&2; exit 1"),
    ] {
      try folder.write("#!/bin/sh\n\(text)\n", to: "bin/\(name)")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: bin + "/" + name)
    }
    let (status, states, errors) = try checks(["PATH": bin])
    #expect(status == 0 && errors.isEmpty)
    for name in ["python", "sandbox", "slurm"] { #expect(states[name] == "unusable", "\(name)") }
    let text = try Program.run(["doctor"], in: folder.path, environment: ["PATH": bin]).output
    #expect(text.contains("installed, not configured: sbatch: fatal: no configuration source"))
    #expect(text.contains("without NumPy that it can load: No module named 'numpy'"))
    #expect(text.contains("bwrap is there, and does not start\n"))
  }

  /// Bubblewrap that is there, in a container that lets nobody make a sandbox.
  @Test func aSandboxIsTriedNotOnlyAskedForItsVersion() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/bin", withIntermediateDirectories: false)
    try folder.write(
      """
      #!/bin/sh
      [ "$1" = --version ] && { echo "bubblewrap 0.8.0"; exit; }
      echo "bwrap: No permissions to create new namespace" >&2; exit 1

      """, to: "bin/bwrap")
    let path = folder.path + "/bin/bwrap"
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let (status, states, _) = try checks(["PATH": folder.path + "/bin"])
    #expect(status == 0 && states["sandbox"] == "unusable")
    try folder.write("#!/bin/sh\necho bubblewrap 0.8.0\n", to: "bin/bwrap")
    #expect(try checks(["PATH": folder.path + "/bin"]).1["sandbox"] == "ok")
  }

  @Test func theTextHasALineForEach() throws {
    let outcome = try Program.run(["doctor"], in: folder.path)
    #expect(outcome.status == 0)
    for name in ["program", "bits", "data"] {
      #expect(outcome.outputLines.contains { $0.hasPrefix(name + " ") }, "\(name)")
    }
  }
}
