import Foundation
import Glibc

/// What a gzip member holds, as far as it can be unpacked.
enum Gzip {
    static func unpacked(_ member: [UInt8]) -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.path
        let input = "\(folder)/residue-\(UUID().uuidString).gz"
        guard FileManager.default.createFile(atPath: input, contents: Data(member)) else { return [] }
        defer { try? FileManager.default.removeItem(atPath: input) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        // What follows a member is no gzip and gives a warning; what was unpacked until then is kept.
        process.arguments = ["-dcq", input]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return [] }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitForEnd()
        return Array(bytes)
    }
}

extension Process {
    /// Foundation's own waits in a run loop, which threads of Swift's pool have none of.
    func waitForEnd() {
        while self.isRunning { usleep(1_000) }
    }
}
