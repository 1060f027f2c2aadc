internal import FoundationEssentials
internal import Gateway

/// What services of the gateway have fetched, as it is kept on disk: revocation lists, and where OCSP answers are.
struct FetchedLists {
    /// One file, as it was read.
    private struct File {
        let mark: FileMark
        let lists: [RevocationList]
        let warnings: [TrustWarning]
    }

    let lists: [RevocationList]
    let warnings: [TrustWarning]
    /// Nil when the lists come from no folder.
    let folder: String?
    private let files: [String: File]

    static let none = FetchedLists([])

    init(_ lists: [RevocationList]) {
        self.lists = lists
        self.warnings = []
        self.folder = nil
        self.files = [:]
    }

    /// Reads the `.pem` and `.crl` files of a folder, PEM or DER; one that cannot be read is a warning.
    ///
    /// - Parameter previous: What was read before: a list takes a second to read when it is large, so that a file that is
    ///   still the same one is not read again.
    init(folder: String, previous: FetchedLists = .none) {
        let known = previous.folder == folder ? previous.files : [:]
        var files: [String: File] = [:]
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            $0.hasSuffix(".pem") || $0.hasSuffix(".crl")
        }
        for name in names {
            let mark = FileMark(path: "\(folder)/\(name)")
            if let mark, let file = known[name], file.mark == mark {
                files[name] = file
                continue
            }
            let none = FileMark(modified: 0, size: 0, inode: 0)
            do throws(TrustError) {
                files[name] = File(mark: mark ?? none, lists: try Self.read(name, in: folder), warnings: [])
            } catch {
                let warnings = error.problems.map {
                    TrustWarning.revocationListNotUsed(file: "\(folder)/\(name)", reason: $0.reason)
                }
                files[name] = File(mark: mark ?? none, lists: [], warnings: warnings)
            }
        }
        let sorted = files.sorted { $0.key < $1.key }.map(\.value)
        self.lists = sorted.flatMap(\.lists)
        self.warnings = sorted.flatMap(\.warnings)
        self.folder = folder
        self.files = files
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
