/// File formats of figures.
public enum FigureFormat: String, CaseIterable, Sendable {
  case svg, png, pdf
}

/// One picture before it is drawn: gnuplot commands, the numbers they read, words about it.
public struct FigureScript: Sendable, Equatable {
  /// Short name: the files are `figure-<name>.gp`, `.dat`, `.svg`.
  public let name: String
  /// Width in pixels at which text has its nominal size.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// gnuplot commands after the preamble; the data file is the variable `data`.
  public let commands: String
  /// Contents of the data file.
  public let data: String
  /// What the picture shows, for below it.
  public let caption: String
  /// What a reader who cannot see it should know.
  public let alternativeText: String

  /// - Parameter name: whatever is no ASCII letter or digit becomes `-`.
  public init(
    name: String, width: Int, height: Int, commands: String, data: String, caption: String,
    alternativeText: String
  ) {
    self.name = String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    self.width = width
    self.height = height
    self.commands = commands
    self.data = data
    self.caption = caption
    self.alternativeText = alternativeText
  }

  /// `figure-<name>`, without extension.
  public var stem: String { "figure-\(name)" }

  /// The whole script: runs by itself from the folder that holds its data file.
  public func script(format: FigureFormat, output: String? = nil) -> String {
    """
    # Drawn by Poise. To redraw after a change: gnuplot \(stem).gp, in this folder.
    reset
    set encoding utf8
    set terminal \(Self.terminal(format, width, height))
    set output '\(output ?? "\(stem).\(format.rawValue)")'
    data = '\(stem).dat'
    small = '\(format == .svg ? ",14" : ",10.5")'
    \(Self.preamble)
    \(commands)
    unset output

    """
  }

  private static func terminal(_ format: FigureFormat, _ width: Int, _ height: Int) -> String {
    let font = "enhanced font 'TeX Gyre Heros"
    switch format {
    case .svg:
      return "svg size \(width),\(height) fixed \(font),16' background '#ffffff'"
    case .png:
      return "pngcairo size \(2 * width),\(2 * height) \(font),12' fontscale 2 linewidth 2 "
        + "pointscale 2 background '#ffffff'"
    case .pdf:
      // 96 pixels to the inch: a 16 pixel letter is 12 points.
      let inches = "\(Double(width) / 96)in,\(Double(height) / 96)in"
      return "pdfcairo size \(inches) \(font),12' background '#ffffff'"
    }
  }

  /// Axes left and below, faint grid behind, lines in the colours of Okabe and Ito, viridis.
  static let preamble = """
    set border 3 lw 1.4 lc rgb '#333333'
    set tics out nomirror scale 0.6
    set grid back lt 1 lw 0.7 lc rgb '#e4e4e4'
    set style line 1 lt 1 lw 2.4 lc rgb '\(Palette.blue)'
    set style line 2 lt 1 lw 2.4 lc rgb '\(Palette.green)'
    set style line 3 lt 1 lw 2.4 lc rgb '\(Palette.vermillion)'
    set style line 4 lt 1 lw 2.4 lc rgb '\(Palette.purple)'
    set style line 5 lt 1 lw 2.4 lc rgb '\(Palette.orange)'
    set style line 6 lt 1 lw 2.4 lc rgb '\(Palette.sky)'
    set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', \
    5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
    set key noautotitle samplen 2.2
    set errorbars small
    """
}

/// The colours of Okabe and Ito; one quantity has one colour in every figure.
enum Palette {
  static let blue = "#0072B2"
  static let green = "#009E73"
  static let vermillion = "#D55E00"
  static let purple = "#CC79A7"
  static let orange = "#E69F00"
  static let sky = "#56B4E9"
  static let black = "#000000"

  /// length blue, overlap green, gradient vermillion, gap purple.
  static func color(of quantity: String) -> String {
    switch quantity {
    case "length": blue
    case "overlap": green
    case "gradient": vermillion
    case "gap": purple
    default: orange
    }
  }
}
