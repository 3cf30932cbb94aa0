/// Prints how fast the kernels run on this machine, on one core and in processor time.
@main
enum KernelBench {
  static func main() {
    GemmBench().run(repetitions: 101)
    ConvolutionBench().run(repetitions: 31)
    TrainingStepBench().run(repetitions: 51)
    DistanceBench().run(rowCount: 50, columnCount: 100_000, repetitions: 5)
    MixingBench().run(rowCount: 50, columnCount: 100_000, repetitions: 5)
    OrderStatisticsBench().run(rowCount: 50, columnCount: 100_000, repetitions: 5)
    // The size of Tests/Reference/against_torch.py.
    DistanceBench().run(rowCount: 50, columnCount: 1_000_000, repetitions: 3)
    MixingBench().run(rowCount: 50, columnCount: 1_000_000, repetitions: 3)
  }
}
