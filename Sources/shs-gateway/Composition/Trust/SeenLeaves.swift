import Foundation
import Gateway
import Synchronization
import Trust

/// The certificates that peers have shown lately, each holder's own, for asking after their revocation.
///
/// A file of the folder never changes its content, since it is named by what it holds: only new ones are read, and nothing
/// at all when the folder is as it was.
final class SeenLeaves: Sendable {
    private struct State {
        var folder: FileMark?
        var leaves: [String: [UInt8]] = [:]
    }

    /// Nanoseconds: names may change within one tick of the clock that marks the folder.
    private static let settling: Int64 = 2_000_000_000

    private let path: String
    private let state = Mutex(State())

    init(stateDirectory: String) { self.path = SeenCertificates.folder(in: stateDirectory) }

    /// DER, without order; reads files, and how many it read is for tests.
    func all(now: Date = Date()) -> (certificates: [[UInt8]], filesRead: Int) {
        let mark = FileMark(path: self.path)
        return self.state.withLock { state in
            if let mark, mark == state.folder { return (Array(state.leaves.values), 0) }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []
            var leaves: [String: [UInt8]] = [:]
            var filesRead = 0
            for name in names where name.hasSuffix(".pem") {
                if let known = state.leaves[name] {
                    leaves[name] = known
                } else {
                    filesRead += 1
                    let bytes = FileManager.default.contents(atPath: "\(self.path)/\(name)")
                    leaves[name] = bytes.flatMap { SeenFile.read([UInt8]($0)) }?.chain.first
                }
            }
            let isSettled = mark.map { Int64(now.timeIntervalSince1970 * 1e9) - $0.modified > Self.settling } ?? false
            state = State(folder: isSettled ? mark : nil, leaves: leaves)
            return (Array(leaves.values), filesRead)
        }
    }
}
