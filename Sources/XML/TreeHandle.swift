internal import CLibXML2
import Synchronization

/// Owns one libxml2 document: frees it, and lets one thread at a time use it.
///
/// `@unchecked Sendable`: the pointers are used inside `copy`'s lock only. Schema validation writes into the tree (it
/// registers identifiers), so even readers must take turns.
@safe final class TreeHandle: @unchecked Sendable {
    private let pointer: xmlDocPtr
    private let documentElement: xmlNodePtr
    /// The whole tree as values, once somebody has asked for it: most of what is read is only validated and passed on.
    private let copy = Mutex<XMLElement?>(nil)

    /// Nil, and the document freed, when it has no document element.
    init?(takingOwnership pointer: xmlDocPtr) {
        guard let element = unsafe xmlDocGetRootElement(pointer) else {
            unsafe xmlFreeDoc(pointer)
            return nil
        }
        unsafe self.pointer = pointer
        unsafe self.documentElement = element
    }

    deinit {
        unsafe xmlFreeDoc(self.pointer)
    }

    func withDocument<Result>(_ body: (xmlDocPtr) -> Result) -> Result {
        self.copy.withLock { _ in unsafe body(self.pointer) }
    }

    var root: XMLElement {
        self.copy.withLock { copy in
            if let copy { return copy }
            let root = unsafe XMLTreeCopy.element(self.documentElement, levels: .max)
            copy = root
            return root
        }
    }

    func outline(levels: Int) -> XMLElement {
        self.copy.withLock { _ in unsafe XMLTreeCopy.element(self.documentElement, levels: levels) }
    }
}

/// The library's global state, made once before the first use from any thread.
enum LibXML2 {
    static let isInitialised: Bool = {
        CLibXML2_initialise()
        return true
    }()
}
