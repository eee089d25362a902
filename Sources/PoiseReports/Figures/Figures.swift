public import PoiseLab

/// The figures of a record.
public enum Figures {
  /// Every figure that the record has numbers for, the most telling first.
  public static func all(of record: Record) -> [FigureScript] { record.answer.figures(of: record) }
}
