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
        observation.revocation[RevocationAnswers.folderName] = self.answers
        observation.hangUps = hangUps
        return observation
    }

    /// The folder of OCSP answers as a whole: there may be thousands, and each new one is another entry of the folder.
    ///
    /// Two answers may come within one tick of the clock that marks the folder, so that it counts as changed once more
    /// when it has been still for two seconds.
    private var answers: FileMark? {
        self.mark(of: "\(self.revocationFolder)/\(RevocationAnswers.folderName)").map { mark in
            let isStill = Int64(Date().timeIntervalSince1970 * 1e9) - mark.modified > 2_000_000_000
            return FileMark(modified: mark.modified, size: isStill ? 1 : 0, inode: mark.inode)
        }
    }

    private func mark(of path: String) -> FileMark? { FileMark(path: path) }
}
