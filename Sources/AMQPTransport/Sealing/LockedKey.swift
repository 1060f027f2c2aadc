import Crypto
import Glibc

/// A key in a page of memory of its own that is not swapped, not dumped, not copied by fork, and overwritten when released.
///
/// For each use a `SymmetricKey` is made of it, which lives for microseconds and is overwritten by swift-crypto.
@safe final class LockedKey: @unchecked Sendable {  // Written in the initialiser only.
    /// Whether the kernel agreed not to swap the page; `RLIMIT_MEMLOCK` may be too small.
    let isLocked: Bool
    private let page: UnsafeMutableRawBufferPointer

    /// - Parameter fill: writes a whole epoch file to the memory; nil is returned when it says that it could not.
    init?(_ fill: (UnsafeMutableRawBufferPointer) -> Bool) {
        let size = Int(getpagesize())
        guard
            let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            unsafe memory != MAP_FAILED
        else { return nil }
        unsafe self.page = UnsafeMutableRawBufferPointer(start: memory, count: size)
        self.isLocked = unsafe mlock(memory, size) == 0
        unsafe madvise(memory, size, MADV_DONTDUMP)
        unsafe madvise(memory, size, MADV_WIPEONFORK)
        guard unsafe fill(UnsafeMutableRawBufferPointer(rebasing: self.page[..<EpochFile.count])) else { return nil }
    }

    deinit {
        unsafe self.page.initializeMemory(as: UInt8.self, repeating: 0)
        // Also unlocks. The store before it is not left out: the kernel may read the memory.
        unsafe munmap(self.page.baseAddress, self.page.count)
    }

    /// The whole file, header and check included.
    func withFile<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(rebasing: self.page[..<EpochFile.count]))
    }

    var key: SymmetricKey {
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: self.page[EpochFile.headerCount..<EpochFile.checkedCount])
        return unsafe SymmetricKey(data: bytes)
    }
}
