internal import COpenSSL

/// What a token says about itself (CK_TOKEN_INFO, PKCS#11 2.40 §3.2); equal when it is the same token.
struct TokenIdentity: Hashable {
    let label: [UInt8]
    let manufacturer: [UInt8]
    let model: [UInt8]
    let serial: [UInt8]
    private let flags: UInt

    init(_ information: COpenSSL_ck_token) {
        self.label = unpadded(information.label)
        self.manufacturer = unpadded(information.manufacturer)
        self.model = unpadded(information.model)
        self.serial = unpadded(information.serial)
        self.flags = information.flags
    }

    var needsLogin: Bool { self.flags & 0x4 != 0 }
    var hasOneTryLeft: Bool { self.flags & 0x20000 != 0 }
    var hasLockedPIN: Bool { self.flags & 0x40000 != 0 }

    func matches(_ uri: TokenURI) -> Bool {
        let pairs = [
            (uri.token, self.label), (uri.manufacturer, self.manufacturer), (uri.model, self.model),
            (uri.serial, self.serial),
        ]
        return pairs.allSatisfy { wanted, value in wanted.map { $0 == value } ?? true }
    }

    static func == (one: Self, other: Self) -> Bool {
        one.label == other.label && one.manufacturer == other.manufacturer && one.model == other.model
            && one.serial == other.serial
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(self.label)
        hasher.combine(self.serial)
    }
}

/// Fields have a fixed length and are filled with spaces.
private func unpadded<Field>(_ field: Field) -> [UInt8] {
    var bytes = unsafe withUnsafeBytes(of: field) { unsafe [UInt8]($0) }
    while bytes.last == UInt8(ascii: " ") || bytes.last == 0 { bytes.removeLast() }
    return bytes
}
