import Erasure
import NIOCore
import NIOEmbedded
import Testing

/// What TLS has decrypted goes on as it is, and is not kept by the connection.
struct PlaintextErasureTests {
    @Test func `what goes on is what came, and the memory that it came in is overwritten`() throws {
        let channel = EmbeddedChannel(handler: PlaintextErasure())
        // As NIO's TLS handler does: a view of the buffer goes on, and the buffer is kept, emptied by its indices alone.
        let content = "question about 196502309987"
        var kept = channel.allocator.buffer(capacity: 1_024)
        kept.writeString("earlier")
        kept.moveReaderIndex(forwardBy: 7)
        kept.writeString(content)
        #expect(kept.getString(at: 7, length: content.utf8.count) == content)
        try channel.writeInbound(kept)

        #expect(try channel.readInbound(as: ByteBuffer.self).map { String(buffer: $0) } == content)
        #expect(kept.readableBytesView.allSatisfy { $0 == 0 })
        #expect(kept.readableBytes == content.utf8.count)
        _ = try channel.finish()
    }
}
