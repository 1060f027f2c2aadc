import Foundation
import Gateway
import Trust

/// Where a configured folder of certificates has what, and what that looks like now.
///
/// The folder holds numbered sets and the link `current`, or is a set itself.
struct TrustFiles {
    let directory: String
    /// Where fetched revocation lists are kept.
    let revocationFolder: String

    private var link: String { "\(self.directory)/current" }

    /// What `certificates reload` touches.
    var request: String { "\(self.directory)/reload" }

    /// Whether the folder is a set itself.
    var isSet: Bool { self.mark(of: "\(self.directory)/manifest") != nil }

    /// Number of the set that is to be in force, when it has one.
    var number: Int? { (try? CertificateSetLocation(in: self.directory))?.number }

    func observe(hangUps: Int) -> TrustObservation {
        var observation = TrustObservation()
        observation.link = try? FileManager.default.destinationOfSymbolicLink(atPath: self.link)
        observation.manifest = self.mark(of: "\(self.directory)/manifest") ?? self.mark(of: "\(self.link)/manifest")
        observation.request = self.mark(of: self.request)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: self.revocationFolder)) ?? [] {
            // Half-written files have another ending until they are renamed.
            guard !name.hasPrefix("."), !name.hasSuffix(".tmp") else { continue }
            observation.revocation[name] = self.mark(of: "\(self.revocationFolder)/\(name)")
        }
        observation.hangUps = hangUps
        return observation
    }

    private func mark(of path: String) -> FileMark? { FileMark(path: path) }
}

extension FileMark {
    /// Nil when there is no such file; follows links.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            size: Int64(status.st_size), inode: UInt64(status.st_ino))
    }
}
