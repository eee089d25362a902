import Foundation
import PoiseLab

/// Where the error grows or falls with width and with depth, in the plane of σ² and r̂_0.
enum PosteriorPhaseFigure {
  static func script(_ result: PosteriorResult) -> FigureScript? {
    guard let map = result.phaseMap, map.widthBoundary.count > 1,
      (map.widthBoundary + map.depthBoundary).allSatisfy({ $0.count == 2 })
    else { return nil }
    let all = map.widthBoundary + map.depthBoundary + [[map.variance, map.labelStrength]]
    let (xs, ys) = (all.map { $0[0] }, all.map { $0[1] })
    let (left, right) = (min(xs.min()!, map.variance) * 0.95, max(xs.max()!, map.variance))
    let top = max(ys.max()!, map.labelStrength) * 1.05
    let stack = PanelStack(
      panels: [panel(map, left: left, right: right, top: top)],
      xLabel: GnuplotText.title("weight variance σ²"), xRange: left...right)
    var tall = stack
    tall.panelHeight = 340
    let blocks = [map.widthBoundary, map.depthBoundary, [[map.variance, map.labelStrength]]]
    return FigureScript(
      name: "phases", width: tall.width, height: tall.height, commands: tall.commands(),
      data: "# σ², r̂_0: width boundary; depth boundary; this point\n"
        + blocks.map { GnuplotText.rows($0.map { $0.map { $0 } }) }.joined(separator: "\n\n\n")
        + "\n",
      caption: "Deep linear networks of equal widths at T = 0 with \(map.depth) hidden "
        + "layer\(map.depth == 1 ? "" : "s") and load α = \(NumberText.short(map.load)): on one side "
        + "of each line the test error grows, on the other it falls. Point: these data and this "
        + "variance.",
      alternativeText: "Two boundaries in the plane of weight variance and label strength; this "
        + "point is at \(NumberText.short(map.variance)), \(NumberText.short(map.labelStrength)).")
  }

  private static func panel(
    _ map: PosteriorResult.PhaseMap, left: Double, right: Double, top: Double
  ) -> Panel {
    var before: [String] = [Panel.key(width: -4), "set yrange [0:\(top)]"]
    // Words on both sides of a line, away from the point: `upper` where r̂_0 is larger. Beside a
    // steep line, above and below a flat one.
    func label(_ line: [[Double]], _ color: String, _ number: Int, upper: String, lower: String) {
      let span = right - left
      let inside = line.filter {
        $0[1] > 0.1 * top && $0[1] < 0.9 * top && $0[0] > left + 0.2 * span
          && $0[0] < right - 0.2 * span
      }
      func distance(_ place: [Double]) -> Double {
        abs(place[0] - map.variance) / span + abs(place[1] - map.labelStrength) / top
      }
      guard let at = inside.max(by: { distance($0) < distance($1) }), let first = line.first,
        let last = line.last
      else { return }
      let rise = (last[1] - first[1]) / top
      let isFlat = abs(rise) < abs(last[0] - first[0]) / span
      let (one, other) = isFlat || rise > 0 ? (upper, lower) : (lower, upper)
      let size = "font small textcolor rgb '\(color)'"
      let place = "at first \(at[0]),\(at[1])"
      before.append(
        "set label \(number * 2) '\(one)' \(place) "
          + (isFlat ? "center offset 0,0.8" : "right offset -1,0.3") + " " + size)
      before.append(
        "set label \(number * 2 + 1) '\(other)' \(place) "
          + (isFlat ? "center offset 0,-0.8" : "left offset 1,-0.3") + " " + size)
    }
    label(
      map.widthBoundary, Palette.blue, 1, upper: "wider is better", lower: "narrower is better")
    label(
      map.depthBoundary, Palette.vermillion, 2, upper: "shallower is better",
      lower: "deeper is better")
    var plots = [
      "data index 0 using 1:2 with lines ls 1 title 'width is indifferent'"
    ]
    if map.depthBoundary.count > 1 {
      plots.append("data index 1 using 1:2 with lines ls 3 title 'depth is indifferent'")
    }
    plots.append(
      "data index 2 using 1:2 with points pt 7 ps 1.2 lc rgb '#222222' title 'these data'")
    return Panel(
      yLabel: GnuplotText.title("label strength r̂_0"), values: [0, top / 1.07], before: before,
      plots: plots)
  }
}
