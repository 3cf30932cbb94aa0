/// Prints how fast the kernels run on this machine.
@main
enum KernelBench {
  static func main() {
    GemmBench().run(repetitions: 101)
    TrainingStepBench().run(repetitions: 51)
    DistanceBench().run(rowCount: 50, columnCount: 100_000, repetitions: 5)
    OrderStatisticsBench().run(rowCount: 50, columnCount: 100_000, repetitions: 5)
  }
}
