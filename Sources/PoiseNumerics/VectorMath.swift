import RealModule
public enum VectorMath {
  public static func tanh(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ n: Int) { for i in 0..<n { y[i] = .tanh(x[i]) } }
  public static func tanh(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ n: Int) { for i in 0..<n { y[i] = .tanh(x[i]) } }
  public static func exp(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ n: Int) { for i in 0..<n { y[i] = .exp(x[i]) } }
  public static func exp(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ n: Int) { for i in 0..<n { y[i] = .exp(x[i]) } }
  public static func log(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ n: Int) { for i in 0..<n { y[i] = .log(x[i]) } }
  public static func log(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ n: Int) { for i in 0..<n { y[i] = .log(x[i]) } }
  public static func erf(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ n: Int) { for i in 0..<n { y[i] = .erf(x[i]) } }
  public static func erf(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ n: Int) { for i in 0..<n { y[i] = .erf(x[i]) } }
  public static func sin(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ n: Int) { for i in 0..<n { y[i] = .sin(x[i]) } }
  public static func sin(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ n: Int) { for i in 0..<n { y[i] = .sin(x[i]) } }
  public static func cos(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ n: Int) { for i in 0..<n { y[i] = .cos(x[i]) } }
  public static func cos(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ n: Int) { for i in 0..<n { y[i] = .cos(x[i]) } }
}
