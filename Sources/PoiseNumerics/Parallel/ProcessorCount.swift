#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum ProcessorCount {
  /// Processors on line.
  static var active: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }
}
