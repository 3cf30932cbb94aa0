/// The number of the engine: raised whenever any number that it produces may change.
///
/// It is part of every trial's key and of every baseline, so results of different engines never
/// pass for the same.
public enum Engine {
  public static let number = 3
}
