import RealModule

// One spelling of the elementary functions, independent of which C library is underneath.
@inline(__always) func _sin(_ x: Double) -> Double { Double.sin(x) }
@inline(__always) func _log(_ x: Double) -> Double { Double.log(x) }
@inline(__always) func _asin(_ x: Double) -> Double { Double.asin(x) }
