internal import Gateway

extension InventoryEntry {
    /// What can be read of a set, whatever else is wrong with it: for lists of a set that no role would take.
    ///
    /// Every file at a place where a role would look for it, whether the manifest names it or not; a file that cannot be
    /// read is passed over, since ``TrustSnapshot/load(directory:role:policy:revocationFolder:at:parties:)`` names it.
    ///
    /// - Parameter directory: A folder of sets with a link `current`, or one set.
    package static func readable(in directory: String) -> [InventoryEntry] {
        // A set that lacks even its manifest can only be named itself.
        let path = (try? CertificateSetLocation(in: directory))?.path ?? directory
        return TrustDirectory.files(below: path, depth: 0).flatMap { file -> [InventoryEntry] in
            guard let place = Place(file), let bytes = try? TrustDirectory.read(file, in: path, isKey: false) else {
                return []
            }
            switch place {
            case .own(let kind):
                return Self.certificates(bytes).enumerated().map { index, certificate in
                    InventoryEntry(index == 0 ? kind : .ownAuthority, certificate, file: file)
                }
            case .authorities(let kind):
                return Self.certificates(bytes).map {
                    InventoryEntry($0.isSelfSigned ? kind : .intermediate, $0, file: file)
                }
            case .lists:
                return ((try? RevocationList.list(pem: bytes)) ?? []).map { InventoryEntry($0, file: file) }
            }
        }
    }

    private static func certificates(_ pem: [UInt8]) -> [Certificate] { (try? Certificate.list(pem: pem)) ?? [] }

    /// What a file holds, by where it lies.
    private enum Place {
        case own(Kind)
        case authorities(Kind)
        case lists

        init?(_ file: String) {
            let parts = file.split(separator: "/")
            guard parts.count > 1 else { return nil }
            let (isCertificate, isPEM) = (file.hasSuffix(".crt"), file.hasSuffix(".pem"))
            switch (parts[0], parts[1]) {
            case ("node", "tls-server") where isCertificate: self = .own(.server)
            case ("node", "reply-signing") where isCertificate: self = .own(.replySigner)
            case ("node", "record-signing") where isCertificate: self = .own(.recordSigner)
            case ("node", "provider-client") where isCertificate: self = .own(.providerClient)
            case ("node", "broker-client") where isCertificate: self = .own(.brokerClient)
            case ("anchors", _) where isPEM: self = .authorities(.anchor)
            case ("intermediates", _) where isPEM: self = .authorities(.intermediate)
            case ("crls", _) where isPEM: self = .lists
            default: return nil
            }
        }
    }
}
