import Foundation
import Glibc

/// Where a keyring lies: in memory that forgets with the machine's power, or on something that remembers.
package enum KeyringStorage: Equatable, Sendable {
    case memory
    case disk
    /// Neither it nor any folder above it can be asked.
    case unknown

    package init(of path: String) {
        var path = path
        var found = stat()
        // The folder may not have been made yet: then what it will be made in.
        while unsafe stat(path, &found) != 0 {
            guard errno == ENOENT, let slash = path.lastIndex(of: "/"), path != "/" else {
                self = .unknown
                return
            }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        let mounts = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
        self = Self.kind(of: UInt64(found.st_dev), in: String(decoding: mounts, as: UTF8.self))
    }

    /// Finds a device in the text of `/proc/PID/mountinfo`, see proc(5): its third field, and the type of the file system,
    /// which is the first after a hyphen.
    package static func kind(of device: UInt64, in mounts: String) -> KeyringStorage {
        // How the kernel packs the two numbers, see makedev(3).
        let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
        let minor = device & 0xFF | (device >> 12) & ~0xFF
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 6, fields[2] == "\(major):\(minor)", let hyphen = fields.firstIndex(of: "-"),
                hyphen + 1 < fields.count
            else { continue }
            return ["tmpfs", "ramfs"].contains(fields[hyphen + 1]) ? .memory : .disk
        }
        return .disk
    }
}
