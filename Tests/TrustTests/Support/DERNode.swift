/// A DER value as a tree that a test can take apart and put together again.
indirect enum DERNode {
    case primitive(tag: UInt8, content: [UInt8])
    case constructed(tag: UInt8, children: [DERNode])

    init(_ bytes: [UInt8]) { self = Self.list(bytes[...]).first ?? .primitive(tag: 5, content: []) }

    private static func list(_ bytes: ArraySlice<UInt8>) -> [DERNode] {
        var nodes: [DERNode] = []
        var rest = bytes
        while let tag = rest.popFirst(), let first = rest.popFirst() {
            var length = Int(first)
            if first & 0x80 != 0 {
                length = rest.prefix(Int(first & 0x7F)).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(Int(first & 0x7F))
            }
            let content = rest.prefix(length)
            rest = rest.dropFirst(length)
            nodes.append(
                tag & 0x20 != 0
                    ? .constructed(tag: tag, children: Self.list(content))
                    : .primitive(tag: tag, content: Array(content)))
        }
        return nodes
    }

    var encoded: [UInt8] {
        switch self {
        case .primitive(let tag, let content): [tag] + Self.length(content.count) + content
        case .constructed(let tag, let children): Self.wrapped(tag, children.flatMap(\.encoded))
        }
    }

    private static func wrapped(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + Self.length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }

    var tag: UInt8 {
        switch self {
        case .primitive(let tag, _), .constructed(let tag, _): tag
        }
    }

    /// The children; setting them on a primitive value changes nothing.
    var children: [DERNode] {
        get {
            guard case .constructed(_, let children) = self else { return [] }
            return children
        }
        set {
            guard case .constructed(let tag, _) = self else { return }
            self = .constructed(tag: tag, children: newValue)
        }
    }

    subscript(index: Int) -> DERNode {
        get { self.children[index] }
        set { self.children[index] = newValue }
    }
}

/// A CMS SignedData taken apart (RFC 5652 §5.1).
struct DERSignedData {
    private var root: DERNode

    init(_ bytes: [UInt8]) { self.root = DERNode(bytes) }

    var encoded: [UInt8] { self.root.encoded }

    /// `SEQUENCE { version, digestAlgorithms, encapContentInfo, [0] certificates, [1] crls, signerInfos }`.
    var signedData: DERNode {
        get { self.root[1][0] }
        set { self.root[1][0] = newValue }
    }

    var contentInfo: DERNode {
        get { self.signedData[2] }
        set { self.signedData[2] = newValue }
    }

    var certificates: [DERNode] {
        get { self.signedData[3].children }
        set { self.signedData[3].children = newValue }
    }

    var signerInfos: DERNode {
        get { self.signedData[self.signedData.children.count - 1] }
        set { self.signedData[self.signedData.children.count - 1] = newValue }
    }

    /// `SEQUENCE { version, sid, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, signature }`.
    var signer: DERNode {
        get { self.signerInfos[0] }
        set { self.signerInfos[0] = newValue }
    }

    mutating func insert(revocationList: [UInt8]) {
        self.signedData.children.insert(.constructed(tag: 0xA1, children: [DERNode(revocationList)]), at: 4)
    }
}
