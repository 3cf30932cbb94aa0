import Datasets
import Determinism
import Tensors
import Testing
import Training

@testable import Simulation

/// The facts of an attack that a certificate rests on.
@Suite struct SmoothedOutcomeTests {
  private func schedule(_ length: LocalSchedule.Length, batch: Int) -> LocalSchedule {
    LocalSchedule(length: length, batchSize: batch, learningRate: 1)
  }

  /// The changed share, summed over the steps of one pass in a random order.
  private func sampled(
    _ changed: Int, of count: Int, batch: Int, random: inout RandomStream
  ) -> Double {
    let order = random.permutation(count)
    return stride(from: 0, to: count, by: batch).reduce(0) { sum, start in
      let members = order[start..<min(start + batch, count)]
      return sum + Double(members.count { $0 < changed }) / Double(members.count)
    }
  }

  @Test func `no order of the examples has a larger changed share`() {
    var random = SeedPath(root: 4).stream()
    for (changed, count, batch) in [(3, 10, 4), (5, 10, 5), (1, 7, 3), (7, 7, 3), (0, 5, 2)] {
      let worst = PoisonedSteps(
        changed: changed, of: count, schedule: schedule(.epochs(1), batch: batch))
      var largest = 0.0
      for _ in 0..<2000 {
        largest = max(largest, sampled(changed, of: count, batch: batch, random: &random))
      }
      #expect(abs(worst.poisoned - largest) < 1e-12)
      #expect(worst.count == (count + batch - 1) / batch)
    }
  }

  @Test func `passes add up, steps count at their worst, small shards are one batch`() {
    let one = PoisonedSteps(changed: 3, of: 10, schedule: schedule(.epochs(1), batch: 4))
    let three = PoisonedSteps(changed: 3, of: 10, schedule: schedule(.epochs(3), batch: 4))
    #expect(three.poisoned == 3 * one.poisoned && three.count == 9)
    let steps = PoisonedSteps(changed: 3, of: 10, schedule: schedule(.steps(5), batch: 4))
    // The last batch of a pass has two examples, both changed at worst.
    #expect(steps.poisoned == 5 && steps.count == 5)
    let whole = PoisonedSteps(changed: 3, of: 10, schedule: schedule(.epochs(2), batch: 64))
    #expect(whole.poisoned == 0.6 && whole.count == 2)
  }

  @Test func `changes of features and labels are measured together`() {
    func shard(_ rows: [[Float]], _ labels: [Int]) -> Shard {
      Shard(inputs: Matrix(rows: rows), labels: labels, classCount: 3, shape: .vector(2))
    }
    let before = shard([[3, 4], [0, 1], [1, 0]], [0, 1, 2])
    var changes = ShardChanges()
    #expect(changes.add(before, before) == 0)
    #expect(changes.magnitude == 0 && changes.inputNorm == 5)
    #expect(changes.add(before, shard([[3, 4], [0, 1], [1, 0]], [0, 2, 2])) == 1)
    #expect(changes.magnitude == 2.0.squareRoot())
    #expect(changes.add(before, shard([[3, 4], [0, 3], [1, 7]], [0, 0, 2])) == 2)
    #expect(changes.magnitude == 7 && changes.inputNorm == 50.0.squareRoot())
    #expect(changes.add(before, shard([[3, 4]], [0])) == nil)
  }
}
