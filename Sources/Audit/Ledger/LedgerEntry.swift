import Gateway

/// One line of a role's ledger: which segments there are, what was sealed, and what was removed on purpose.
enum LedgerEntry: Equatable, Sendable {
    /// A process began a file.
    case opened(file: String)
    case sealed(RecordSeal)
    /// A sealed file was removed since its time was over.
    case removed(file: String, entries: Int, head: String)

    var file: String {
        switch self {
        case .opened(let file), .removed(let file, _, _): file
        case .sealed(let seal): seal.file
        }
    }

    /// Whether it takes something away from those who look: then nobody but this node may say it.
    var isSigned: Bool {
        switch self {
        case .opened: false
        case .sealed, .removed: true
        }
    }

    var members: JSONObject {
        var object = JSONObject()
        switch self {
        case .opened(let file):
            object.string("event", "opened")
            object.string("file", file)
        case .sealed(let seal):
            object.string("event", "sealed")
            object.string("file", seal.file)
            object.number("entries", Int64(seal.entries))
            object.string("head", seal.head)
            object.number("bytes", Int64(seal.bytes))
            if seal.bySuccessor { object.flag("bySuccessor", true) }
            if seal.torn > 0 { object.number("torn", Int64(seal.torn)) }
            if seal.missing > 0 { object.number("missing", Int64(seal.missing)) }
        case .removed(let file, let entries, let head):
            object.string("event", "removed")
            object.string("file", file)
            object.number("entries", Int64(entries))
            object.string("head", head)
        }
        return object
    }
}
