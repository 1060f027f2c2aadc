internal import CLibXML2
import Synchronization

/// Owns one libxml2 document: frees it, and lets one thread at a time use it.
///
/// `@unchecked Sendable`: the pointer is used inside `lock` only. Schema validation writes into the tree (it registers
/// identifiers), so even readers must take turns.
@safe final class TreeHandle: @unchecked Sendable {
    private let pointer: xmlDocPtr
    private let lock = Mutex(())

    init(takingOwnership pointer: xmlDocPtr) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe xmlFreeDoc(self.pointer)
    }

    func withDocument<Result>(_ body: (xmlDocPtr) -> Result) -> Result {
        self.lock.withLock { _ in unsafe body(self.pointer) }
    }
}

/// The library's global state, made once before the first use from any thread.
enum LibXML2 {
    static let isInitialised: Bool = {
        CLibXML2_initialise()
        return true
    }()
}
