import Determinism
import Diagnostics
import Federation
import Foundation
import Simulation
import Testing

/// Damaged scenarios are errors or scenarios, never a trap.
@Suite struct ScenarioFuzzTests {
  static let scenarios = ["smoke", "smoke-full"]

  private static func bytes(_ name: String) -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return [UInt8](
      (try? Data(contentsOf: root.appendingPathComponent("Scenarios/\(name).yaml"))) ?? Data())
  }

  private func read(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(DocumentError) {
      let file = try ScenarioFile(text: text, path: "fuzz.yaml", catalog: .test)
      #expect(!file.variants.isEmpty)
      return true
    } catch {
      #expect(!error.problems.isEmpty && error.description.hasPrefix("fuzz.yaml"))
      // The components of the shipped scenarios are not those of these tests.
      return error.problems.allSatisfy { problem in
        ["attack", "defense", "modifier", "stage", "finisher", "parameter"].contains {
          problem.message.contains("unknown \($0) '")
        }
      }
    }
  }

  @Test(arguments: scenarios) func `a file cut off at any byte`(_ name: String) {
    let whole = Self.bytes(name)
    #expect(whole.count > 1_000 && read(whole))
    for count in 0..<whole.count { _ = read(Array(whole.prefix(count))) }
  }

  @Test(arguments: scenarios) func `a file with a character changed anywhere`(_ name: String) {
    let whole = Self.bytes(name)
    let alphabet = [UInt8]("{}[]:,-#&*!|>'\"%@`?~ \n\t0aé\u{0}".utf8)
    var random = SeedPath(root: 31).stream()
    var readable = 0
    for position in whole.indices {
      var bytes = whole
      bytes[position] = alphabet[random.index(below: alphabet.count)]
      readable += read(bytes) ? 1 : 0
    }
    // Changes in remarks and in free values leave a scenario.
    #expect(readable > 0 && readable < whole.count)
  }

  @Test(arguments: scenarios) func `a file with lines lost, doubled or swapped`(_ name: String) {
    let lines = String(decoding: Self.bytes(name), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for line in lines.indices {
      var lost = lines
      lost.remove(at: line)
      var doubled = lines
      doubled.insert(lines[line], at: line)
      var swapped = lines
      swapped.swapAt(line, (line + 1) % lines.count)
      for text in [lost, doubled, swapped] { _ = read([UInt8](text.joined(separator: "\n").utf8)) }
    }
  }

  @Test(arguments: scenarios) func `words and lists in place of anything`(_ name: String) {
    let lines = String(decoding: Self.bytes(name), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for line in lines.indices {
      // Every value, in block or flow style.
      for match in lines[line].matches(of: /: ?([^,:{}\[\]]+)/) {
        for other in ["often", "[1, x]", "{kind: often}", "{use: often, kind: rounds}", "''"] {
          var changed = lines
          changed[line].replaceSubrange(
            match.output.1.startIndex..<match.output.1.endIndex, with: other)
          _ = read([UInt8](changed.joined(separator: "\n").utf8))
        }
      }
    }
  }

  @Test(arguments: scenarios) func `numbers at the edges of their types`(_ name: String) {
    let text = String(decoding: Self.bytes(name), as: UTF8.self)
    let numbers = [
      "0", "-1", "1e308", "1e309", "-9223372036854775808", "9223372036854775807",
      "18446744073709551616", "4.9e-324", "0x10", "1e400", "-0", "0.999999999999999999",
    ]
    let keys = [
      "rounds", "seeds.from", "seeds.count", "clients.count", "clients.participation",
      "clients.dropout", "clients.deadline",
      "task.local.batch", "task.local.epochs", "task.local.lr", "task.local.momentum",
      "task.local.weight-decay", "server.lr", "server.sample-cap", "threat.malicious",
      "threat.malicious.count", "threat.window.start", "threat.window.stop",
      "threat.backdoor.size", "threat.backdoor.target", "threat.backdoor.source",
      "threat.backdoor.value", "defense-knows.malicious.count", "defense-knows.malicious.bound",
      "clients.partition.alpha", "task.local.schedule.end", "evaluation.every", "fixed-seeds.data",
      "fixed-seeds.init", "task.dataset.normalize.mean", "task.dataset.normalize.std",
      "threat.schedule.k", "threat.auxiliary.class", "threat.auxiliary.train",
      "threat.auxiliary.kind", "threat.auxiliary.neighbors", "threat.auxiliary.folder",
      "defense-knows.root-samples", "clients.partition.per-client", "task.local.schedule.every",
    ]
    for key in keys {
      for number in numbers {
        do throws(DocumentError) {
          let file = try ScenarioFile(
            text: text, path: "fuzz.yaml", catalog: .test,
            overrides: key.hasPrefix("seeds")
              ? [("seeds", "{count: 1}"), (key, number)]
              : [(key, number)])
          #expect(file.variants.allSatisfy { $0.scenario.clients.participantCount >= 1 })
          #expect((file.variants.first?.scenario.declaredByzantine ?? 0) >= 0)
        } catch {
          #expect(error.description.hasPrefix("fuzz.yaml"))
        }
      }
    }
  }
}
