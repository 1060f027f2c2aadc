import CErasure
import Glibc
import Testing

/// Released memory holds nothing any more, of whatever size: glibc's own M_PERTURB leaves blocks of up to 1032 bytes as they are.
@Suite(.serialized) struct ReleasedMemoryTests {
    private static let sizes = [24, 64, 200, 1_000, 2_000, 20_000]

    @Test(arguments: Self.sizes) func `a released block is overwritten`(size: Int) throws {
        CErasure_overwriteReleased(true)
        defer { CErasure_overwriteReleased(false) }
        let block = try unsafe #require(malloc(size))
        // Keeps the block from being merged with the free rest of the heap and unmapped.
        let guardian = unsafe malloc(64)
        defer { unsafe free(guardian) }
        unsafe memset(block, 0x58, size)
        unsafe free(block)
        // Reading it is what is to be shown harmless; the allocator writes its own links into the first 32 bytes at most.
        let left = unsafe UnsafeRawBufferPointer(start: block, count: size).count { $0 == 0x58 }
        #expect(left <= 2)
    }

    @Test(arguments: Self.sizes) func `the old place of a block that grows is overwritten, and its content is kept`(
        size: Int
    ) throws {
        CErasure_overwriteReleased(true)
        defer { CErasure_overwriteReleased(false) }
        let block = try unsafe #require(malloc(size))
        let guardian = unsafe malloc(64)
        defer { unsafe free(guardian) }
        unsafe memset(block, 0x58, size)
        let larger = try unsafe #require(realloc(block, size * 4))
        #expect(unsafe UnsafeRawBufferPointer(start: larger, count: size).allSatisfy { $0 == 0x58 })
        #expect(unsafe UnsafeRawBufferPointer(start: block, count: size).count { $0 == 0x58 } <= 2)
        let smaller = try unsafe #require(realloc(larger, 8))
        #expect(unsafe UnsafeRawBufferPointer(start: smaller, count: 8).allSatisfy { $0 == 0x58 })
        unsafe free(smaller)
    }

    @Test func `what Swift releases is overwritten as well`() {
        CErasure_overwriteReleased(true)
        defer { CErasure_overwriteReleased(false) }
        var bytes: [UInt8]? = [UInt8](repeating: 0x58, count: 600)
        let place = unsafe bytes?.withUnsafeBytes { $0.baseAddress }
        bytes = nil
        #expect(unsafe UnsafeRawBufferPointer(start: place, count: 600).count { $0 == 0x58 } <= 2)
    }
}
