import Datasets
import Determinism
import Tensors
import Testing

@Suite struct GaussianClassesSourceTests {
  @Test func momentsFollowTheDefinition() throws {
    let source = GaussianClassesSource(features: 6, classCount: 10, shift: 2, testCount: 20_000)
    let test = try source.load(trainingCount: 1, seed: SeedPath(root: 7)).test
    var counts = [Int](repeating: 0, count: 10)
    var shifted = 0.0
    var plain = 0.0
    var squares = 0.0
    for row in 0..<test.count {
      let label = test.labels[row]
      counts[label] += 1
      for (column, value) in test.inputs.row(row).enumerated() {
        if column == label % 6 {
          shifted += Double(value)
        } else {
          plain += Double(value)
          squares += Double(value) * Double(value)
        }
      }
    }
    let rest = 5 * Double(test.count)
    // Five standard errors each.
    #expect(abs(shifted / Double(test.count) - 2) < 5 / Double(test.count).squareRoot())
    #expect(abs(plain / rest) < 5 / rest.squareRoot())
    #expect(abs(squares / rest - 1) < 5 * (2 / rest).squareRoot())
    #expect(counts.allSatisfy { abs(Double($0) - 2_000) < 5 * (20_000 * 0.09).squareRoot() })
  }

  @Test func firstExamplesDoNotDependOnTheCount() throws {
    let source = GaussianClassesSource(features: 5, classCount: 3, testCount: 4)
    let few = try source.load(trainingCount: 7, seed: SeedPath(root: 1))
    let many = try source.load(trainingCount: 50, seed: SeedPath(root: 1))
    #expect(many.training.selecting(Array(0..<7)) == few.training)
    #expect(many.test == few.test)
  }

  @Test func everySeedIsFreshAndTrainingDiffersFromTest() throws {
    let source = GaussianClassesSource(features: 4, classCount: 3, testCount: 9, trainingCount: 9)
    let one = try source.load(trainingCount: 0, seed: SeedPath(root: 1))
    let two = try source.load(trainingCount: 0, seed: SeedPath(root: 2))
    #expect(one.training.count == 9)
    #expect(one.training != two.training)
    #expect(one.test != two.test)
    #expect(one.training.inputs != one.test.inputs)
  }

  @Test func identityIsTheParameters() throws {
    #expect(try GaussianClassesSource().canonicalArrays() == nil)
    #expect(GaussianClassesSource().trainingCount == nil)
  }
}
