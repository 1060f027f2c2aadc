internal import FoundationEssentials

/// Revocation lists that a service of the gateway has fetched, as it keeps them on disk.
struct FetchedLists {
    let lists: [RevocationList]
    let warnings: [TrustWarning]

    static let none = FetchedLists([])

    init(_ lists: [RevocationList]) {
        self.lists = lists
        self.warnings = []
    }

    /// Reads the `.pem` and `.crl` files of a folder, PEM or DER; one that cannot be read is a warning.
    init(folder: String) {
        var lists: [RevocationList] = []
        var warnings: [TrustWarning] = []
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.hasSuffix(".pem") || name.hasSuffix(".crl") {
            do throws(TrustError) {
                lists += try Self.read(name, in: folder)
            } catch {
                warnings += error.problems.map {
                    .revocationListNotUsed(file: "\(folder)/\(name)", reason: $0.reason)
                }
            }
        }
        self.lists = lists
        self.warnings = warnings
    }

    private static func read(_ name: String, in folder: String) throws(TrustError) -> [RevocationList] {
        let bytes = try TrustDirectory.read(name, in: folder, isKey: false)
        do throws(LibCryptoError) {
            // DER begins with the tag of a SEQUENCE.
            if bytes.first == 0x30 { return [try RevocationList(der: bytes)] }
            let lists = try RevocationList.list(pem: bytes)
            if !lists.isEmpty { return lists }
        } catch {
            throw TrustError(name, .unreadable(error.text))
        }
        throw TrustError(name, .noRevocationList)
    }
}
