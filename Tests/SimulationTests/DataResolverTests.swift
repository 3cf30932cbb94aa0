import Diagnostics
import Foundation
import Results
import Testing
import _TestSupport

@testable import Simulation

@Suite struct DataResolverTests {
  private static let text = ScenarioText.replacing(
    (
      "{use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}",
      "{use: idx, folder: tiny, classes: 3}"
    ))

  /// Writes a data set of 2 × 2 images; `pixel` is the first pixel of the first one.
  private func write(to folder: String, pixel: UInt8 = 0) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (part, count) in [("train", 12), ("t10k", 6)] as [(String, UInt8)] {
      var images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 2]
      images += (0..<4 * count).map { $0 &* 7 }
      images[16] = pixel
      let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, count] + (0..<count).map { $0 % 3 }
      for (name, bytes) in [("images-idx3", images), ("labels-idx1", labels)] {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(part)-\(name)-ubyte"))
      }
    }
  }

  private func plan(_ path: String, _ overrides: [String] = [], data: String? = nil) throws -> Plan
  {
    let file = try ScenarioFile(
      text: Self.text, path: path, catalog: .test,
      overrides: overrides.map { ("task.dataset.folder", $0) })
    return try Plan(
      file, catalog: .test,
      options: Plan.Options(environment: data.map { ["GAUNTLET_DATA": $0] } ?? [:]))
  }

  @Test func `a folder is found beside the scenario, in GAUNTLET_DATA or by its full path`() throws
  {
    let folder = try TemporaryFolder()
    try write(to: folder.path + "/tiny")
    let beside = try plan(folder.path + "/s.yaml")
    let variable = try plan("elsewhere/s.yaml", data: folder.path)
    let full = try plan("elsewhere/s.yaml", [folder.path + "/tiny"])
    #expect(beside.data.map(\.rows) == [18])
    #expect(beside.trials.map(\.key) == variable.trials.map(\.key))
    #expect(beside.trials.map(\.key) == full.trials.map(\.key))
    #expect(beside.data.first?.sha256 == full.data.first?.sha256)
    #expect(throws: DocumentError.self) { try self.plan("elsewhere/s.yaml") }
    #expect(throws: DocumentError.self) { try self.plan("elsewhere/s.yaml", data: "") }
  }

  @Test func `other bytes are other trials`() throws {
    let a = try TemporaryFolder()
    let b = try TemporaryFolder()
    try write(to: a.path + "/tiny")
    try write(to: b.path + "/tiny", pixel: 1)
    let (first, second) = (try plan(a.path + "/s.yaml"), try plan(b.path + "/s.yaml"))
    #expect(Set(first.trials.map(\.key)).isDisjoint(with: second.trials.map(\.key)))
  }

  @Test func `a damaged file is named with its place in the scenario`() throws {
    let folder = try TemporaryFolder()
    try write(to: folder.path + "/tiny")
    try folder.write("short", to: "tiny/train-labels-idx1-ubyte")
    let path = folder.path + "/s.yaml"
    let error = #expect(throws: DocumentError.self) { try self.plan(path) }
    #expect(
      error?.description.hasPrefix("\(path):6:12: task.dataset: \(folder.path)/tiny/train-labels")
        == true)
  }
}
