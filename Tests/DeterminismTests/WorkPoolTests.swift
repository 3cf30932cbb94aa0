import Determinism
import Synchronization
import Testing

private struct Failure: Error, Equatable {
  let index: Int
}

@Suite struct WorkPoolTests {
  @Test(arguments: [1, 2, 5], [0, 1, 2, 7, 1000])
  func `map keeps index order`(width: Int, count: Int) {
    let squares = WorkPool(width: width).map(count) { $0 * $0 }
    #expect(squares == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: [1, 2, 5])
  func `the lowest throwing index wins`(width: Int) {
    for _ in 0..<50 {
      #expect(throws: Failure(index: 37)) {
        try WorkPool(width: width).map(200) { index throws(Failure) in
          if index >= 37 { throw Failure(index: index) }
          return index
        }
      }
    }
  }

  @Test(arguments: [1, 2, 5], [-1, 0, 1, 3, 500])
  func `run visits each index once`(width: Int, count: Int) {
    let visits = Mutex([Int](repeating: 0, count: max(count, 0)))
    WorkPool(width: width).run(count) { _, index in visits.withLock { $0[index] += 1 } }
    #expect(visits.withLock { $0 }.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [1, 2, 5])
  func `a worker runs one body at a time`(width: Int) {
    let busy = Mutex(Set<Int>())
    let clashes = Atomic(0)
    WorkPool(width: width).run(2000) { worker, _ in
      let isFree = busy.withLock { $0.insert(worker).inserted }
      if !isFree || !(0..<width).contains(worker) { clashes.add(1, ordering: .relaxed) }
      busy.withLock { _ = $0.remove(worker) }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }

  @Test func `a pool without threads is refused`() async {
    await #expect(processExitsWith: .failure) { _ = WorkPool(width: 0) }
  }
}
