import Foundation
import SSBTEK

/// The chosen target (`SHS_FUZZ_TARGET`) and the contract (`SHS_FUZZ_CONTRACT`, a folder), set once.
private let setting: (target: FuzzTarget, contract: Contract) = {
    let environment = ProcessInfo.processInfo.environment
    guard let target = environment["SHS_FUZZ_TARGET"].flatMap(FuzzTarget.init(rawValue:)) else {
        fatalError("SHS_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard let contract = environment["SHS_FUZZ_CONTRACT"].flatMap({ try? Contract(directory: $0) }) else {
        fatalError("SHS_FUZZ_CONTRACT is no folder with the contract's schemas")
    }
    return (target, contract)
}()

private typealias Input = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// libFuzzer's driver (`compiler-rt/lib/fuzzer/FuzzerDriver.cpp`), for which the toolchain has no header.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>, _ run: Input
) -> CInt

/// One input; libFuzzer's own `main`, which is linked but not entered, refers to this name.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe setting.target.run(Array(UnsafeBufferPointer(start: start, count: count)), setting.contract)
    return 0
}

/// The program's entry, under the name that SwiftPM gives an executable target's `main`.
@_cdecl("shs_fuzz_main")
func main(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var count = count
    var arguments = unsafe arguments
    return unsafe runDriver(&count, &arguments) { start, count in unsafe fuzzOneInput(start, count) }
}
