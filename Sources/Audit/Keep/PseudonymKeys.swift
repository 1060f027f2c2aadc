import Crypto
import Foundation
import Gateway
package import SSBTEK

/// The keys of pseudonyms: `<folder>/<six digits>`, 32 random bytes each, readable by the owner only; the highest number is
/// in use, the others are kept so that older entries can be found.
///
/// Whoever has a key can find a person's entries, and can try every number: the folder is not below the record's.
package struct PseudonymKeys: Pseudonymising {
    private let current: (name: String, key: SymmetricKey)
    private let all: [(name: String, key: SymmetricKey)]

    /// Opens the folder; makes it with a first key when `makesFirst`.
    package init(folder: String, makesFirst: Bool) throws(PseudonymKeyError) {
        if makesFirst { try Self.makeFirst(in: folder) }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter(Self.isName).sorted()
        var all: [(name: String, key: SymmetricKey)] = []
        for name in names { all.append((name, try Self.key("\(folder)/\(name)"))) }
        guard let current = all.last else { throw PseudonymKeyError(path: folder, problem: "it holds no key") }
        self.current = current
        self.all = all
    }

    package func pseudonym(of person: PersonIdentity) -> String { Self.pseudonym(of: person, self.current) }

    /// Under every key: what the person is called in entries of any age.
    package func pseudonyms(of person: PersonIdentity) -> [String] { self.all.map { Self.pseudonym(of: person, $0) } }

    /// 128 bits of HMAC-SHA256 over the twelve digits: too many for two persons to share them.
    private static func pseudonym(of person: PersonIdentity, _ named: (name: String, key: SymmetricKey)) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array(person.digits.utf8), using: named.key)
        return "\(named.name):"
            + code.prefix(16).map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count < 2 ? "0" + digits : digits
            }.joined()
    }

    /// Writes a key beside its place and links it there, so that two processes that start together have the same one.
    private static func makeFirst(in folder: String) throws(PseudonymKeyError) {
        let files = FileManager.default
        do {
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            guard !(try files.contentsOfDirectory(atPath: folder).contains(where: Self.isName)) else { return }
        } catch {
            throw PseudonymKeyError(path: folder, problem: "the folder cannot be made or read")
        }
        let draft = "\(folder)/.new-\(UUID().uuidString)"
        let bytes = unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Data($0) }
        guard files.createFile(atPath: draft, contents: bytes, attributes: [.posixPermissions: 0o600]) else {
            throw PseudonymKeyError(path: folder, problem: "no key can be written there")
        }
        defer { try? files.removeItem(atPath: draft) }
        try? files.linkItem(atPath: draft, toPath: "\(folder)/000001")
    }

    private static func key(_ path: String) throws(PseudonymKeyError) -> SymmetricKey {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw PseudonymKeyError(path: path, problem: "it cannot be read")
        }
        let permissions = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        guard let permissions, permissions & 0o077 == 0 else {
            throw PseudonymKeyError(path: path, problem: "others than its owner have access to it")
        }
        guard bytes.count == 32 else { throw PseudonymKeyError(path: path, problem: "a key has 32 bytes") }
        return SymmetricKey(data: bytes)
    }

    private static func isName(_ name: String) -> Bool {
        name.utf8.count == 6 && name.utf8.allSatisfy { (48...57).contains($0) }
    }
}

/// A key of pseudonyms cannot be used.
package struct PseudonymKeyError: Error, CustomStringConvertible {
    package let path: String
    package let problem: String

    package var description: String { "\(self.path): \(self.problem)" }
}
