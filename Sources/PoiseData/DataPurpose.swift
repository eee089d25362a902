import PoiseNumerics

/// Purposes of the random streams of this module; kinds from 0xD0 on are its own.
enum DataPurpose {
  /// The order of the rows of a data set.
  static let order = RandomStream.Purpose(kind: 0xD0, index: 0)
  /// The entries of one synthetic input; the item is the row.
  static let entries = RandomStream.Purpose(kind: 0xD1, index: 0)
  /// Which entries of a sparse input differ from 0; the item is the row.
  static let support = RandomStream.Purpose(kind: 0xD1, index: 1)
  /// The centre of one cluster; the item is the cluster.
  static let centres = RandomStream.Purpose(kind: 0xD1, index: 2)
}
